"""The known forms (自评表, 基础数据表, 项目支出绩效自评表, 收入支出决算表) read from tables by their words, never by fixed cells.

A table is walked from above; a row of heads says what the rows below it hold. A form may go on in the next table (a page of a
PDF), so what the heads said holds until other heads come. Rows that say nothing known are kept as unread.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from budgets.dossier import Building, Project
from budgets.money import AmountError, parse_number, parse_wan, plain, round_half_up, to_yuan, wan
from budgets.tables import TABLES, TOTAL, Column
from indicators.dossier import Goal, Indicator, ProjectSheet, SelfAssessment, Sheet
from reports.intake.collected import Collected
from reports.intake.lexicon import EXECUTION, ROWS, canonical_label, class_name, level1_of
from reports.intake.sections import PAGE_NUMBER
from reports.intake.source import CONTINUED, Grid, GridCell
from reports.intake.wording import bare, fold, tidy

COLUMNS = {
    "上年决算数": Column.PRIOR_FINAL,
    "年初预算数": Column.INITIAL_BUDGET,
    "年初预算": Column.INITIAL_BUDGET,
    "全年预算数": Column.FULL_BUDGET,
    "全年预算": Column.FULL_BUDGET,
    "调整后预算数": Column.FULL_BUDGET,
    "全年(调整)预算数": Column.FULL_BUDGET,
    "本年预算数": Column.FULL_BUDGET,
    "全年执行数": Column.ACTUAL,
    "预算执行数": Column.ACTUAL,
    "本年决算数": Column.ACTUAL,
    "决算数": Column.ACTUAL,
}
BASE_ROWS = {
    "三公经费": ("three_public", TOTAL),
    "公车购置": ("three_public", "vehicle_purchase"),
    "公务用车购置": ("three_public", "vehicle_purchase"),
    "公车运行维护": ("three_public", "vehicle_running"),
    "公务用车运行维护": ("three_public", "vehicle_running"),
    "出国经费": ("three_public", "abroad"),
    "公务接待": ("three_public", "reception"),
    "项目支出": ("expenditure", "project"),
    "业务工作经费": ("project_detail", "business"),
    "运行维护经费": ("project_detail", "operation"),
    "公用经费": ("running_costs", TOTAL),
    "办公经费": ("running_costs", "office"),
    "水费、电费、差旅费": ("running_costs", "utilities_travel"),
    "会议费、培训费": ("running_costs", "meeting_training"),
    "政府采购金额": ("procurement", "procurement"),
}
GROUPS = {"三公经费": "three_public", "项目支出": "project_detail", "公用经费": "running_costs"}
"""Rows of 基础数据表 below which the unit's own rows belong to a table."""
COMPUTED = frozenset(
    ["公务用车购置和维护经费", "公务用车购置及运行维护费", "收入总计", "支出总计", "部门基本支出预算调整"]
)
INDICATOR_COLUMNS = {
    "一级指标": "level1",
    "二级指标": "level2",
    "三级指标": "name",
    "指标名称": "name",
    "年度指标值": "target",
    "指标值": "target",
    "年初指标值": "target",
    "实际完成值": "actual",
    "全年完成值": "actual",
    "完成值": "actual",
    "实际完成情况": "actual",
    "分值": "weight",
    "权重": "weight",
    "指标权重": "weight",
    "得分": "self_score",
    "自评得分": "self_score",
    "指标得分": "self_score",
    "偏差原因分析及改进措施": "deviation",
    "偏差原因分析": "deviation",
    "未完成原因分析": "deviation",
    "计算方法": "formula",
    "是否核心指标": "core",
}
BUILDING_COLUMNS = {
    "批复规模": "approved_area",
    "实际规模": "actual_area",
    "预算投资": "planned_investment",
    "实际投资": "actual_investment",
}
PROJECT_COLUMNS = {
    **dict.fromkeys(("上年决算数",), "prior_final"),
    **dict.fromkeys(("年初预算数", "年初预算", "年初预算金额"), "initial_budget"),
    **dict.fromkeys(
        (
            "预算数",
            "预算",
            "预算金额",
            "预算安排",
            "预算安排数",
            "全年预算数",
            "全年预算",
            "调整后预算数",
            "安排数",
            "安排资金",
        ),
        "full_budget",
    ),
    **dict.fromkeys(
        (
            "到位数",
            "到位资金",
            "到位金额",
            "资金到位数",
            "下达数",
            "下达资金",
            "拨付数",
            "拨付资金",
            "实际到位数",
        ),
        "allocated",
    ),
    **dict.fromkeys(
        (
            "支出数",
            "支出",
            "支出金额",
            "实际支出",
            "实际支出数",
            "执行数",
            "全年执行数",
            "决算数",
            "使用数",
            "使用金额",
            "实际使用数",
        ),
        "spent",
    ),
}
"""Heads of a table that lists projects (专项资金使用情况表)."""
LEFT_OVER = ("结余", "结余数", "结余资金", "结转结余", "结余金额", "年末结余", "结转数", "结转结余数")
COMPUTED_OF_PROJECTS = frozenset([*LEFT_OVER, "序号", "执行率", "预算执行率", "支出进度", "完成率"])
SUMS = ("合计", "总计", "小计")
UNITS = {"万元": Decimal(10000), "千元": Decimal(1000), "元": Decimal(1)}
BLANKS = frozenset(["", "-", "—", "--", "——", "/", "无"])
ROUNDED = Decimal(50)
"""元 by which a figure of two decimals in 万元 may differ from the exact one."""
NOT_APPLICABLE = "不适用"
MOST_POINTS = 1000

