"""Reading on the reports floor; every query starts from ``visible_to`` (see :mod:`departments.querysets`)."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple, Self

from django.db import models
from django.db.models import DateField, F, Q, Value
from django.utils import timezone

from departments.querysets import DepartmentScoped
from reports.choices import OWED

if TYPE_CHECKING:
    from departments.models import User
    from reports.models import Report


LATE = Q(status__in=OWED) & (
    Q(extended_until=None, round__deadline__lt=F("today")) | Q(extended_until__lt=F("today"))
)
"""逾期未报: not delivered, and the unit's own last day is over. Needs :meth:`ReportQuerySet.as_of`."""


OF_HOME = (
    *("status", "status_since", "extended_until", "shown_self_score", "shown_grade", "shown_score"),
    *("profile__year", "profile__nil_reason__id", "profile__department__name", "round__deadline"),
    "assigned_to__name",
)
"""Columns of a short list of reports."""


class RoundQuerySet(models.QuerySet):
    """Rounds, for those who read the region: the bureau and the auditor."""

    def visible_to(self, user: User) -> Self:
        """Rounds of the regions that the person reads as a whole."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        return self.filter(region__in=user.access.read_regions)


class StateCount(NamedTuple):
    """The reports of one round in one state."""

    round: int
    status: str
    count: int
    extended: int
    past_extension: int
    unclaimed: int
    mine: int

    def late(self, deadline: datetime.date, today: datetime.date) -> int:
        """How many are past their last day, where the state still owes the report."""
        if self.status not in OWED:
            return 0
        return self.past_extension + (self.count - self.extended if deadline < today else 0)


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

    def for_home(self) -> Self:
        """The same for a short list, with nothing but what its rows show: half the cost of a row is columns."""
        return self.select_related("profile__department", "profile__nil_reason", "round", "assigned_to").only(
            *OF_HOME
        )

    def locked(self, pk: int) -> Report:
        """The row with its context, held until the transaction ends; other rows may point at it meanwhile.

        PostgreSQL joins what it had read before it waited for the lock: whoever claimed the report in that time is
        read again on demand.
        """
        report = self.select_for_update(of=("self",), no_key=True).with_context().get(pk=pk)
        if report.assigned_to_id and report.assigned_to is None:
            report._state.fields_cache.pop("assigned_to")
        return report

    def as_of(self, day: datetime.date | None = None) -> Self:
        """The reports with a day (today) as the annotation ``today``, for conditions such as :data:`LATE`."""
        return self.annotate(today=Value(day or timezone.localdate(), output_field=DateField()))

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
