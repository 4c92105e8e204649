"""One line of the queue: nothing but what is shown, read as plain values.

Half of a page's cost was making objects of six tables for fifty rows; a list shows a dozen columns of them.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from departments.models import User
from reports.models import Report
from reports.models.report import due_on, publish_by
from reports.prepared import Prepared, filled, marks
from reports.reach import ByReader

UNIT = "profile__department"
COLUMNS = (
    *("pk", "round", "status", "status_since", "times_submitted", "checked_by_rules"),
    *("extended_until", "accounts_approved_on"),
    *("shown_self_score", "shown_grade", "shown_score", "reviewed_score"),
    *("open_errors", "open_warnings", "all_warnings"),
    *("profile__year", "profile__nil_reason__id"),
    *(
        f"{UNIT}__name",
        f"{UNIT}__classified",
        f"{UNIT}__region",
        f"{UNIT}__parent__name",
        f"{UNIT}__office__name",
    ),
    *("round__deadline", "round__accounts_approved_on", "assigned_to__name"),
)
"""In the order of the fields of :class:`QueueRow`."""


@dataclass(slots=True)
class QueueRow:
    """A report as the list shows it; the names are those of :class:`~reports.models.Report` and its neighbours."""

    pk: int
    round: int
    status: str
    status_since: datetime.datetime
    times_submitted: int
    checked_by_rules: str
    extended_until: datetime.date | None
    accounts_approved_on: datetime.date | None
    shown_self_score: Decimal | None
    shown_grade: str
    shown_score: Decimal | None
    reviewed_score: Decimal | None
    open_errors: int
    open_warnings: int
    all_warnings: int
    year: int
    nil_reason: int | None
    unit: str
    classified: bool
    region: int
    main: str | None
    """The main department; ``None`` where the unit is one itself."""
    office: str | None
    deadline: datetime.date
    round_accounts_approved_on: datetime.date | None
    assigned_to: str | None
    """Name of who claimed it."""
    older_rules: bool = False
    """Whether it was last checked by rules that no longer hold."""

    @property
    def nil(self) -> bool:
        return self.nil_reason is not None

    @property
    def due(self) -> datetime.date:
        return due_on(self.extended_until, self.deadline)

    @property
    def publish_by(self) -> datetime.date | None:
        return publish_by(self.accounts_approved_on, self.round_accounts_approved_on)


TOGETHER = 64
"""Rows that are asked for in one query: those of a page."""


def _shown(user: User) -> Prepared:
    visible = Report.objects.visible_to(user)
    return Prepared(
        marks(TOGETHER), lambda *keys: visible.filter(pk__in=keys).order_by().values_list(*COLUMNS)
    )


SHOWN = ByReader(_shown)


def rows_of(user: User, keys: Iterable[int]) -> list[QueueRow]:
    """The rows of these keys, in their order: those of them that the person may read."""
    keys = list(keys)
    found: dict[int, QueueRow] = {}
    for start in range(0, len(keys), TOGETHER):
        some = keys[start : start + TOGETHER]
        for values in SHOWN(user)(*filled(some, TOGETHER)):
            found[values[0]] = QueueRow(*values)
    return [found[key] for key in keys if key in found]
