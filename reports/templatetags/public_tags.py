"""Amounts on the public pages, in 万元: only the columns that a table states, and a dash for what is not stated."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from django import template

from budgets import money
from budgets.tables import COLUMN_LABELS
from reports.publication.view import PublicRow, PublicTable

register = template.Library()
NOT_STATED = "—"


class Column(NamedTuple):
    name: str
    label: str


@register.filter
def public_wan(yuan: Decimal | None) -> str:
    """Amount in 元 shown in 万元."""
    return NOT_STATED if yuan is None else money.wan(yuan)


@register.filter
def columns(table: PublicTable) -> list[Column]:
    """The columns in which some row states an amount."""
    rows = [*table.rows, *((table.total,) if table.total else ())]
    return [
        Column(key.value, label)
        for key, label in COLUMN_LABELS.items()
        if any(getattr(row, key.value) is not None for row in rows)
    ]


@register.filter
def amount(row: PublicRow, column: Column) -> str:
    """A row's amount of a column."""
    return public_wan(getattr(row, column.name))
