"""Pages of a long list without OFFSET: each begins behind the last row of the page before (keyset paging).

A page costs the same however far back it lies, and a row that changes meanwhile makes no other row appear twice.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Field, Q, QuerySet
from django.utils import timezone

HIGHEST = 2**63


@dataclass(frozen=True)
class Order:
    """One way to sort: by a field that an index covers, then by key. Rows without a value come last."""

    key: str
    label: str
    path: str
    field: Field
    """Reads a value of the address back; says whether rows without a value exist."""
    descending: bool = False

    @property
    def on_row(self) -> bool:
        """Whether the field is the row's own, not a joined table's."""
        return "__" not in self.path

    def value(self, row: Any) -> Any:
        """The row's value on the way ``path``."""
        return reduce(getattr, self.path.split("__"), row)


@dataclass(frozen=True)
class Mark:
    """A position in the list: right behind (or before) this value and key."""

    value: Any
    pk: int

    @classmethod
    def of(cls, row: Any, order: Order) -> Mark:
        return cls(order.value(row), row.pk)

    def text(self) -> str:
        """For the address."""
        value = self.value if self.value is None or isinstance(self.value, str) else _written(self.value)
        return json.dumps([value, self.pk], ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def read(cls, text: str, order: Order) -> Mark | None:
        """The position of an address; ``None`` for nonsense, which then shows the first page."""
        try:
            stated, pk = json.loads(text)
            value = None if stated is None else order.field.to_python(str(stated).replace("\0", ""))
            if type(pk) is not int or not 0 <= pk < HIGHEST or (value is None and not order.field.null):
                return None
            order.field.run_validators(value)
        except (ValueError, TypeError, ValidationError, RecursionError):
            return None
        if isinstance(value, datetime.datetime) and timezone.is_naive(value):
            value = timezone.make_aware(value)
        return cls(value, pk)


def _written(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


@dataclass(frozen=True)
class Page:
    """Positions of the rows with those that lead on and back, empty where there is nothing."""

    marks: list[Mark]
    previous: str = ""
    next: str = ""

    @property
    def keys(self) -> list[int]:
        return [mark.pk for mark in self.marks]


def page(queryset: QuerySet, order: Order, size: int, *, after: str = "", before: str = "") -> Page:
    """The rows behind ``after``, or those before ``before``, or the first.

    Only keys are read, with no more joins than the filter needs: so the order's own index can be followed.
    """
    if before and (mark := Mark.read(before, order)):
        marks = _take(queryset, order, mark, size + 1, backward=True)
        if marks:
            more, marks = len(marks) > size, marks[:size][::-1]
            return Page(marks, marks[0].text() if more else "", marks[-1].text())
    mark = Mark.read(after, order) if after else None
    marks = _take(queryset, order, mark, size + 1)
    more, marks = len(marks) > size, marks[:size]
    return Page(marks, marks[0].text() if mark and marks else "", marks[-1].text() if more else "")


def following(queryset: QuerySet, order: Order, row: Any) -> int | None:
    """Key of the row that comes after this one in the list, whether or not this one is (still) in it; else the first
    other."""
    others = queryset.exclude(pk=row.pk)
    found = _take(others, order, Mark.of(row, order), 1) or _take(others, order, None, 1)
    return found[0].pk if found else None


def _take(
    queryset: QuerySet, order: Order, mark: Mark | None, size: int, *, backward: bool = False
) -> list[Mark]:
    """Positions from one on. Rows without a value are a list of their own behind the others."""
    down = order.descending != backward
    sign = "-" if down else ""
    ordered = queryset.order_by(f"{sign}{order.path}", f"{sign}pk")
    marks: list[Mark] = []
    for empty in _parts(order, backward):
        if mark is not None and order.field.null:
            of_mark = mark.value is None
            if of_mark is not empty and of_mark is not backward:
                continue  # the position lies behind this part
        part = ordered
        if order.field.null:
            part = part.filter(**{f"{order.path}__isnull": empty})
        if mark is not None and (not order.field.null or (mark.value is None) is empty):
            part = part.filter(_beyond(order, mark, down))
        marks += [Mark(value, pk) for value, pk in part.values_list(order.path, "pk")[: size - len(marks)]]
        if len(marks) >= size:
            break
    return marks


def _parts(order: Order, backward: bool) -> Iterable[bool]:
    if not order.field.null:
        return (False,)
    return (True, False) if backward else (False, True)


def _beyond(order: Order, mark: Mark, down: bool) -> Q:
    further = "lt" if down else "gt"
    behind = Q(**{f"pk__{further}": mark.pk})
    if mark.value is None:
        return behind
    # The first condition is implied by the second; it is what an index can follow.
    return Q(**{f"{order.path}__{further}e": mark.value}) & (
        Q(**{f"{order.path}__{further}": mark.value}) | behind
    )


def capped_count(queryset: QuerySet, cap: int) -> tuple[int, bool]:
    """How many rows, counted up to ``cap``; whether there are more."""
    count = queryset.order_by()[: cap + 1].count()
    return min(count, cap), count > cap
