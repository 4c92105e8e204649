"""Reading the approved targets of a district from a workbook: by its heads, wherever they stand, every complaint at once.

One row an indicator. Merged cells of unit and class hold for all their rows; a comparison and a unit in columns of their own
are put to the target. Nothing is guessed: what is not understood is a complaint that names sheet and cell as Excel shows them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from openpyxl.utils import get_column_letter

from budgets.money import AmountError, parse_number, plain
from indicators.approved import Approved, ApprovedLine, name_key
from indicators.policy import bare
from reports.documents.plaintext import printable
from reports.intake.errors import IntakeError
from reports.intake.formulas import Formulas
from reports.intake.workbook.reader import Complaint
from reports.intake.xlsx_file import Sheet

UNIT, CODE, LEVEL1, LEVEL2, NAME, SIGN, TARGET, MEASURE, WEIGHT, GOAL = HEADS = (
    "单位名称",
    "预算单位编码",
    "一级指标",
    "二级指标",
    "三级指标",
    "指标性质",
    "年度指标值",
    "计量单位",
    "分值",
    "年度总体目标",
)
ALIASES = {
    "单位": UNIT, "部门名称": UNIT, "部门": UNIT, "预算单位": UNIT, "部门单位名称": UNIT, "预算部门": UNIT,
    "单位编码": CODE, "预算编码": CODE, "单位代码": CODE,
    "指标名称": NAME, "绩效指标": NAME, "三级指标名称": NAME,
    "指标方向": SIGN, "比较符": SIGN, "指标符号": SIGN,
    "指标值": TARGET, "目标值": TARGET, "年度目标值": TARGET, "绩效指标值": TARGET, "年初目标值": TARGET,
    "度量单位": MEASURE, "指标单位": MEASURE,
    "权重": WEIGHT, "分值权重": WEIGHT, "指标权重": WEIGHT, "指标分值": WEIGHT,
    "总体目标": GOAL, "年度绩效目标": GOAL, "预期目标": GOAL, "年度目标": GOAL, "部门整体绩效目标": GOAL,
}  # fmt: skip
SIGNS = {
    "≥": "≥",
    ">=": "≥",
    "≤": "≤",
    "<=": "≤",
    ">": ">",
    "<": "<",
    "=": "=",
    "等于": "",
    "定性": "",
    "": "",
}
MOST_ROWS = 20_000
HEAD_ROWS = 30
LONGEST = {LEVEL1: 30, LEVEL2: 30, NAME: 200, TARGET: 200, GOAL: 2000}
FULL = Decimal(100)
SUMS = {"合计", "小计", "总计"}
_YEAR = re.compile(r"(20\d{2})\s*年")
_BRACKETS = re.compile(r"[（(].*?[)）]")


@dataclass(frozen=True)
class Unit:
    """A department as the list of the region knows it."""

    pk: int
    name: str
    code: str


@dataclass
class Reading:
    """What a workbook says."""

    sets: dict[int, Approved] = field(default_factory=dict)
    """By primary key of the department."""
    complaints: list[Complaint] = field(default_factory=list)


@dataclass
class _Found:
    goals: list[str] = field(default_factory=list)
    lines: list[ApprovedLine] = field(default_factory=list)
    seen: dict[tuple[str, str], str] = field(default_factory=dict)
    first: str = ""


def read_targets(sheets: Sequence[Sheet], year: int, units: Iterable[Unit]) -> Reading:
    """Every unit's set. Raises :class:`IntakeError` where no sheet has the heads."""
    reader = _Reader(year, list(units))
    for sheet in sheets:
        if sheet.hidden:
            continue
        reader.sheet(sheet)
    if not reader.tables:
        raise IntakeError(
            f"没有找到绩效指标表：表头应有“{UNIT}”“{NAME}”“{TARGET}”和“{WEIGHT}”，请使用下载的模板"
        )
    return reader.done()


