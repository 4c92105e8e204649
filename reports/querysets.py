"""Reading on the reports floor; every query starts from ``visible_to`` (see :mod:`departments.querysets`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from departments.querysets import DepartmentScoped
from reports.choices import OWED

if TYPE_CHECKING:
    from departments.models import User


class RoundQuerySet(models.QuerySet):
    """Rounds, for those who read the region: the bureau and the auditor."""

    def visible_to(self, user: User) -> Self:
        """Rounds of the regions that the person reads as a whole."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        return self.filter(region__in=user.access.read_regions)


if TYPE_CHECKING:
    from departments.models import User


class ReportQuerySet(DepartmentScoped):
    """Reports. A list needs department, parent and round of each row: :meth:`with_context` joins them once."""

    path = "profile__department"

    def with_context(self) -> Self:
        return self.select_related(
            "profile__department__region",
            "profile__department__parent",
            "profile__nil_reason",
            "round__region",
            "assigned_to",
        )

    def owed(self) -> Self:
        """Reports that the unit has still to deliver."""
        return self.filter(status__in=OWED)


class ReportScoped(DepartmentScoped):
    """Rows that hang on a report."""

    path = "report__profile__department"


class SubmissionScoped(DepartmentScoped):
    """Rows that hang on a submission."""

    path = "submission__report__profile__department"


class OwnQuerySet(models.QuerySet):
    """Rows that belong to one person and are nobody else's business."""

    path = "user"

    def visible_to(self, user: User) -> Self:
        if not (user.is_authenticated and user.is_active):
            return self.none()
        return self.filter(**{self.path: user})


class RunQuerySet(OwnQuerySet):
    """Bulk runs, by who started them."""

    path = "by"


class RunScoped(OwnQuerySet):
    """Rows of a bulk run."""

    path = "run__by"