_UNIT_IN_HEAD = re.compile(r"[（(](?P<unit>万元|千元|元)[）)]")
_UNIT_ROW = re.compile(r"(?:金额)?单位[：:]\s*(?:人民币)?\s*(?P<unit>万元|千元|元)")
_NUMBERED = re.compile(
    r"^(?:其中[：:]?)?(?:\d{1,2}[、.．]|[（(][一二三四五六七八九十\d]{1,2}[）)])?(?:其中[：:])?"
)
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
_DEVIATION = re.compile(r"偏差原因[：:](?P<reason>.*?)(?=\n?改进措施[：:]|$)", re.S)
_IMPROVEMENT = re.compile(r"改进措施[：:](?P<text>.*)$", re.S)
_PROJECT_TITLE = re.compile(r"项目支出绩效自评表")
_SHARE = re.compile(r"(?P<number>\d{1,3}(?:\.\d+)?)%")
_CLASSES_ONLY = re.compile(
    r"(?:绩效指标|年度绩效指标|(?:产出|效益|满意度|数量|质量|时效|成本|.{2,5}效益|可持续影响|服务对象满意度)指标)+"
)
"""Words at the side of the table, where a page begins with a strip of a merged cell."""
_KNOWN_TITLE = re.compile(r"自评表|基础数据表|收入支出决算表")


def label_of(text: str) -> str:
    """A row's label without numbering, 其中, spaces and quotation marks."""
    words = canonical_label(re.sub(r"\s", "", fold(text)))
    words = _UNIT_IN_HEAD.sub("", words)
    return _NUMBERED.sub("", words).rstrip("：:")


def words_of(text: str) -> str:
    """Words of a cell, one line a paragraph, without typesetting spaces."""
    return "\n".join(line for part in fold(text).split("\n") if (line := tidy(part)))


@dataclass
class SheetReading:
    """One 自评表 as read."""

    project: str = ""
    goals: list[Goal] = field(default_factory=list)
    lines: list[Indicator] = field(default_factory=list)
    score: Decimal | None = None
    grade: str = ""
    execution: dict[str, Decimal] = field(default_factory=dict)

    def sheet(self) -> Sheet:
        """Goals, indicators and result."""
        return Sheet(
            goals=tuple(self.goals),
            indicators=tuple(self.lines),
            assessment=SelfAssessment(
                score=self.score,
                grade=self.grade,
                execution_weight=self.execution.get("weight"),
                execution_score=self.execution.get("score"),
            ),
        )


