"""A table that lists projects with their money (专项资金使用情况表)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from reports.intake.collected import Collected
from reports.intake.form_cells import CellReader
from reports.intake.form_state import FormState
from reports.intake.form_words import COMPUTED_OF_PROJECTS, LEFT_OVER, SUMS, words_of
from reports.intake.source import GridCell
from reports.intake.wording import tidy


@dataclass
class ProjectRows:
    """Reads one project a row; what is left and the row of sums are only compared."""

    collected: Collected
    cells: CellReader
    state: FormState
    listed: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    """Projects of the list that is being read."""

    def row(self, row: Sequence[GridCell], labels: Sequence[str]) -> bool:
        """A project with its money; the row of sums is only compared."""
        at = next(index for index, label in self.state.groups.items() if label == "项目名称")
        if len(row) != len(self.state.groups):
            return False
        values = {name: self.cells.amount(row[index]) for index, name in self.state.columns.items()}
        if any(label in SUMS for label in labels[: at + 1]):
            for index, name in self.state.columns.items():
                total = sum((money.get(name, Decimal(0)) for money in self.listed.values()), Decimal(0))
                if values[name] is not None and values[name] != total:
                    words = f"{self.state.groups[index]}合计：{tidy(row[index].text)}"
                    self.collected.ask(row[index].place, words, "合计与各项目之和不同，请核对")
            return True
        name = words_of(row[at].text).replace("\n", "")
        if not name:
            return False
        money = self.listed[name] = {key: value for key, value in values.items() if value is not None}
        self.state.funds.setdefault(name, {}).update(money)
        self.collected.saw(f"money.projects.{name}.name", row[at].place, name)
        for index, key in self.state.columns.items():
            if key in money:
                words = f"{name}：{self.state.groups[index]}{tidy(row[index].text)}"
                self.collected.saw(f"money.projects.{name}.{key}", row[index].place, words)
        known = {at, *self.state.columns}
        others = [(self.state.groups[index], cell) for index, cell in enumerate(row) if index not in known]
        for head, cell in others:
            if head in LEFT_OVER and not self._is_left_over(cell, money):
                self.collected.ask(
                    cell.place, f"{name}：{head}{tidy(cell.text)}", "结余数与预算、支出不符，请核对"
                )
            elif head not in COMPUTED_OF_PROJECTS and (text := words_of(cell.text)):
                self.collected.leave(cell.place, f"{name}　{head}：{text}")
        return True

    def _is_left_over(self, cell: GridCell, money: dict[str, Decimal]) -> bool:
        left, spent = self.cells.amount(cell), money.get("spent", Decimal(0))
        given = [
            money[name] - spent for name in ("allocated", "full_budget", "initial_budget") if name in money
        ]
        return left is None or not given or left in given
