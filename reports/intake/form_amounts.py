"""Rows of amounts and counts in the known forms: totals, 收入支出决算表, 基础数据表, staff and buildings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from budgets.dossier import Building
from budgets.tables import TABLES, TOTAL, Column
from reports.intake.collected import Collected
from reports.intake.form_cells import CellReader
from reports.intake.form_state import FormState
from reports.intake.form_words import BASE_ROWS, COMPUTED, GROUPS, NUMBERED, words_of
from reports.intake.lexicon import ROWS, canonical_label
from reports.intake.source import GridCell
from reports.intake.wording import fold, tidy


@dataclass
class AmountRows:
    """Reads rows below heads that name columns of amounts."""

    collected: Collected
    cells: CellReader
    state: FormState
    buildings: list[Building] = field(default_factory=list)
    deferred: list[tuple[str, str, Column, Decimal, GridCell, str]] = field(default_factory=list)
    """项目支出 of 基础数据表, kept where no other table states it."""

    def close(self) -> None:
        """What waited for the other tables."""
        for table, row, column, value, cell, words in self.deferred:
            if f"money.{table}.{row}.{column}" not in self.collected.values:
                self.collected.amount(table, row, column, value, "", cell.place, words)

    def _put(self, table: str, row: str, column: Column | str, cell: GridCell, label: str) -> None:
        value = self.cells.amount(cell)
        if value is None:
            return
        words = f"{label}：{tidy(cell.text)}"
        shown = label if row.startswith("row-") else ""
        if (table, row) == ("expenditure", "project") and self.state.mode == "costs":
            self.deferred.append((table, row, Column(column), value, cell, words))
        else:
            self.collected.amount(table, row, Column(column), value, shown, cell.place, words)
        if not self.cells.unit_stated:
            self.cells.unit_stated = True
            self.collected.ask(cell.place, words, "表上没有写明金额单位，已按万元读取，请确认")

    def whole(self, row: Sequence[GridCell], labels: Sequence[str]) -> bool:
        """年度资金总额: three amounts, 分值 and the score of 预算执行率."""
        start = labels.index("年度资金总额") if "年度资金总额" in labels else labels.index("年度预算总额")
        shift = 0
        if self.state.columns and min(self.state.columns) <= start:
            shift = start + 1 - min(self.state.columns)
        project = self.state.sheet.project
        for index, column in self.state.columns.items():
            if index + shift >= len(row):
                continue
            cell = row[index + shift]
            value = self.cells.amount(cell)
            if value is None:
                continue
            words = f"年度资金总额：{tidy(cell.text)}"
            if project:
                name = "spent" if column == Column.ACTUAL else str(column)
                self.state.funds.setdefault(project, {})[name] = value
                self.collected.saw(f"money.projects.{project}.{name}", cell.place, words)
            else:
                self.collected.amount("expenditure", TOTAL, Column(column), value, "", cell.place, words)
        return True

    def sides(self, row: Sequence[GridCell], labels: Sequence[str]) -> bool:
        """Label and 全年执行数 in turn: 按收入性质分 and 按支出性质分 side by side."""
        cells = [(cell, label) for cell, label in zip(row, labels, strict=True) if cell.first]
        found = False
        for side in range(0, len(cells) - 1, 2):
            (head, label), (value, _) = cells[side], cells[side + 1]
            if not label:
                continue
            found = True
            if label.startswith("按收入性质分"):
                self.state.groups[side] = "income_nature"
                self._put("income_nature", TOTAL, Column.ACTUAL, value, "按收入性质分")
            elif label.startswith("按支出性质分"):
                self.state.groups[side] = "expenditure"
                self._put("expenditure", TOTAL, Column.ACTUAL, value, "按支出性质分")
            else:
                table = self.state.groups.get(side, "")
                if not table:
                    return False
                self._put(table, self._row_key(table, label, head), Column.ACTUAL, value, label)
        return found

    def _row_key(self, table: str, label: str, head: GridCell) -> str:
        """Key of a fixed row by its label, or of the unit's own row."""
        known = ROWS.get(label)
        if known and known[0] == table:
            return known[1]
        for row in TABLES[table].rows:
            if canonical_label(row.label) == label:
                return row.key
        return self.collected.free_row(table, NUMBERED.sub("", tidy(fold(head.text)).strip()))

    def lines(self, row: Sequence[GridCell], labels: Sequence[str]) -> bool:
        """收入支出决算表: a label and its amounts, once or twice beside each other."""
        sides: list[tuple[int, list[int]]] = []
        for index in sorted(self.state.columns):
            if index - 1 not in self.state.columns:
                sides.append((index - 1, []))
            sides[-1][1].append(index)
        found, offset = False, 0
        for number, (position, columns) in enumerate(sides):
            position -= offset
            if position >= len(row):
                continue
            label, head = labels[position], row[position]
            if label == "项目支出明细" or (label and len(row) - position == 1):
                self.state.groups[number] = "project_detail"
                offset += len(columns)
                found = True
                continue
            if not label:
                found = True
                continue
            found |= self._line(
                number,
                label,
                head,
                [(Column(self.state.columns[i]), row[i - offset]) for i in columns if i - offset < len(row)],
            )
        return found

    def _line(self, side: int, label: str, head: GridCell, cells: Sequence[tuple[Column, GridCell]]) -> bool:
        if label in COMPUTED:
            return True
        if label in ("按收入性质分", "年度资金总额"):
            self.state.groups[side] = "income_nature"
            table, key = "income_nature", TOTAL
        elif label in ("本年收入合计", "收入合计"):
            table, key = "income_source", TOTAL
        elif label in ("本年支出合计", "支出合计"):
            table, key = "expenditure", TOTAL
        elif ROWS.get(label, ("",))[0] == "carryover" or label in {
            row.label for row in TABLES["carryover"].rows
        }:
            table, key = "carryover", self._row_key("carryover", label, head)
        else:
            table = self.state.groups.get(side) or ("income_source" if side == 0 else "expenditure")
            key = self._row_key(table, label, head)
        for column, cell in cells:
            self._put(table, key, column, cell, label)
        return True

    def people(self, row: Sequence[GridCell], labels: Sequence[str]) -> bool:
        """编制数 and 在职人数; heads hold for one row."""
        for index, name in self.state.columns.items():
            if index < len(row) and (number := self.cells.number(row[index])) is not None:
                if number == number.to_integral_value() and 0 <= number < 10**9:
                    self.collected.put(
                        f"profile.{name}", int(number), row[index].place, tidy(row[index].text)
                    )
                else:
                    self.collected.ask(row[index].place, row[index].text, "人数不是整数，没有读入，请填写")
        self.state.mode = ""
        return True

    def cost(self, row: Sequence[GridCell], labels: Sequence[str]) -> bool:
        """A row of 基础数据表: 上年决算数, 本年预算数, 本年决算数."""
        label = labels[0]
        if label in COMPUTED:
            return True
        if label in GROUPS:
            self.state.groups[0] = GROUPS[label]
        if label in BASE_ROWS:
            table, key = BASE_ROWS[label]
        elif (known := ROWS.get(label)) and known[0] in ("three_public", "running_costs", "procurement"):
            table, key = known
        elif self.state.groups.get(0) and label:
            table = self.state.groups[0]
            key = self._row_key(table, label, row[0])
        else:
            return False
        if table == "procurement":
            self.state.groups.pop(0, None)
        for index, column in self.state.columns.items():
            if index < len(row):
                self._put(table, key, column, row[index], label)
        return True

    def building(self, row: Sequence[GridCell], labels: Sequence[str]) -> bool:
        """楼堂馆所: a building with its areas and investments."""
        name = words_of(row[0].text)
        if not row[0].first or not name:
            return not any(cell.text.strip() for cell in row if cell.first)
        values: dict[str, Decimal | None] = {}
        for index, column in self.state.columns.items():
            if index < len(row):
                area = column.endswith("area")
                values[column] = self.cells.area(row[index]) if area else self.cells.amount(row[index])
        self.collected.saw(f"money.buildings.{len(self.buildings)}.name", row[0].place, name)
        self.buildings.append(Building(name=name, **values))
        return True
