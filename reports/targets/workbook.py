"""The workbook in which a bureau states the approved targets of its units: template, or filled with what is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from budgets.money import plain
from indicators.approved import Approved
from indicators.choices import LEVELS
from reports.documents.plaintext import printable
from reports.documents.safe_cells import put_text
from reports.targets.reader import GOAL, LEVEL1, LEVEL2, NAME, TARGET, UNIT, WEIGHT

INDICATORS, GOALS, UNITS, GUIDE = "绩效指标", "年度总体目标", "单位名单", "填写说明"
TOP = 3
"""Row of the heads."""
SPARE = 500
"""Rows below the last one that still offer the lists."""
_SIDE = Side(style="thin", color="9AA5B1")
_RULED = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
_HEAD = PatternFill("solid", fgColor="E3ECF7")
_WRAP = Alignment(wrap_text=True, vertical="center")
_CENTRED = Alignment(wrap_text=True, vertical="center", horizontal="center")

COLUMNS = (
    (UNIT, 28, "从列表中选取，与“单位名单”一致；同一单位的几行可以合并"),
    (LEVEL1, 14, "从列表中选取，如产出指标；几行相同的可以合并"),
    (LEVEL2, 18, "从列表中选取，如数量指标；几行相同的可以合并"),
    (NAME, 36, "批复的指标名称，同一单位不重复"),
    (TARGET, 24, "连同符号和计量单位，如 ≥95%、12次、明显提升"),
    (f"{WEIGHT}（分）", 11, "批复的分值，大于0、不超过100；没有批复分值的留空"),
)
GOAL_COLUMNS = (
    (UNIT, 28, "从列表中选取，与“单位名单”一致"),
    (GOAL, 90, "批复的年度总体目标，一条一行；一个单位有几条的，填几行"),
)
WORDS = (
    "一、“绩效指标”一行填一项三级指标，“年度总体目标”一行填一条目标；全区各单位填在同一张表里。",
    "二、各栏按表头名称读取，可以调整栏的顺序，可以合并单位和指标类别的单元格；表头上停留光标可以看到填写要求。",
    "三、只填部门整体支出的绩效目标，不填项目支出的。",
    "四、填好后在“批复目标”页面导入。系统先列出每个单位新增、更换和不变的内容以及全部需要改正的单元格，确认后才写入。",
    "五、没有填在表里的单位保持不变。更换已经导入的目标要写明理由，原来的版本保留备查。",
)


def write(title: str, units: Sequence[tuple[str, str]], sets: Mapping[str, Approved]) -> bytes:
    """The workbook as bytes: ``units`` are (name, budget code), ``sets`` what is stored by name of unit."""
    book = Workbook()
    sheet = book.active
    sheet.title = INDICATORS
    rows = [
        (
            unit,
            line.level1,
            line.level2,
            line.name,
            line.target,
            "" if line.weight is None else plain(line.weight),
        )
        for unit, approved in sets.items()
        for line in approved.indicators
    ]
    _table(sheet, f"{title}绩效指标", COLUMNS, rows)
    _lists(sheet, len(units), len(rows))
    goals = book.create_sheet(GOALS)
    lines = [(unit, goal) for unit, approved in sets.items() for goal in approved.goals]
    _table(goals, f"{title}年度总体目标", GOAL_COLUMNS, lines)
    _offer(goals, "A", f"={UNITS}!$A$2:$A${len(units) + 1}", len(lines), strict=True)
    _units(book.create_sheet(UNITS), units)
    _guide(book.create_sheet(GUIDE), title)
    book.properties.title = printable(title)
    book.properties.creator = book.properties.lastModifiedBy = "财政局"
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _table(
    sheet: Worksheet, title: str, columns: Sequence[tuple[str, int, str]], rows: Sequence[tuple[str, ...]]
) -> None:
    _put(sheet, 1, 1, title, bold=True, size=14)
    sheet.row_dimensions[1].height = 26
    for number, (head, width, hint) in enumerate(columns, 1):
        cell = _put(sheet, TOP, number, head, bold=True)
        cell.fill, cell.border, cell.alignment = _HEAD, _RULED, _CENTRED
        note = Comment(hint, "财政局")
        note.width, note.height = 260, 90
        cell.comment = note
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.row_dimensions[TOP].height = 24
    for offset, row in enumerate(rows, TOP + 1):
        for number, text in enumerate(row, 1):
            cell = _put(sheet, offset, number, text)
            cell.border, cell.alignment = _RULED, _WRAP
            if columns[number - 1][0].startswith(WEIGHT) and text:
                cell.value = float(text)
    last = TOP + len(rows) + SPARE
    for row in range(TOP + 1, last + 1):
        for number, (head, _, _) in enumerate(columns, 1):
            if not head.startswith(WEIGHT):
                sheet.cell(row, number).number_format = "@"
    sheet.freeze_panes = sheet.cell(TOP + 1, 2)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{TOP}:{TOP}"


def _lists(sheet: Worksheet, units: int, rows: int) -> None:
    _offer(sheet, "A", f"={UNITS}!$A$2:$A${units + 1}", rows, strict=True)
    _offer(sheet, "B", f'"{",".join(LEVELS)}"', rows)
    _offer(sheet, "C", f'"{",".join(name for names in LEVELS.values() for name in names)}"', rows)
    points = DataValidation(
        type="decimal", operator="between", formula1="0.01", formula2="100", allow_blank=True
    )
    points.error, points.errorTitle, points.showErrorMessage = "分值大于0、不超过100", "分值", True
    points.add(f"F{TOP + 1}:F{TOP + rows + SPARE}")
    sheet.add_data_validation(points)


def _offer(sheet: Worksheet, column: str, source: str, rows: int, *, strict: bool = False) -> None:
    """A drop-down list; ``strict`` refuses what is not in it."""
    made = DataValidation(type="list", formula1=source, allow_blank=True)
    made.showErrorMessage = strict
    made.error, made.errorTitle = "请从列表中选取", sheet.title
    made.add(f"{column}{TOP + 1}:{column}{TOP + rows + SPARE}")
    sheet.add_data_validation(made)


def _units(sheet: Worksheet, units: Sequence[tuple[str, str]]) -> None:
    for number, head in enumerate(("本区县在用单位", "编码"), 1):
        cell = _put(sheet, 1, number, head, bold=True)
        cell.fill, cell.border = _HEAD, _RULED
    for row, pair in enumerate(units, 2):
        for number, text in enumerate(pair, 1):
            _put(sheet, row, number, text).border = _RULED
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 36, 16


def _guide(sheet: Worksheet, title: str) -> None:
    _put(sheet, 1, 1, f"{title}绩效目标导入表", bold=True, size=14)
    for row, text in enumerate(WORDS, 3):
        _put(sheet, row, 1, text).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[row].height = 36
    sheet.column_dimensions["A"].width = 90


def _put(sheet: Worksheet, row: int, column: int, text: str, *, bold: bool = False, size: int = 11):
    cell = sheet.cell(row, column)
    cell.font = Font(name="宋体", size=size, bold=bold)
    return put_text(cell, text)