class FormReading:
    """All tables of one source."""

    def __init__(self, grids: Iterable[Grid]) -> None:
        self.collected = Collected()
        self.department = SheetReading()
        self.projects: dict[str, SheetReading] = {}
        self.funds: dict[str, dict[str, Decimal]] = {}
        self.listed: dict[str, dict[str, Decimal]] = {}
        """Projects of the list that is being read, to compare with its sum."""
        self.buildings: list[Building] = []
        self.year: int | None = None
        self.known = 0
        """Tables in which anything was understood."""
        self._sheet = self.department
        self._prefix = ""
        self._mode = ""
        self._columns: dict[int, str] = {}
        self._groups: dict[int, str] = {}
        self._factor = UNITS["万元"]
        self._unit_stated = False
        self._fresh = False
        """Whether this table goes on from the one before (a new page) and has not come to an indicator yet."""
        self._merged = False
        """Whether a class cell of this form reaches over several rows."""
        self._nameless: dict[str, list[int]] = {}
        """Last lines of the form whose class cell is empty, by level: its words may stand on the next page."""
        self._deferred: list[tuple[str, str, Column, Decimal, GridCell, str]] = []
        for grid in grids:
            self._grid(grid)
        for table, row, column, value, cell, words in self._deferred:
            if f"money.{table}.{row}.{column}" not in self.collected.values:
                self.collected.amount(table, row, column, value, "", cell.place, words)

    def project_sheets(self, keys: dict[str, str]) -> tuple[ProjectSheet, ...]:
        """Sheets of projects by the keys of their projects."""
        return tuple(
            ProjectSheet(project=keys[name], **dict(reading.sheet()))
            for name, reading in self.projects.items()
            if name in keys
        )

    # -------------------------------------------------------------- one table

    def _grid(self, grid: Grid) -> None:
        title = grid.title.strip()
        if PAGE_NUMBER.match(title) or CONTINUED.search(title):
            title = ""
        if self.year is None and _KNOWN_TITLE.search(title) and (year := _YEAR.search(title)):
            self.year = int(year.group(1))
        if title:
            self._mode, self._columns, self._groups = "", {}, {}
        if _KNOWN_TITLE.search(title) and not _PROJECT_TITLE.search(title):
            self._sheet, self._prefix = self.department, ""
            self._nameless, self._merged = {}, False
        if grid.unit:
            self._factor, self._unit_stated = UNITS[grid.unit], True
        before = len(self.collected.origins)
        rest: list[list[Sequence[GridCell]]] = [[]]
        self._fresh = not title
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
        self._unit(row)
        if self._heads(labels, row) or self._names(row, labels) or self._foot(row):
            return True
        if "年度资金总额" in labels or "年度预算总额" in labels:
            return self._whole(row, labels)
        if (
            any(label.startswith(("按收入性质分", "按支出性质分")) for label in labels)
            and self._mode != "lines"
        ):
            self._mode, self._groups = "sides", {}
        if labels[0] == "总分" or (labels[0] == "合计" and self._mode == "indicators"):
            return self._total(row)
        if all(_CLASSES_ONLY.fullmatch(label) for label in labels if label):
            return True
        reader = {
            "goals": self._goal,
            "indicators": self._indicator,
            "people": self._people,
            "costs": self._cost,
            "lines": self._lines,
            "sides": self._sides,
            "buildings": self._building,
            "projects": self._listed,
        }.get(self._mode)
        return bool(reader and reader(row, labels))

    def _unit(self, row: Sequence[GridCell]) -> None:
        for cell in row:
            if match := _UNIT_ROW.search(cell.text) or _UNIT_IN_HEAD.search(cell.text):
                self._factor, self._unit_stated = UNITS[match["unit"]], True
                return

    # -------------------------------------------------------------- heads

    def _heads(self, labels: Sequence[str], row: Sequence[GridCell]) -> bool:
        indicator = {
            index: INDICATOR_COLUMNS[label]
            for index, label in enumerate(labels)
            if label in INDICATOR_COLUMNS
        }
        if "name" in indicator.values() and {"target", "actual"} & set(indicator.values()):
            self._mode, self._columns = "indicators", indicator
            return True
        if "预期目标" in labels and {"实际完成情况", "完成情况"} & set(labels):
            self._mode = "goals"
            self._columns = {
                index: "expected" if label == "预期目标" else "actual"
                for index, label in enumerate(labels)
                if label in ("预期目标", "实际完成情况", "完成情况")
            }
            return True
        if "编制数" in labels and any("在职人数" in label for label in labels):
            self._mode = "people"
            self._columns = {
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
            self._mode, self._columns = "buildings", buildings
            return True
        listed = {
            index: PROJECT_COLUMNS[label] for index, label in enumerate(labels) if label in PROJECT_COLUMNS
        }
        if listed and len(labels) > 2 and "项目名称" in labels:
            self._mode, self._columns, self.listed = "projects", listed, {}
            self._groups = dict(enumerate(labels))
            return True
        amounts = {index: str(COLUMNS[label]) for index, label in enumerate(labels) if label in COLUMNS}
        if len(amounts) >= 2 or (len(amounts) == 1 and len(labels) == 2):
            whole = "执行率" in labels or "分值" in labels
            self._mode = (
                "whole"
                if whole
                else "lines"
                if any("收入" in label or "支出项目" in label for label in labels)
                else "costs"
            )
            self._columns, self._groups = amounts, {}
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
                self._sheet = self.projects.setdefault(value, SheetReading(project=value))
                self._nameless, self._merged = {}, False
                self._prefix = f"project_sheets.{value}."
                self._mode, found = "", True
                self.collected.saw(f"money.projects.{value}.name", following.place, value)
            elif label in ("预算编码", "预算单位编码"):
                found = True
                if value and re.fullmatch(r"[0-9A-Za-z]{3,30}", value):
                    self.collected.put("profile.budget_code", value, following.place, value)
            elif label in ("单位名称", "预算单位名称", "部门单位名称", "填报单位"):
                found = True
                if value and not self._prefix:
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

    # -------------------------------------------------------------- figures

    def _amount(self, cell: GridCell) -> Decimal | None:
        """Amount of a cell in 元; ``None`` when it is blank or (with a question) not understood."""
        text = tidy(fold(cell.text)).replace("\n", "")
        if text in BLANKS:
            return None
        try:
            if cell.number is not None:
                return to_yuan(cell.number, self._factor)
            if self._factor == UNITS["万元"] or re.search(r"[亿万元]", text):
                return parse_wan(text)
            return to_yuan(parse_number(text), self._factor)
        except AmountError:
            self.collected.ask(cell.place, text, f"“{text}”不是金额，没有读入，请填写")
            return None

    def _listed(self, row: Sequence[GridCell], labels: Sequence[str]) -> bool:
        """A project with its money; the row of sums is only compared."""
        at = next(index for index, label in self._groups.items() if label == "项目名称")
        if len(row) != len(self._groups):
            return False
        values = {name: self._amount(row[index]) for index, name in self._columns.items()}
        if any(label in SUMS for label in labels[: at + 1]):
            for index, name in self._columns.items():
                total = sum((money.get(name, Decimal(0)) for money in self.listed.values()), Decimal(0))
                if values[name] is not None and values[name] != total:
                    words = f"{self._groups[index]}合计：{tidy(row[index].text)}"
                    self.collected.ask(row[index].place, words, "合计与各项目之和不同，请核对")
            return True
        name = words_of(row[at].text).replace("\n", "")
        if not name:
            return False
        money = self.listed[name] = {key: value for key, value in values.items() if value is not None}
        self.funds.setdefault(name, {}).update(money)
        self.collected.saw(f"money.projects.{name}.name", row[at].place, name)
        for index, key in self._columns.items():
            if key in money:
                words = f"{name}：{self._groups[index]}{tidy(row[index].text)}"
                self.collected.saw(f"money.projects.{name}.{key}", row[index].place, words)
        known = {at, *self._columns}
        others = [(self._groups[index], cell) for index, cell in enumerate(row) if index not in known]
        for head, cell in others:
            if head in LEFT_OVER and not self._is_left_over(cell, money):
                self.collected.ask(
                    cell.place, f"{name}：{head}{tidy(cell.text)}", "结余数与预算、支出不符，请核对"
                )
            elif head not in COMPUTED_OF_PROJECTS and (text := words_of(cell.text)):
                self.collected.leave(cell.place, f"{name}　{head}：{text}")
        return True

    def _is_left_over(self, cell: GridCell, money: dict[str, Decimal]) -> bool:
        left, spent = self._amount(cell), money.get("spent", Decimal(0))
        given = [
            money[name] - spent for name in ("allocated", "full_budget", "initial_budget") if name in money
        ]
        return left is None or not given or left in given

    def _number(self, cell: GridCell) -> Decimal | None:
        text = tidy(fold(cell.text)).replace("\n", "").removesuffix("分").removesuffix("人")
        if text in BLANKS or text == NOT_APPLICABLE:
            return None
        try:
            number = cell.number if cell.number is not None else parse_number(text)
        except AmountError:
            self.collected.ask(cell.place, text, f"“{text}”不是数字，没有读入，请填写")
            return None
        return number

    def _area(self, cell: GridCell) -> Decimal | None:
        """An area, without the zeros that only paper shows."""
        number = self._number(cell)
        return None if number is None else Decimal(plain(number))

    def _points(self, cell: GridCell) -> Decimal | None:
        if share := _SHARE.fullmatch(tidy(fold(cell.text))):
            return self._points(GridCell(share["number"], cell.place))  # 10% of a hundred points
        number = self._number(cell)
        if number is not None and abs(number) > MOST_POINTS:
            self.collected.ask(cell.place, tidy(fold(cell.text)), "分值或得分不像分数，没有读入，请填写")
            return None
        return None if number is None else round_half_up(number)

    def _put(self, table: str, row: str, column: Column | str, cell: GridCell, label: str) -> None:
        value = self._amount(cell)
        if value is None:
            return
        words = f"{label}：{tidy(cell.text)}"
        shown = label if row.startswith("row-") else ""
        if (table, row) == ("expenditure", "project") and self._mode == "costs":
            self._deferred.append((table, row, Column(column), value, cell, words))
        else:
            self.collected.amount(table, row, Column(column), value, shown, cell.place, words)
        if not self._unit_stated:
            self._unit_stated = True
            self.collected.ask(cell.place, words, "表上没有写明金额单位，已按万元读取，请确认")

    def _whole(self, row: Sequence[GridCell], labels: Sequence[str]) -> bool:
        """年度资金总额: three amounts, 分值 and the score of 预算执行率."""
        start = labels.index("年度资金总额") if "年度资金总额" in labels else labels.index("年度预算总额")
        shift = 0
        if self._columns and min(self._columns) <= start:
            shift = start + 1 - min(self._columns)
        project = self._sheet.project
        for index, column in self._columns.items():
            if index + shift >= len(row):
                continue
            cell = row[index + shift]
            value = self._amount(cell)
            if value is None:
                continue
            words = f"年度资金总额：{tidy(cell.text)}"
            if project:
                name = "spent" if column == Column.ACTUAL else str(column)
                self.funds.setdefault(project, {})[name] = value
                self.collected.saw(f"money.projects.{project}.{name}", cell.place, words)
            else:
                self.collected.amount("expenditure", TOTAL, Column(column), value, "", cell.place, words)
        return True

    def _sides(self, row: Sequence[GridCell], labels: Sequence[str]) -> bool:
        """Label and 全年执行数 in turn: 按收入性质分 and 按支出性质分 side by side."""
        cells = [(cell, label) for cell, label in zip(row, labels, strict=True) if cell.first]
        found = False
        for side in range(0, len(cells) - 1, 2):
            (head, label), (value, _) = cells[side], cells[side + 1]
            if not label:
                continue
            found = True
            if label.startswith("按收入性质分"):
                self._groups[side] = "income_nature"
                self._put("income_nature", TOTAL, Column.ACTUAL, value, "按收入性质分")
            elif label.startswith("按支出性质分"):
                self._groups[side] = "expenditure"
                self._put("expenditure", TOTAL, Column.ACTUAL, value, "按支出性质分")
            else:
                table = self._groups.get(side, "")
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
        return self.collected.free_row(table, _NUMBERED.sub("", tidy(fold(head.text)).strip()))

    def _lines(self, row: Sequence[GridCell], labels: Sequence[str]) -> bool:
        """收入支出决算表: a label and its amounts, once or twice beside each other."""
        sides: list[tuple[int, list[int]]] = []
        start = 0
        for index in sorted(self._columns):
            if index - 1 not in self._columns:
                sides.append((index - 1, []))
            sides[-1][1].append(index)
        del start
        found, offset = False, 0
        for number, (position, columns) in enumerate(sides):
            position -= offset
            if position >= len(row):
                continue
            label, head = labels[position], row[position]
            if label == "项目支出明细" or (label and len(row) - position == 1):
                self._groups[number] = "project_detail"
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
                [(Column(self._columns[i]), row[i - offset]) for i in columns if i - offset < len(row)],
            )
        return found

    def _line(self, side: int, label: str, head: GridCell, cells: Sequence[tuple[Column, GridCell]]) -> bool:
        if label in COMPUTED:
            return True
        if label in ("按收入性质分", "年度资金总额"):
            self._groups[side] = "income_nature"
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
            table = self._groups.get(side) or ("income_source" if side == 0 else "expenditure")
            key = self._row_key(table, label, head)
        for column, cell in cells:
            self._put(table, key, column, cell, label)
        return True

    def _people(self, row: Sequence[GridCell], labels: Sequence[str]) -> bool:
        for index, name in self._columns.items():
            if index < len(row) and (number := self._number(row[index])) is not None:
                if number == number.to_integral_value() and 0 <= number < 10**9:
                    self.collected.put(
                        f"profile.{name}", int(number), row[index].place, tidy(row[index].text)
                    )
                else:
                    self.collected.ask(row[index].place, row[index].text, "人数不是整数，没有读入，请填写")
        self._mode = ""
        return True

    def _cost(self, row: Sequence[GridCell], labels: Sequence[str]) -> bool:
        """A row of 基础数据表: 上年决算数, 本年预算数, 本年决算数."""
        label = labels[0]
        if label in COMPUTED:
            return True
        if label in GROUPS:
            self._groups[0] = GROUPS[label]
        if label in BASE_ROWS:
            table, key = BASE_ROWS[label]
        elif (known := ROWS.get(label)) and known[0] in ("three_public", "running_costs", "procurement"):
            table, key = known
        elif self._groups.get(0) and label:
            table = self._groups[0]
            key = self._row_key(table, label, row[0])
        else:
            return False
        if table == "procurement":
            self._groups.pop(0, None)
        for index, column in self._columns.items():
            if index < len(row):
                self._put(table, key, column, row[index], label)
        return True

    def _building(self, row: Sequence[GridCell], labels: Sequence[str]) -> bool:
        name = words_of(row[0].text)
        if not row[0].first or not name:
            return not any(cell.text.strip() for cell in row if cell.first)
        values: dict[str, Decimal | None] = {}
        for index, column in self._columns.items():
            if index < len(row):
                area = column.endswith("area")
                values[column] = self._area(row[index]) if area else self._amount(row[index])
        self.collected.saw(f"money.buildings.{len(self.buildings)}.name", row[0].place, name)
        self.buildings.append(Building(name=name, **values))
        return True

    # -------------------------------------------------------------- goals and indicators

    def _goal(self, row: Sequence[GridCell], labels: Sequence[str]) -> bool:
        values = {
            name: words_of(row[index].text)
            for index, name in self._columns.items()
            if index < len(row) and row[index].first
        }
        if not any(values.values()):
            return True
        where = f"{self._prefix}goals.{len(self._sheet.goals)}"
        for index, name in self._columns.items():
            if values.get(name):
                self.collected.saw(f"{where}.{name}", row[index].place, values[name])
        self._sheet.goals.append(Goal(**values))
        return True

    def _execution(self, cells: Mapping[str, GridCell]) -> bool:
        """The row 预算执行率 among indicators without classes: the result's own part, and no indicator."""
        weight = self._points(cells["weight"]) if "weight" in cells else None
        if weight is None or self._sheet.execution:
            return False
        self._sheet.execution["weight"] = weight
        if "self_score" in cells and (points := self._points(cells["self_score"])) is not None:
            self._sheet.execution["score"] = points
        self.collected.saw(
            f"{self._prefix}assessment.execution_weight", cells["weight"].place, tidy(cells["name"].text)
        )
        return True

    def _indicator(self, row: Sequence[GridCell], labels: Sequence[str]) -> bool:
        if max(self._columns) >= len(row):
            return False
        texts = {name: words_of(row[index].text) for index, name in self._columns.items()}
        cells = {name: row[index] for index, name in self._columns.items()}
        lines = self._sheet.lines
        name = texts["name"].replace("\n", "")
        if not name:
            return not any(
                texts.get(key) for key in ("target", "actual", "weight", "self_score", "deviation")
            )
        previous = lines[-1] if lines else None
        self._merged |= any(not cells[level].first for level in ("level1", "level2") if level in cells)
        self._name_classes(texts)
        level1 = texts.get("level1", "").replace("\n", "") or (previous.level1 if previous else "")
        level2 = texts.get("level2", "").replace("\n", "") or (previous.level2 if previous else "")
        level2 = class_name(level2) if level2 else level2
        if not (level1 or level2) and EXECUTION.match(bare(name)) and self._execution(cells):
            return True
        actual = texts.get("actual", "")
        skipped = actual == NOT_APPLICABLE
        reason, improvement = _deviation(texts.get("deviation", ""))
        key = f"ind-{len(lines) + 1}"
        where = f"{self._prefix}indicators.{key}"
        line = Indicator(
            key=key,
            level1=class_name(level1) if level1 else level1_of(level2),
            level2=level2,
            name=name,
            target=texts.get("target", "").replace("\n", "") or None,
            actual=None if skipped or not actual else actual.replace("\n", ""),
            weight=self._points(cells["weight"]) if "weight" in cells else None,
            self_score=self._points(cells["self_score"]) if "self_score" in cells and not skipped else None,
            not_applicable=skipped,
            not_applicable_reason=texts.get("deviation", "") if skipped else "",
            formula=texts.get("formula", ""),
            core=texts.get("core", "") in ("是", "√"),
            deviation_reason="" if skipped else reason,
            improvement="" if skipped else improvement,
        )
        for column in ("name", "target", "actual", "weight", "self_score"):
            if texts.get(column):
                self.collected.saw(f"{where}.{column}", cells[column].place, texts[column])
        lines.append(line)
        return True

    def _name_classes(self, texts: dict[str, str]) -> None:
        """A merged class cell over two pages of a PDF has its words on one of them; the rows on the other have none."""
        lines = self._sheet.lines
        for level in ("level1", "level2"):
            words = texts.get(level, "").replace("\n", "")
            waiting = self._nameless.setdefault(level, [])
            if not words:
                waiting.append(len(lines))
                continue
            if self._fresh and self._merged:
                for index in waiting:
                    lines[index] = lines[index].model_copy(update={level: class_name(words)})
            waiting.clear()
        self._fresh = False

    def _total(self, row: Sequence[GridCell]) -> bool:
        """总分: weight, score and grade."""
        numbers = []
        for cell in row[1:]:
            text = tidy(fold(cell.text))
            if grade := re.search(r"(优秀|优|良好|良|中|差)$", text):
                self._sheet.grade = grade.group(1)
                self.collected.saw(f"{self._prefix}assessment.grade", cell.place, text)
            elif (number := self._points(cell)) is not None:
                numbers.append((number, cell))
        if numbers and (len(numbers) > 1 or self._mode != "indicators"):
            self._sheet.score, cell = numbers[-1]
            self.collected.saw(f"{self._prefix}assessment.score", cell.place, f"总分：{tidy(cell.text)}")
        self._mode = ""
        return True


def _deviation(text: str) -> tuple[str, str]:
    """偏差原因 and 改进措施 of one cell."""
    reason, improvement = _DEVIATION.search(text), _IMPROVEMENT.search(text)
    if reason is None and improvement is None:
        return text.rstrip("。"), ""
    return (
        reason["reason"].strip().rstrip("。") if reason else "",
        improvement["text"].strip().rstrip("。") if improvement else "",
    )


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
