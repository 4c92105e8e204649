"""部门决算公开 tables read by their heads and checked by their identities (domain notes 6.1, 6.2). Pure: cells in, amounts out.

Tables are known by their names and heads, never by fixed cells or by the mark 公开0N表: columns move, heads are merged
over several rows, and the unit (元, 万元) is said above the table. A missing row is not zero.
"""

from __future__ import annotations

from collections.abc import Iterable

from budgets.final_accounts.grid import Table, facts, kind_of, parts
from budgets.final_accounts.identities import check
from budgets.final_accounts.model import (
    ONLY_CHECKED,
    Accounts,
    Amount,
    Difference,
    Kind,
    Place,
    RawSheet,
    Subject,
)
from budgets.final_accounts.tables import COUNT_NAMES, READERS

__all__ = [
    "COUNT_NAMES",
    "ONLY_CHECKED",
    "Accounts",
    "Amount",
    "Difference",
    "Kind",
    "Place",
    "RawSheet",
    "Subject",
    "read_accounts",
]


def read_accounts(sheets: Iterable[RawSheet]) -> Accounts:
    """All tables found in a workbook, with their identities checked."""
    found = Accounts()
    for sheet in sheets:
        for part in parts(sheet):
            kind = kind_of(part)
            if kind is None:
                continue
            if kind in found.tables:
                found.questions.append(
                    f"《{kind}》有两张（{found.tables[kind]}、{sheet.name}），按第一张读取，请核对"
                )
                continue
            found.tables[kind] = sheet.name
            facts(part, found)
            READERS[kind](Table(part, kind, found))
    check(found)
    return found
