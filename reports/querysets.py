"""Reading on the reports floor; every query starts from ``visible_to`` (see :mod:`departments.querysets`)."""

from __future__ import annotations

from typing import Self

from departments.querysets import DepartmentScoped
from reports.choices import Status


class ReportQuerySet(DepartmentScoped):
    """Reports. A list needs department, parent and round of each row: :meth:`with_context` joins them once."""

    path = "profile__department"

    def with_context(self) -> Self:
        return self.select_related(
            "profile__department__region", "profile__department__parent", "round", "assigned_to"
        )

    def owed(self) -> Self:
        """Reports that the unit has still to deliver."""
        return self.filter(status__in=[Status.DRAFT, Status.CERTIFIED, Status.RETURNED])


class ReportScoped(DepartmentScoped):
    """Rows that hang on a report."""

    path = "report__profile__department"


class SubmissionScoped(DepartmentScoped):
    """Rows that hang on a submission."""

    path = "submission__report__profile__department"
