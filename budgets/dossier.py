"""The money of one department-year as the dossier carries it, frozen. Every amount is in 元."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field, PlainSerializer

from budgets.money import plain, rate, total
from budgets.tables import TABLES, TOTAL, Column
from departments.dossier import Part

Yuan = Annotated[
    Decimal,
    Field(max_digits=18, decimal_places=2, allow_inf_nan=False),
    PlainSerializer(plain, return_type=str, when_used="json"),
]
"""Amount in 元. In JSON a plain decimal string without trailing zeros, so that equal amounts give equal bytes."""


class Amounts(Part):
    """One line's four amounts; ``None`` is *not stated*, 0 is zero."""

    prior_final: Yuan | None = None
    """上年决算数."""
    initial_budget: Yuan | None = None
    """年初预算数."""
    full_budget: Yuan | None = None
    """全年预算数 (adjusted)."""
    actual: Yuan | None = None
    """全年执行数 / 决算数."""

    def amount(self, column: Column | str) -> Decimal | None:
        """Amount of a column in 元."""
        return getattr(self, column)


class Line(Amounts):
    """One row of a table. ``key`` is a key of :mod:`budgets.tables` or, for the unit's own rows, ``row-N``."""

    key: str
    label: str


class Table(Part):
    """Rows of a table and the control total as its source states it (``None``: no total stated)."""

    rows: tuple[Line, ...] = ()
    stated_total: Amounts | None = None

    def row(self, key: str) -> Line | None:
        """The row of that key, if the source has it."""
        return next((row for row in self.rows if row.key == key), None)

    def amount(self, key: str, column: Column | str) -> Decimal | None:
        """Amount in 元 of a row, or of the total by ``"total"``; ``None`` when not stated."""
        if key == TOTAL:
            return self.total(column)
        row = self.row(key)
        return None if row is None else row.amount(column)

    def computed_total(self, column: Column | str) -> Decimal | None:
        """Sum of the stated rows in 元; ``None`` when no row states the column."""
        return total(row.amount(column) for row in self.rows)

    def total(self, column: Column | str) -> Decimal | None:
        """The stated total in 元, else the sum of the rows."""
        stated = None if self.stated_total is None else self.stated_total.amount(column)
        return self.computed_total(column) if stated is None else stated


class Project(Part):
    """One project's funds (项目资金)."""

    key: str
    name: str
    initial_budget: Yuan | None = None
    full_budget: Yuan | None = None
    allocated: Yuan | None = None
    """下达（到位）资金."""
    spent: Yuan | None = None
    """支出（执行）数."""
    prior_final: Yuan | None = None
    manager_office: str = ""
    """管理机构: the internal office that manages the money."""


class Adjustment(Part):
    """One budget adjustment (预算调整) with its cause."""

    amount: Yuan | None = None
    """Positive for 追加, negative for 调减."""
    cause: str = ""
    """Key of :class:`budgets.choices.AdjustmentCause`, empty when not stated."""
    document: str = ""
    """文号 or other basis."""
    explanation: str = ""


class Building(Part):
    """楼堂馆所 finished in the year."""

    name: str
    approved_area: Decimal | None = None
    """批复规模（㎡）."""
    actual_area: Decimal | None = None
    """实际规模（㎡）."""
    planned_investment: Yuan | None = None
    actual_investment: Yuan | None = None


class Money(Part):
    """All figures of the year. Fields named as in :data:`budgets.tables.TABLES` hold that table."""

    income_source: Table = Table()
    income_nature: Table = Table()
    expenditure: Table = Table()
    carryover: Table = Table()
    three_public: Table = Table()
    running_costs: Table = Table()
    project_detail: Table = Table()
    procurement: Table = Table()
    assets: Table = Table()
    projects: tuple[Project, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    buildings: tuple[Building, ...] = ()
    frugality: str = ""
    """厉行节约保障措施."""
    execution_explanation: str = ""
    """Why execution is above (or far below) the budget: 预算执行偏差说明. Explains an over-budget year to the engine."""
    project_office: str = ""
    """Office that manages project money for the whole unit, as the text names it."""

    def table(self, key: str) -> Table:
        """The table of that key. Raises :class:`KeyError` for an unknown one."""
        if key not in TABLES:
            raise KeyError(key)
        return getattr(self, key)

    @property
    def budget(self) -> Decimal | None:
        """全年预算数 in 元: the denominator of 预算执行率 (adjusted budget, never the initial one)."""
        return self.expenditure.total(Column.FULL_BUDGET)

    @property
    def spent(self) -> Decimal | None:
        """全年执行数 in 元 (本年支出合计)."""
        return self.expenditure.total(Column.ACTUAL)

    @property
    def execution_rate(self) -> Decimal | None:
        """预算执行率 as an unrounded fraction; ``None`` when not computable."""
        return rate(self.spent, self.budget)
