"""Totals that are decided when the whole text was read: wider names of a total, and figures that stand for others."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from budgets.tables import TOTAL, Column
from reports.intake.amounts import Amount
from reports.intake.collected import Collected
from reports.intake.sections import Block

_BOTH_SIDES = re.compile(r"支(?:出)?总计")
"""Income and expenditure in one figure balance, so they count the carry-over."""


@dataclass
class WaitingTotals:
    """Amounts that wait for the end of the text."""

    collected: Collected
    grand: list[tuple[str, Amount, str]] = field(default_factory=list)
    with_carryover: set[Amount] = field(default_factory=set)
    """Totals that count the carry-over named among their parts, and so are not the year's."""
    vehicles: list[tuple[Amount, Column, Block]] = field(default_factory=list)
    """公务用车购置及运行维护费, both parts in one figure."""
    running: list[tuple[Amount, Block]] = field(default_factory=list)
    """商品和服务支出 of basic spending: 公用经费 where the text states no such total."""

    def close(self) -> None:
        """Put each into its place, or leave it to the person."""
        self._grand_totals()
        self._running_costs()
        self._vehicle_totals()

    def _grand_totals(self) -> None:
        """收入总计 and 支出总计: the year's total where no other is stated, else a row beside carry-over."""
        sides = Counter(amount.start for _, amount, _ in self.grand if _BOTH_SIDES.search(amount.clause))
        for table, amount, source in self.grand:
            if sides[amount.start] > 1:
                self.with_carryover.add(amount)
            path = f"money.{table}.{TOTAL}.{Column.ACTUAL}"
            known = self.collected.get(path)
            if amount not in self.with_carryover and (known is None or known == amount.value):
                self.collected.put(path, amount.value, source, amount.clause)
                self.collected.labels.setdefault((table, TOTAL), "")
                continue
            label = "收入总计" if table == "income_source" else "支出总计"
            key = self.collected.free_row("carryover", label)
            self.collected.amount("carryover", key, Column.ACTUAL, amount.value, label, source, amount.clause)

    def _running_costs(self) -> None:
        for amount, block in self.running:
            path = f"money.running_costs.{TOTAL}.{Column.ACTUAL}"
            if path in self.collected.values:
                self.collected.leave(block.place, amount.clause)
            else:
                self.collected.amount(
                    "running_costs", TOTAL, Column.ACTUAL, amount.value, "", block.place, amount.clause
                )

    def _vehicle_totals(self) -> None:
        """公务用车购置及运行维护费 has no row: it is told where it is not the sum of its two parts."""
        for amount, column, block in self.vehicles:
            parts = [
                self.collected.get(f"money.three_public.{row}.{column}")
                for row in ("vehicle_purchase", "vehicle_running")
            ]
            if (
                sum((part for part in parts if isinstance(part, Decimal)), Decimal(0)) != amount.value
                or None in parts
            ):
                self.collected.leave(block.place, amount.clause)