class _Reader:
    def __init__(self, year: int, units: list[Unit]) -> None:
        self.year, self.tables = year, 0
        self.by_name = {_squeezed(unit.name): unit for unit in units}
        self.by_code = {unit.code: unit for unit in units if unit.code}
        self.found: dict[int, _Found] = {}
        self.reading = Reading()

    def done(self) -> Reading:
        for key, one in self.found.items():
            total = sum((line.weight for line in one.lines if line.weight is not None), Decimal(0))
            if total > FULL:
                sheet, _, cell = one.first.partition("!")
                self._complain(sheet, cell, WEIGHT, f"本单位分值合计{plain(total)}分", "合计不超过100分")
            self.reading.sets[key] = Approved(goals=tuple(one.goals), indicators=tuple(one.lines))
        if not self.reading.sets and not self.reading.complaints:
            raise IntakeError("表里没有填写任何单位的绩效目标")
        return self.reading

    def _complain(self, sheet: str, cell: str, label: str, found: str, expected: str) -> None:
        self.reading.complaints.append(Complaint(sheet, cell, label, found[:120], expected))

    # ------------------------------------------------------------------ one sheet

    def sheet(self, sheet: Sheet) -> None:
        view = _View(sheet)
        top, columns = view.heads()
        if not columns:
            return
        missing = [head for head in ((NAME, TARGET) if NAME in columns else (GOAL,)) if head not in columns]
        if missing or not {UNIT, CODE} & set(columns):
            wanted = "、".join(missing or [UNIT])
            self._complain(sheet.name, f"A{top}", "表头", "、".join(columns), f"还应有“{wanted}”一栏")
            self.tables += 1
            return
        self.tables += 1
        if max(row for row, _ in sheet.cells) >= MOST_ROWS:
            self._complain(
                sheet.name, f"A{MOST_ROWS}", "行数", "", f"每张工作表不超过{MOST_ROWS}行，请分成几个文件"
            )
        self._year(view, top)
        for row in view.rows(top, columns):
            self._row(view, columns, row)

    def _year(self, view: _View, top: int) -> None:
        """A year written above the heads has to be the one that is imported."""
        for (row, column), cell in sorted(view.sheet.cells.items()):
            if row >= top:
                return
            years = {int(year) for year in _YEAR.findall(unicodedata.normalize("NFKC", cell.text))}
            if years and self.year not in years:
                self._complain(
                    view.sheet.name, _cell(row, column), "年度", cell.text, f"{self.year}年度的绩效目标"
                )

    def _row(self, view: _View, columns: Mapping[str, int], row: int) -> None:
        texts = {head: view.text(row, column) for head, column in columns.items()}
        places = {head: view.cell(row, column) for head, column in columns.items()}
        if all(_head(texts[head]) == head for head in columns if texts[head]):
            return  # the heads once more, as on every printed page
        if any(_squeezed(texts.get(head, "")) in SUMS for head in (UNIT, LEVEL1, LEVEL2, NAME)):
            return
        for head, column in columns.items():
            if view.broken(row, column):
                self._complain(
                    view.sheet.name,
                    places[head],
                    head,
                    view.at(row, column).formula,
                    "公式没有结果，请改填数值",
                )
                return
        unit = self._unit(view, texts, places)
        one = self.found.setdefault(unit.pk, _Found()) if unit else _Found()
        one.first = one.first or f"{view.sheet.name}!{places.get(NAME) or places.get(GOAL)}"
        if texts.get(GOAL):
            for goal in filter(None, (line.strip() for line in texts[GOAL].split("\n"))):
                if self._fits(view, GOAL, goal, places) and goal not in one.goals:
                    one.goals.append(goal)
        if NAME in columns and any(
            view.own(row, columns[head]) for head in (NAME, TARGET, WEIGHT) if head in columns
        ):
            self._line(view, columns, row, texts, places, one)

    def _unit(self, view: _View, texts: Mapping[str, str], places: Mapping[str, str]) -> Unit | None:
        name, code = texts.get(UNIT, ""), texts.get(CODE, "")
        place = places.get(UNIT) or places[CODE]
        named, coded = self.by_name.get(_squeezed(name)), self.by_code.get(_squeezed(code))
        if not name and not code:
            expected = "填写单位名称；几行属于同一单位的，每行都填，或者合并这一栏"
            self._complain(view.sheet.name, place, UNIT, "", expected)
            return None
        if name and named is None:
            self._complain(view.sheet.name, place, UNIT, name, "本区县在用单位的全称，与单位名单一致")
            return None
        if code and coded is None and not name:
            self._complain(view.sheet.name, places[CODE], CODE, code, "单位名单里的预算单位编码")
            return None
        if named and coded and named != coded:
            self._complain(
                view.sheet.name, places[CODE], CODE, code, f"“{named.name}”的编码是{named.code or '（空）'}"
            )
            return None
        return named or coded

    def _line(
        self,
        view: _View,
        columns: Mapping[str, int],
        row: int,
        texts: Mapping[str, str],
        places: Mapping[str, str],
        one: _Found,
    ) -> None:
        sheet, before = view.sheet.name, len(self.reading.complaints)
        name = texts[NAME]
        if not view.own(row, columns[NAME]):
            self._complain(sheet, places[NAME], NAME, "", "填写三级指标名称，不需要这一行请删除")
            return
        for head in (LEVEL1, LEVEL2, NAME):
            self._fits(view, head, texts.get(head, ""), places)
        target = self._target(view, columns, row, texts, places)
        weight = self._weight(view, columns, row, texts, places)
        key = bare(texts.get(LEVEL2, "")), name_key(name)
        if key in one.seen:
            self._complain(
                sheet, places[NAME], NAME, name, f"同一单位的指标不重复；{one.seen[key]}已有这一项"
            )
        one.seen.setdefault(key, places[NAME])
        if len(self.reading.complaints) == before:
            one.lines.append(
                ApprovedLine(
                    level1=texts.get(LEVEL1, ""),
                    level2=texts.get(LEVEL2, ""),
                    name=name,
                    target=target,
                    weight=weight,
                )
            )

    def _target(
        self,
        view: _View,
        columns: Mapping[str, int],
        row: int,
        texts: Mapping[str, str],
        places: Mapping[str, str],
    ) -> str:
        value = texts.get(TARGET, "") if view.own(row, columns[TARGET]) else ""
        if not value:
            self._complain(
                view.sheet.name, places[TARGET], TARGET, "", "填写批复的指标值，如 ≥95%、12次、明显提升"
            )
            return ""
        sign = unicodedata.normalize("NFKC", texts.get(SIGN, "")).strip()
        if sign not in SIGNS:
            self._complain(view.sheet.name, places[SIGN], SIGN, sign, "≥、≤、＞、＜、＝ 或 定性")
            return ""
        measure = texts.get(MEASURE, "")
        if measure in ("无", "/", "-", "—"):
            measure = ""
        if measure and not unicodedata.normalize("NFKC", value).endswith(
            unicodedata.normalize("NFKC", measure)
        ):
            value += measure
        if SIGNS[sign] and value[0] not in "≥≤＞＜><=＝":
            value = SIGNS[sign] + value
        return value if self._fits(view, TARGET, value, places) else ""

    def _weight(
        self,
        view: _View,
        columns: Mapping[str, int],
        row: int,
        texts: Mapping[str, str],
        places: Mapping[str, str],
    ) -> Decimal | None:
        text = texts.get(WEIGHT, "")
        if not text or not view.own(row, columns[WEIGHT]):
            return None
        try:
            number = parse_number(
                unicodedata.normalize("NFKC", text).strip().removesuffix("分").removesuffix("%")
            )
        except AmountError:
            number = None
        if number is None or not 0 < number <= FULL or number != round(number, 2):
            self._complain(
                view.sheet.name, places[WEIGHT], WEIGHT, text, "大于0、不超过100的数，最多两位小数"
            )
            return None
        return number

    def _fits(self, view: _View, head: str, text: str, places: Mapping[str, str]) -> bool:
        if len(text) <= LONGEST[head]:
            return True
        self._complain(
            view.sheet.name, places[head], head, text, f"不超过{LONGEST[head]}个字，现有{len(text)}个字"
        )
        return False


