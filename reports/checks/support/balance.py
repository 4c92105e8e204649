"""The two sides of the year's account (收入支出决算总表)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from budgets.dossier import Money
from budgets.tables import Column
from reports.checks.support.amounts import slack


@dataclass(frozen=True)
class Sides:
    """Amounts in 元; what is not stated stays ``None`` and counts as nothing in the sums."""

    income: Decimal
    opening: Decimal | None
    used_surplus: Decimal | None
    spent: Decimal
    allocation: Decimal | None
    closing: Decimal | None

    @property
    def sources(self) -> Decimal:
        return self.income + (self.opening or 0) + (self.used_surplus or 0)

    @property
    def uses(self) -> Decimal:
        return self.spent + (self.allocation or 0) + (self.closing or 0)

    @property
    def gap(self) -> Decimal:
        """Positive: money without a use; negative: spending without a source."""
        return self.sources - self.uses

    @property
    def slack(self) -> Decimal:
        return slack(
            (self.income, self.opening, self.used_surplus, self.spent, self.allocation, self.closing)
        )


def balance_of(money: Money) -> Sides | None:
    """Both sides as far as stated; ``None`` without income or expenditure."""
    income = money.income_source.total(Column.ACTUAL)
    if income is None:
        income = money.income_nature.total(Column.ACTUAL)
    spent = money.spent
    if income is None or spent is None:
        return None
    carryover = {
        key: money.carryover.amount(key, Column.ACTUAL)
        for key in ("opening", "used_surplus", "surplus_allocation", "closing")
    }
    return Sides(
        income=income,
        opening=carryover["opening"],
        used_surplus=carryover["used_surplus"],
        spent=spent,
        allocation=carryover["surplus_allocation"],
        closing=carryover["closing"],
    )
