"""What 部门决算公开 tables hold, as this package reads them: kinds of tables, raw cells, amounts, differences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from budgets.money import wan

Place = tuple[int, int]
"""Row and column, counted from 1."""


class Kind(StrEnum):
    """The tables that are read (domain notes 6)."""

    SUMMARY = "收入支出决算总表"
    INCOME = "收入决算表"
    EXPENDITURE = "支出决算表"
    FISCAL = "财政拨款收入支出决算总表"
    GENERAL = "一般公共预算财政拨款支出决算表"
    BASIC = "一般公共预算财政拨款基本支出决算明细表"
    FUND = "政府性基金预算财政拨款收入支出决算表"
    CAPITAL = "国有资本经营预算财政拨款支出决算表"
    THREE_PUBLIC = "“三公”经费支出决算表"
    OPERATION = "机构运行信息表"


ONLY_CHECKED = frozenset({Kind.FISCAL, Kind.GENERAL, Kind.BASIC, Kind.FUND, Kind.CAPITAL, Kind.OPERATION})
"""Tables whose figures have no line of their own in the self-evaluation: read and checked, not kept."""


@dataclass(frozen=True)
class RawSheet:
    """One worksheet as cells; a merged cell stands at its top left."""

    name: str
    cells: Mapping[Place, str | Decimal]
    merges: tuple[tuple[int, int, int, int], ...] = ()
    """Top row, left column, bottom row, right column."""


@dataclass(frozen=True)
class Amount:
    """One amount in 元 with where and how it was read."""

    value: Decimal
    sheet: str
    place: Place
    words: str


@dataclass(frozen=True)
class Subject:
    """One row of a table by 功能分类 or 经济分类 subjects: its code, name and amounts by column."""

    code: str
    name: str
    amounts: Mapping[str, Amount]


@dataclass(frozen=True)
class Difference:
    """Two sides of an identity that are not equal. ``rounding`` when rounded rows explain it."""

    identity: str
    left: Decimal
    right: Decimal
    rounding: bool

    def __str__(self) -> str:
        kind = "，属于四舍五入的尾差" if self.rounding else "，不平衡，请核对决算表"
        return f"{self.identity}：{wan(self.left)}万元与{wan(self.right)}万元相差{wan(abs(self.left - self.right))}万元{kind}"


@dataclass
class Accounts:
    """What the tables say."""

    tables: dict[Kind, str] = field(default_factory=dict)
    """Sheet of each table that was found."""
    amounts: dict[str, Amount] = field(default_factory=dict)
    """By ``table.row`` of this module, e.g. ``income.fiscal``, ``summary.opening``, ``three_public.final.abroad``."""
    year: int | None = None
    department: str = ""
    differences: list[Difference] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    subjects: dict[str, list[Subject]] = field(default_factory=dict)
    """Rows by subject of each table that has them, in their order: ``income``, ``expenditure``, ``general`` …"""
    counts: dict[str, Amount] = field(default_factory=dict)
    """Numbers of the 三公 statistics: ``vehicles``, ``reception_batches`` …; plain numbers, not 元."""
    blank: set[str] = field(default_factory=set)
    """Rows and columns that are there with nothing in them; what is in neither is missing, which is not zero."""

    def get(self, key: str) -> Decimal | None:
        found = self.amounts.get(key)
        return found.value if found else None