class _View:
    """A sheet whose merged cells answer with what stands in their first cell."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.owner: dict[tuple[int, int], tuple[int, int]] = {}
        self.area: dict[tuple[int, int], tuple[int, int]] = {}
        height = max((row for row, _ in sheet.cells), default=0)
        width = max((column for _, column in sheet.cells), default=0)
        for top, left, bottom, right in sheet.merges:
            self.area[top, left] = min(bottom, MOST_ROWS), right
            for row in range(top, min(bottom, height, MOST_ROWS) + 1):
                for column in range(left, min(right, width) + 1):
                    self.owner[row, column] = top, left
        formulas = any(cell.formula and cell.value is None for cell in sheet.cells.values())
        self.computed = (
            Formulas({key: (cell.value, cell.formula) for key, cell in sheet.cells.items()})
            if formulas
            else None
        )

    def at(self, row: int, column: int):
        return self.sheet.at(*self.owner.get((row, column), (row, column)))

    def text(self, row: int, column: int) -> str:
        cell = self.at(row, column)
        if cell.value is None and cell.formula and self.computed is not None:
            place = self.owner.get((row, column), (row, column))
            cell = type(cell)(self.computed.value(*place), cell.formula, cell.percent)
        return printable(cell.text).strip(" \u3000\n")

    def broken(self, row: int, column: int) -> bool:
        """Whether a formula stands there that has no result."""
        return bool(self.at(row, column).formula) and not self.text(row, column)

    def own(self, row: int, column: int) -> bool:
        """Whether the row itself states it: not blank, and not only covered by a merge from above."""
        return self.owner.get((row, column), (row, column))[0] == row and bool(self.text(row, column))

    def cell(self, row: int, column: int) -> str:
        """As Excel shows it; a merged one by its first and last cell."""
        start = self.owner.get((row, column))
        if start is None:
            return _cell(row, column)
        bottom, right = self.area[start]
        return f"{_cell(*start)}:{_cell(bottom, right)}"

    def heads(self) -> tuple[int, dict[str, int]]:
        """The row with most of the known heads, and their columns; none where it is no such table."""
        best: tuple[int, dict[str, int]] = (0, {})
        rows = sorted({row for row, _ in self.sheet.cells if row <= HEAD_ROWS})
        width = max((column for _, column in self.sheet.cells), default=0)
        for row in rows:
            columns: dict[str, int] = {}
            for column in range(1, width + 1):
                head = _head(self.text(row, column))
                if head in HEADS:
                    columns.setdefault(head, column)
            if len(columns) > len(best[1]):
                best = row, columns
        enough = len(best[1]) >= 2 and (NAME in best[1] or GOAL in best[1])
        return best if enough else (0, {})

    def rows(self, top: int, columns: Mapping[str, int]) -> Iterable[int]:
        """Rows below the heads in which one of the columns states something."""
        wanted = set(columns.values())
        return sorted({row for (row, column) in self.sheet.cells if row > top and column in wanted})


def _cell(row: int, column: int) -> str:
    return f"{get_column_letter(column)}{row}"


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _head(text: str) -> str:
    """A head without brackets, blanks and signs, under its usual name."""
    word = re.sub(r"[*:：/、\s]+", "", unicodedata.normalize("NFKC", _BRACKETS.sub("", text)))
    return ALIASES.get(word, word)
