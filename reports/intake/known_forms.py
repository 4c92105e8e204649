"""The known forms (自评表, 基础数据表, 项目支出绩效自评表, 收入支出决算表) read from tables by their words, never by fixed cells.

A table is walked from above; a row of heads says what the rows below it hold. A form may go on in the next table (a page of a
PDF), so what the heads said holds until other heads come. Rows that say nothing known are kept as unread.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from budgets.dossier import Building, Project
from budgets.money import wan
from indicators.dossier import ProjectSheet
from reports.intake.collected import Collected
from reports.intake.form_amounts import AmountRows
from reports.intake.form_cells import CellReader
from reports.intake.form_indicators import IndicatorRows
from reports.intake.form_projects import ProjectRows
from reports.intake.form_state import FormState, SheetReading
from reports.intake.form_words import (
    BUILDING_COLUMNS,
    COLUMNS,
    INDICATOR_COLUMNS,
    PROJECT_COLUMNS,
    ROUNDED,
    UNITS,
    label_of,
    words_of,
)
from reports.intake.sections import PAGE_NUMBER
from reports.intake.source import CONTINUED, Grid, GridCell
from reports.intake.wording import fold, tidy

_FOOT = {
    "填表人": "prepared_by",
    "填报人": "prepared_by",
    "填报日期": "prepared_on",
    "联系电话": "phone",
    "单位负责人签字": "head",
    "单位负责人": "head",
}
_FOOT_CELL = re.compile(
    r"^(?P<label>填表人|填报人|填报日期|联系电话|单位负责人(?:签字)?)\s*[：:]\s*(?P<value>.*)$", re.S
)
_DAY = re.compile(r"(20\d\d)\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})")
_YEAR = re.compile(r"(20\d\d)\s*年")
_PROJECT_TITLE = re.compile(r"项目支出绩效自评表")
_CLASSES_ONLY = re.compile(
    r"(?:绩效指标|年度绩效指标|(?:产出|效益|满意度|数量|质量|时效|成本|.{2,5}效益|可持续影响|服务对象满意度)指标)+"
)
"""Words at the side of the table, where a page begins with a strip of a merged cell."""
_KNOWN_TITLE = re.compile(r"自评表|基础数据表|收入支出决算表")


class FormReading:
    """All tables of one source."""

    def __init__(self, grids: Iterable[Grid]) -> None:
        self.collected = Collected()
        self.department = SheetReading()
        self.projects: dict[str, SheetReading] = {}
        self.year: int | None = None
        self.known = 0
        """Tables in which anything was understood."""
        self.state = FormState(self.department)
        self.cells = CellReader(self.collected)
        self.amount_rows = AmountRows(self.collected, self.cells, self.state)
        self.project_rows = ProjectRows(self.collected, self.cells, self.state)
        self.indicator_rows = IndicatorRows(self.collected, self.cells, self.state)
        for grid in grids:
            self._grid(grid)
        self.amount_rows.close()

    @property
    def funds(self) -> dict[str, dict[str, Decimal]]:
        """Money of projects by name and field."""
        return self.state.funds

    @property
    def buildings(self) -> list[Building]:
        """办公用房 and the like, as the form lists them."""
        return self.amount_rows.buildings

    def project_sheets(self, keys: dict[str, str]) -> tuple[ProjectSheet, ...]:
        """Sheets of projects by the keys of their projects."""
        return tuple(
            ProjectSheet(project=keys[name], **dict(reading.sheet()))
            for name, reading in self.projects.items()
            if name in keys
        )

    def _grid(self, grid: Grid) -> None:
        title = grid.title.strip()
        if PAGE_NUMBER.match(title) or CONTINUED.search(title):
            title = ""
        if self.year is None and _KNOWN_TITLE.search(title) and (year := _YEAR.search(title)):
            self.year = int(year.group(1))
        if title:
            self.state.mode, self.state.columns, self.state.groups = "", {}, {}
        if _KNOWN_TITLE.search(title) and not _PROJECT_TITLE.search(title):
            self.state.sheet, self.state.prefix = self.department, ""
            self.state.nameless, self.state.merged = {}, False
        if grid.unit:
            self.cells.factor, self.cells.unit_stated = UNITS[grid.unit], True
        before = len(self.collected.origins)
        rest: list[list[Sequence[GridCell]]] = [[]]
        self.state.fresh = not title
        for row in grid.rows:
            if not any(cell.text.strip() for cell in row):
                continue
            if self._row(row):
                rest.append([])
            else:
                rest[-1].append(row)
        self.known += len(self.collected.origins) > before
        for rows in rest:
            self._leave(rows)

    def _leave(self, rows: Sequence[Sequence[GridCell]]) -> None:
        """Rows one below another that say nothing known, as one passage."""
        lines = [
            "　".join(words_of(cell.text) for cell in row if cell.first and cell.text.strip()) for row in rows
        ]
        if any(lines):
            self.collected.leave(rows[0][0].place, "\n".join(line for line in lines if line))

    def _row(self, row: Sequence[GridCell]) -> bool:
        labels = [label_of(cell.text) for cell in row]
        self.cells.unit(row)
        if self._heads(labels, row) or self._names(row, labels) or self._foot(row):
            return True
        if "年度资金总额" in labels or "年度预算总额" in labels:
            return self.amount_rows.whole(row, labels)
        if (
            any(label.startswith(("按收入性质分", "按支出性质分")) for label in labels)
            and self.state.mode != "lines"
        ):
            self.state.mode, self.state.groups = "sides", {}
        if labels[0] == "总分" or (labels[0] == "合计" and self.state.mode == "indicators"):
            return self.indicator_rows.total(row)
        if all(_CLASSES_ONLY.fullmatch(label) for label in labels if label):
            return True
        reader = {
            "goals": self.indicator_rows.goal,
            "indicators": self.indicator_rows.indicator,
            "people": self.amount_rows.people,
            "costs": self.amount_rows.cost,
            "lines": self.amount_rows.lines,
            "sides": self.amount_rows.sides,
            "buildings": self.amount_rows.building,
            "projects": self.project_rows.row,
        }.get(self.state.mode)
        return bool(reader and reader(row, labels))

    def _heads(self, labels: Sequence[str], row: Sequence[GridCell]) -> bool:
        indicator = {
            index: INDICATOR_COLUMNS[label]
            for index, label in enumerate(labels)
            if label in INDICATOR_COLUMNS
        }
        if "name" in indicator.values() and {"target", "actual"} & set(indicator.values()):
            self.state.mode, self.state.columns = "indicators", indicator
            return True
        if "预期目标" in labels and {"实际完成情况", "完成情况"} & set(labels):
            self.state.mode = "goals"
            self.state.columns = {
                index: "expected" if label == "预期目标" else "actual"
                for index, label in enumerate(labels)
                if label in ("预期目标", "实际完成情况", "完成情况")
            }
            return True
        if "编制数" in labels and any("在职人数" in label for label in labels):
            self.state.mode = "people"
            self.state.columns = {
                index: "authorized_posts" if label == "编制数" else "staff_on_posts"
                for index, label in enumerate(labels)
                if label == "编制数" or "在职人数" in label
            }
            return True
        buildings = {
            index: name
            for index, label in enumerate(labels)
            for words, name in BUILDING_COLUMNS.items()
            if label.startswith(words)
        }
        if len(buildings) >= 2:
            self.state.mode, self.state.columns = "buildings", buildings
            return True
        listed = {
            index: PROJECT_COLUMNS[label] for index, label in enumerate(labels) if label in PROJECT_COLUMNS
        }
        if listed and len(labels) > 2 and "项目名称" in labels:
            self.state.mode, self.state.columns, self.project_rows.listed = "projects", listed, {}
            self.state.groups = dict(enumerate(labels))
            return True
        amounts = {index: str(COLUMNS[label]) for index, label in enumerate(labels) if label in COLUMNS}
        if len(amounts) >= 2 or (len(amounts) == 1 and len(labels) == 2):
            whole = "执行率" in labels or "分值" in labels
            self.state.mode = (
                "whole"
                if whole
                else "lines"
                if any("收入" in label or "支出项目" in label for label in labels)
                else "costs"
            )
            self.state.columns, self.state.groups = amounts, {}
            return True
        return False

    def _names(self, row: Sequence[GridCell], labels: Sequence[str]) -> bool:
        """Rows of names: 单位名称, 主管部门, 项目名称."""
        found = False
        for following, label in zip([*row[1:], None], labels, strict=True):
            if following is None:
                continue
            value = tidy(fold(following.text)).replace("\n", "")
            if label == "项目名称" and len(row) <= 4 and value:
                self.state.sheet = self.projects.setdefault(value, SheetReading(project=value))
                self.state.nameless, self.state.merged = {}, False
                self.state.prefix = f"project_sheets.{value}."
                self.state.mode, found = "", True
                self.collected.saw(f"money.projects.{value}.name", following.place, value)
            elif label in ("预算编码", "预算单位编码"):
                found = True
                if value and re.fullmatch(r"[0-9A-Za-z]{3,30}", value):
                    self.collected.put("profile.budget_code", value, following.place, value)
            elif label in ("单位名称", "预算单位名称", "部门单位名称", "填报单位"):
                found = True
                if value and not self.state.prefix:
                    self.collected.put("profile.department", value, following.place, value)
            elif label in ("预算部门名称", "主管部门"):
                found = True
                if value:
                    self.collected.values.setdefault("main", value)
            elif label == "实施单位":
                found = True
            elif label == "厉行节约保障措施":
                found = True
                if value:
                    self.collected.put("money.frugality", words_of(following.text), following.place, value)
        return found

    def _foot(self, row: Sequence[GridCell]) -> bool:
        """填表人, 填报日期 and the like: label and value in one cell, or the value in the cell behind it."""
        cells = [(cell, tidy(fold(cell.text)).strip()) for cell in row]
        labels = [_FOOT_CELL.match(words) for _, words in cells]
        if not any(labels):
            return False
        name = ""
        for (cell, words), label in zip(cells, labels, strict=True):
            if label is not None:
                name, value = _FOOT[label["label"]], label["value"].strip()
            else:
                value = words
            if not value:
                continue
            if name:
                self._signed(name, value, cell)
            elif cell.first:
                self.collected.leave(cell.place, words)
            name = ""
        return True

    def _signed(self, name: str, value: str, cell: GridCell) -> None:
        if name != "prepared_on":
            self.collected.put(f"profile.{name}", value, cell.place, value)
            return
        day = _DAY.search(value)
        try:
            date = datetime.date(*(int(part) for part in day.groups())) if day else None
        except ValueError:
            date = None
        if date is None:
            self.collected.ask(cell.place, value, "填报日期没有读懂，请填写")
        else:
            self.collected.put("profile.prepared_on", date, cell.place, value)


def projects_of(reading: FormReading, known: Sequence[Project]) -> tuple[tuple[Project, ...], dict[str, str]]:
    """Projects with the figures of their forms put in, and the key of each by name."""
    projects = list(known)
    for project in projects:
        for name, value in reading.funds.get(project.name, {}).items():
            told = getattr(project, name)
            if told is not None and abs(told - value) > ROUNDED:
                reading.collected.ask(
                    "表格", project.name,
                    f"“{project.name}”的同一金额，表格写{wan(value)}万元，正文写{wan(told)}万元，已按表格读取，请确认",
                )  # fmt: skip
    keys = {project.name: project.key for project in projects}
    for name in [*reading.funds, *reading.projects]:
        if name not in keys:
            taken = {project.key for project in projects}
            key = next(f"project-{n}" for n in range(1, len(projects) + 2) if f"project-{n}" not in taken)
            keys[name] = key
            projects.append(Project(key=key, name=name))
    return (
        tuple(project.model_copy(update=reading.funds.get(project.name, {})) for project in projects),
        keys,
    )
