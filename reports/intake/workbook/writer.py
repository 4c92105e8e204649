"""Writing the official workbook: prefilled, lists to pick from, units in heads, explanations, all but the fields locked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from typing import Any

from django import forms
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from budgets.money import AmountError, parse_number
from indicators.choices import LEVELS
from reports.documents.plaintext import printable
from reports.documents.safe_cells import put_text
from reports.intake.workbook import layout
from reports.intake.workbook.header import Header
from reports.intake.workbook.layout import END, GUIDE_SHEET, HIDDEN_SHEET, MARK, PROJECT, Block
from reports.workspace.fields import NumberField, TextField
from reports.workspace.rows import Draft

_SIDE = Side(style="thin", color="9AA5B1")
RULED = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
INPUT = PatternFill("solid", fgColor="FFFBE6")
HEAD = PatternFill("solid", fgColor="E3ECF7")
_TITLE, _BLOCK, _PLAIN, _QUIET = (
    Font(name="宋体", size=16, bold=True),
    Font(name="宋体", size=12, bold=True),
    Font(name="宋体", size=11),
    Font(name="宋体", size=10, color="5B6672"),
)
_BOLD = Font(name="宋体", size=11, bold=True)
_OPEN = Protection(locked=False)
_WRAP = Alignment(wrap_text=True, vertical="center")
_TOP = Alignment(wrap_text=True, vertical="top")
FIRST = 3
"""First column that is filled in: A holds the keys, B the labels."""
LONG_SPAN = 4
LONGEST_LIST = 250
TALLEST = 400.0

GUIDE = (
    "一、浅黄色的格子可以填写，其他格子已锁定。金额单位都是万元，直接填数字；没有发生的填 0，没有数据的留空。",
    "二、有下拉箭头的格子从列表中选取。把光标停在表头上，可以看到填写说明。",
    "三、不要合并单元格，不要改动工作表名称和隐藏的列。行数不够时，在最后一行的下面先在网上填报页增加，再重新下载。",
    "四、填好后在填报页“导入”上传。系统先列出会改动哪些内容，确认后才写入；有错的格子会逐个指出。",
    "五、可以只填一部分，空着的表格上传后也会列为改动，请在确认时不勾选对应部分。",
)


def write(header: Header, drafts: Mapping[str, Draft], projects: Mapping[str, str]) -> bytes:
    """The workbook as bytes.

    ``drafts`` are the stored texts by section (a project's own under ``project:<uid>``), ``projects`` names by uid.
    """
    book = Workbook()
    guide = book.active
    guide.title = GUIDE_SHEET
    columns: dict[str, tuple[str, ...]] = {}
    for title, members in layout.blocks(header.outline):
        sheet = _SheetWriter(book.create_sheet(title), header, drafts, projects)
        for block in members:
            sheet.block(block)
            columns[block.key] = block.columns
        sheet.finish()
    _guide(guide, header)
    _hidden(book, replace(header, columns=columns), projects)
    book.properties.title = f"{header.year}年度部门整体支出绩效自评工作簿"
    book.properties.creator = book.properties.lastModifiedBy = printable(header.department)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _guide(sheet: Worksheet, header: Header) -> None:
    put(sheet.cell(1, 1), f"{header.year}年度部门整体支出绩效自评工作簿", _TITLE)
    put(sheet.cell(2, 1), f"填报单位：{header.department}", _PLAIN)
    put(sheet.cell(3, 1), f"模板第{header.version}版　下载时间：{header.made}", _QUIET)
    for number, text in enumerate(GUIDE, 5):
        put(sheet.cell(number, 1), text, _PLAIN).alignment = _TOP
        sheet.row_dimensions[number].height = 34
    sheet.column_dimensions["A"].width = 76
    sheet.print_area = f"A1:A{len(GUIDE) + 4}"
    _protect(sheet)
    _paper(sheet, landscape=False)


def _hidden(book: Workbook, header: Header, projects: Mapping[str, str]) -> None:
    sheet = book.create_sheet(HIDDEN_SHEET)
    for number, (name, value) in enumerate(header.rows(), 1):
        put(sheet.cell(number, 1), name, _PLAIN)
        put(sheet.cell(number, 2), value, _PLAIN)
        if name in ("version", "year", "department"):
            place = f"{quote_sheetname(HIDDEN_SHEET)}!$B${number}"
            book.defined_names[f"evalsite_{name}"] = DefinedName(f"evalsite_{name}", attr_text=place)
    for number, name in enumerate(projects.values(), 1):
        put(sheet.cell(number, 4), name, _PLAIN)
    _protect(sheet)
    sheet.sheet_state = "veryHidden"


def put(cell: Cell, text: str, font: Font) -> Cell:
    """A text in its font."""
    cell.font = font
    return put_text(cell, text)


def _protect(sheet: Worksheet) -> None:
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = sheet.protection.formatCells = False


def _paper(sheet: Worksheet, *, landscape: bool) -> None:
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


class _SheetWriter:
    """One sheet, filled from above."""

    def __init__(
        self, sheet: Worksheet, header: Header, drafts: Mapping[str, Draft], projects: Mapping[str, str]
    ) -> None:
        self.sheet, self.drafts, self.projects = sheet, drafts, projects
        self.row = 1
        self.widths: dict[int, float] = {2: 30}
        self.lists: dict[str, DataValidation] = {}
        put(sheet.cell(1, 2), f"{header.department}　{header.year}年度　{sheet.title}", _TITLE)
        sheet.row_dimensions[1].height = 28
        sheet.freeze_panes = "C2"

    def block(self, block: Block) -> None:
        """Title, heads and rows of one block."""
        self.row += 2
        put(self.sheet.cell(self.row, 2), block.title, _BLOCK)
        if block.help:
            put(self.sheet.cell(self.row, FIRST), block.help, _QUIET)
        self.row += 1
        put(self.sheet.cell(self.row, 1), f"{MARK}{block.key}", _QUIET)
        self._heads(block)
        if block.kind == "rows":
            self._rows(block)
        else:
            self._fixed(block)
        self.row += 1
        put(self.sheet.cell(self.row, 1), END, _QUIET)

    def _heads(self, block: Block) -> None:
        first = {"rows": "序号", "texts": "章节"}.get(block.kind, "项目")
        heads = [(2, first, None)]
        heads += [(number, self._head(block, name), name) for number, name in enumerate(block.columns, FIRST)]
        if block.kind in ("object", "texts"):
            heads.append((FIRST + self._span(block), "填写说明", None))
            self._over(block)
        for number, text, name in heads:
            cell = put(self.sheet.cell(self.row, number), text, _BOLD)
            cell.fill, cell.border = HEAD, RULED
            cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
            item = block.fields.get(name) if name else None
            if item is not None:
                hint = " ".join(
                    filter(None, (str(item.help_text or ""), f"填写要求：{layout.expected(item)}。"))
                )
                _comment(cell, hint)
                self._widen(number, layout.width(item))
        if PROJECT in block.columns:
            self._widen(FIRST, layout.width(None))
        if block.kind == "texts":
            self._widen(FIRST, 80)
            self._widen(FIRST + 1, 30)
        elif block.kind == "object":
            self._widen(FIRST, 20)
            self._widen(FIRST + self._span(block), 30 if self._span(block) == 1 else 15)
        self.sheet.row_dimensions[self.row].height = 32

    def _head(self, block: Block, name: str) -> str:
        return "填写内容" if name == "value" else block.head(name)

    def _span(self, block: Block) -> int:
        """Columns that the value of an ``object`` takes: several where it is a text among amounts."""
        long = block.kind == "object" and any(isinstance(item, TextField) for item in block.fields.values())
        return LONG_SPAN if long else 1

    def _over(self, block: Block) -> None:
        """Put the value's columns of this row together."""
        if (span := self._span(block)) > 1:
            self.sheet.merge_cells(
                start_row=self.row, end_row=self.row, start_column=FIRST, end_column=FIRST + span - 1
            )

    def _widen(self, column: int, width: float) -> None:
        self.widths[column] = max(self.widths.get(column, 0), width)

    def _fixed(self, block: Block) -> None:
        texts = self.drafts.get(block.section, Draft()).texts
        for key, label in block.rows:
            self.row += 1
            put(self.sheet.cell(self.row, 1), key, _QUIET)
            head = put(self.sheet.cell(self.row, 2), label, _PLAIN)
            head.border, head.alignment = RULED, _WRAP
            if block.kind == "lines":
                for number, name in enumerate(block.columns, FIRST):
                    self._input(
                        number, block.fields[name], texts.get(f"{block.part.prefix}.{key}.{name}", "")
                    )
                continue
            item = block.fields[key]
            text = texts.get(f"{block.part.prefix}.{key}", "")
            self._input(FIRST, item, text)
            self._over(block)
            hint = put(
                self.sheet.cell(self.row, FIRST + self._span(block)),
                str(item.help_text or layout.expected(item)),
                _QUIET,
            )
            hint.border, hint.alignment = RULED, _WRAP
            if isinstance(item, TextField):
                lines = sum(
                    1 + len(part) // (38 if block.kind == "texts" else 22) for part in text.split("\n")
                )
                self.sheet.row_dimensions[self.row].height = min(TALLEST, max(60.0, 16.0 * lines))

    def _rows(self, block: Block) -> None:
        filled = list(self._filled(block))
        for number in range(len(filled) + block.spare):
            self.row += 1
            name, values = filled[number] if number < len(filled) else ("", {})
            put(self.sheet.cell(self.row, 1), name, _QUIET)
            put(self.sheet.cell(self.row, 2), str(number + 1), _PLAIN).border = RULED
            self.sheet.cell(self.row, 2).alignment = Alignment(horizontal="center", vertical="center")
            tallest = 1
            for column, key in enumerate(block.columns, FIRST):
                text = values.get(key, "")
                self._input(column, block.fields.get(key), text)
                room = max(self.widths.get(column, 15) / 2.1, 4)
                tallest = max(tallest, sum(1 + int(len(part) / room) for part in text.split("\n")))
            self.sheet.row_dimensions[self.row].height = min(TALLEST, 15.5 * tallest + 4)

    def _filled(self, block: Block) -> list[tuple[str, dict[str, str]]]:
        """Rows that hold something: name and texts."""
        found = []
        if not block.project:
            prefix = block.part.prefix
            draft = self.drafts.get(block.section, Draft())
            for name in draft.rows.get(prefix, []):
                found.append(
                    (name, {key: draft.texts.get(f"{prefix}.{name}.{key}", "") for key in block.fields})
                )
            return found
        kind = block.key.rpartition(".")[2]
        for uid, called in self.projects.items():
            draft = self.drafts.get(f"project:{uid}", Draft())
            prefix = f"{layout.SHEETS}.{uid}.{kind}"
            if kind == "assessment":
                values = {key: draft.texts.get(f"{prefix}.{key}", "") for key in block.fields}
                if any(values.values()):
                    found.append((uid, {PROJECT: called, **values}))
                continue
            for name in draft.rows.get(prefix, []):
                values = {key: draft.texts.get(f"{prefix}.{name}.{key}", "") for key in block.fields}
                found.append((name, {PROJECT: called, **values}))
        return found

    def _input(self, column: int, item: forms.Field | None, text: str) -> None:
        """One cell to be filled in."""
        cell = self.sheet.cell(self.row, column)
        cell.protection, cell.border, cell.fill = _OPEN, RULED, INPUT
        number = _number(item, text)
        if number is not None:
            cell.value, cell.font = number, _PLAIN
        else:
            put(cell, _shown(item, text), _PLAIN)
        if isinstance(item, NumberField):
            cell.alignment = Alignment(horizontal="right", vertical="center")
            whole = layout.expected(item).startswith("不小于")
            cell.number_format = (
                "0" if whole else "0.00####" if "万元" in layout.expected(item) else "General"
            )
        else:
            cell.alignment = _TOP if isinstance(item, TextField) else _WRAP
            cell.number_format = "@"
        if rule := self._list(item):
            rule.add(cell)

    def _list(self, item: forms.Field | None) -> DataValidation | None:
        """The drop-down list of a field, made once a sheet."""
        strict = True
        if item is None:
            count = max(len(self.projects), 1) + SPARE_NAMES
            formula, key = f"{quote_sheetname(HIDDEN_SHEET)}!$D$1:$D${count}", PROJECT
            strict = False
        else:
            words = [shown for _, shown in layout.options(item)]
            if not words and str(item.label) == "二级指标":
                words, strict = (
                    list(dict.fromkeys(name for names in LEVELS.values() for name in names)),
                    False,
                )
            elif not words:
                return None
            strict = strict and str(item.label) != "一级指标"
            formula = f'"{",".join(words)}"'
            key = formula
            if len(formula) > LONGEST_LIST:
                return None
        if key not in self.lists:
            rule = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=strict)
            rule.error, rule.errorTitle = "请从列表中选取", "填写有误"
            self.sheet.add_data_validation(rule)
            self.lists[key] = rule
        return self.lists[key]

    def finish(self) -> None:
        """Widths, hidden keys, protection and print settings."""
        sheet = self.sheet
        sheet.column_dimensions["A"].hidden = True
        for column, width in self.widths.items():
            sheet.column_dimensions[get_column_letter(column)].width = width
        for row in range(1, self.row + 1):
            sheet.cell(row, 1).protection = Protection(locked=True, hidden=True)
        _protect(sheet)
        _paper(sheet, landscape=sum(self.widths.values()) > 95)
        sheet.print_area = f"B1:{get_column_letter(max(self.widths))}{self.row}"


SPARE_NAMES = 30


def _number(item: forms.Field | None, text: str) -> Decimal | None:
    """A number where the text is exactly one; else the text is kept as typed."""
    if not isinstance(item, NumberField) or not text.strip():
        return None
    try:
        return parse_number(text)
    except AmountError:
        return None


def _shown(item: Any, text: str) -> str:
    """What a cell shows for a stored text: the words of a choice."""
    return dict(layout.options(item)).get(text, text) if item is not None else text


def _comment(cell: Cell, text: str) -> None:
    comment = Comment(text, "绩效自评系统")
    comment.width, comment.height = 260, 40 + 18 * (len(text) // 18)
    cell.comment = comment
