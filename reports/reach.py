"""The one report that an address names: read with its context, as far as the person may know that it exists.

Nearly every page of a report begins with this query over eight tables, and Django took longer to write its SQL than the
database to answer it. The SQL is the same for whoever may read the same rows, so it is kept by that condition.
"""

from __future__ import annotations

from functools import lru_cache

from django.db.models import Q

from departments.models import User
from departments.querysets import readable_by
from reports.models import Report
from reports.prepared import MARK, PreparedObjects
from reports.querysets import ReportQuerySet

READERS = 512
"""So many conditions a process keeps, one for each set of roles; the SQL of one is about 10 kB."""
HIGHEST = 2**63
"""No key is as large, and a database refuses to compare with such a number."""


def visible_with_context(user: User, pk: int) -> Report | None:
    """``Report.objects.visible_to(user).with_context().get(pk=pk)``, or ``None`` where there is no such report.

    Which rows the person may read is worked out from today's roles each time; only the SQL for it is kept.
    """
    if pk >= HIGHEST:
        return None
    return _query(_Reader(user)).first(pk)


class _Reader:
    """A person as far as ``visible_to`` looks at them."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.readable: tuple[bool, Q] = (user.is_active, readable_by(user, ReportQuerySet.path))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Reader) and other.readable == self.readable

    def __hash__(self) -> int:
        return hash(self.readable)


@lru_cache(maxsize=READERS)
def _query(reader: _Reader) -> PreparedObjects:
    visible = Report.objects.visible_to(reader.user).with_context()
    return PreparedObjects([MARK], lambda pk: visible.filter(pk=pk))
