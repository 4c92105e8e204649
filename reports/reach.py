"""What the person may read, asked by queries whose SQL is kept.

Nearly every page of a report begins with one query over eight tables, and Django took longer to write its SQL than the
database to answer it. The SQL is the same for whoever may read the same rows, so it is kept by the roles.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Generic, TypeVar

from departments.models import User
from reports.models import Report
from reports.prepared import MARK, PreparedObjects

READERS = 512
"""So many conditions a process keeps, one for each set of roles; the SQL of one is about 10 kB."""
HIGHEST = 2**63
"""No key is as large, and a database refuses to compare with such a number."""
Query = TypeVar("Query")


class ByReader(Generic[Query]):
    """A prepared query that begins with ``visible_to``: one for each set of roles.

    ``build`` may look at nothing of the person but the roles, as ``visible_to`` does. Today's roles are read each time; only
    the SQL for them is kept.
    """

    def __init__(self, build: Callable[[User], Query]) -> None:
        self._made = lru_cache(maxsize=READERS)(lambda reader: build(reader.user))

    def __call__(self, user: User) -> Query:
        return self._made(_Reader(user))


class _Reader:
    """A person as far as ``visible_to`` looks at them: whether the account is in use, and the roles."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.reads: tuple[bool, frozenset[tuple[str, int | None, int | None]]] = (
            user.is_active,
            user.access.roles,
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Reader) and other.reads == self.reads

    def __hash__(self) -> int:
        return hash(self.reads)


def _with_context(user: User) -> PreparedObjects:
    visible = Report.objects.visible_to(user).with_context()
    return PreparedObjects([MARK], lambda pk: visible.filter(pk=pk))


WITH_CONTEXT = ByReader(_with_context)


def visible_with_context(user: User, pk: int) -> Report | None:
    """``Report.objects.visible_to(user).with_context().get(pk=pk)``, or ``None`` where there is no such report."""
    return None if pk >= HIGHEST else WITH_CONTEXT(user).first(pk)
