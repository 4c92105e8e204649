"""Amounts in rules: the slack that rounding allows, and figures as evidence."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from budgets.dossier import Table
from budgets.money import HUNDRED, percent, wan
from budgets.tables import COLUMN_LABELS, TABLES, TOTAL, Column
from reports.findings import Evidence

PER_ADDEND = HUNDRED
"""0.01 万元: what rounding to two places of 万元 may move each addend of a published sum."""


def slack(addends: Iterable[Decimal | None]) -> Decimal:
    """Difference in 元 that rounding alone explains: 0.01 万元 for each addend that is not zero, at least
    one.
    """
    return PER_ADDEND * max(1, sum(1 for amount in addends if amount))


def money_path(table: str, key: str, column: Column | str) -> str:
    return f"money.{table}.{key}.{column}"


def row_label(table: str, key: str, data: Table | None = None) -> str:
    """Label of a row as people know it: fixed rows by the form, own rows by the unit's words."""
    fixed = TABLES[table].label_of(key)
    if fixed or data is None:
        return fixed or TABLES[table].label
    row = data.row(key)
    return row.label if row else key


def column_label(column: Column | str) -> str:
    return COLUMN_LABELS[Column(str(column))]


def money_fact(yuan: Decimal | None, where: str) -> Evidence:
    """An amount as evidence, in 万元."""
    return Evidence(value=wan(yuan), unit="万元", where=where)


def rate_fact(fraction: Decimal | None, where: str = "") -> Evidence:
    return Evidence(value=percent(fraction).rstrip("%"), unit="%", where=where)


__all__ = [
    "PER_ADDEND",
    "TOTAL",
    "column_label",
    "money_fact",
    "money_path",
    "rate_fact",
    "row_label",
    "slack",
]
