"""The workbook of a report: one sheet per annex with live formulas, and the body text on a last sheet.

Numbers are numbers (exact decimals), texts are texts whatever they begin with. What the program computes is locked, what
a person fills in is not; the protection has no password and only guards against slips. A formula has no cached value:
the workbook is recalculated when it is opened.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Border, Font, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.properties import CalcProperties
from openpyxl.worksheet.worksheet import Worksheet

from reports.documents.grid import Placed, fractions, header_rows, place
from reports.documents.linebreak import break_lines
from reports.documents.model import (
    Align,
    Annex,
    Block,
    Cell,
    Enclosures,
    Heading,
    Paragraph,
    ReportDocument,
    Signature,
    Table,
)
from reports.documents.plaintext import paragraphs, printable
from reports.documents.safe_cells import put_text
from reports.documents.zipped import moment, rezip

BODY_SHEET = "报告正文"

FORMATS = {"amount": "0.00", "percent": "0.00%", "score": "0.00", "integer": "0", "text": "General"}
"""Number formats by ``Cell.format``; amounts look as on paper, in 万元 without separators."""

_SIZE = 10.5
_TALLEST = 409.0
"""Points; Excel takes no taller row."""

_WIDTHS = {True: 132.0, False: 88.0}
"""Width of a landscape and of an upright sheet, in characters of the standard font."""

_LONGEST_NAME = 31
_BAD_IN_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_NAME = re.compile(r"\{([^{}]+)\}")
_INCH = 25.4

_THIN = Side(style="thin")
_RULED = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_FANG = Font(name="仿宋_GB2312", size=_SIZE)
_HEI = Font(name="黑体", size=_SIZE)
_KAI = Font(name="楷体_GB2312", size=12)
_HEI_HEADING = Font(name="黑体", size=12)
_TEXT = Font(name="仿宋_GB2312", size=12)
_TITLE = Font(name="方正小标宋简体", size=18)
_HEADINGS = {1: _HEI_HEADING, 2: _KAI, 3: _TEXT, 4: _TEXT}
_OPEN = Protection(locked=False)
_LOCKED = Protection(locked=True)


def to_xlsx(document: ReportDocument) -> bytes:
    """The document as a workbook; the same document gives the same bytes."""
    book = Workbook()
    book.remove(book.active)
    at = moment(document.created)
    properties = book.properties
    properties.title, properties.subject = printable(document.title), printable(document.subject)
    properties.creator = properties.lastModifiedBy = printable(document.author)
    properties.language = "zh-CN"
    properties.created = properties.modified = at.replace(tzinfo=None)
    names: set[str] = set()
    for annex in document.annexes:
        _annex_sheet(book, document, annex, sheet_name(annex.sheet, names))
    for extra in document.workbook:
        _annex_sheet(book, document, extra, sheet_name(extra.sheet, names))
    _body_sheet(book, document, sheet_name(BODY_SHEET, names))
    book.calculation = CalcProperties(fullCalcOnLoad=True)
    buffer = BytesIO()
    book.save(buffer)
    return rezip(buffer.getvalue(), at)


def sheet_name(wanted: str, taken: set[str]) -> str:
    """A name that Excel accepts and that no other sheet of the book has."""
    base = _BAD_IN_NAME.sub("", printable(wanted)).strip(" '")[:_LONGEST_NAME] or "附件"
    name, number = base, 1
    while name.casefold() in taken:
        number += 1
        mark = f"({number})"
        name = base[: _LONGEST_NAME - len(mark)] + mark
    taken.add(name.casefold())
    return name


def _annex_sheet(book: Workbook, document: ReportDocument, annex: Annex, name: str) -> None:
    sheet = _Sheet(book.create_sheet(name), annex.blocks, landscape=annex.landscape)
    for text in paragraphs(annex.mark):
        sheet.text(text, Font(name="黑体", size=14), "left")
    sheet.title(annex.title)
    sheet.blocks(annex.blocks)
    sheet.finish(document)


def _body_sheet(book: Workbook, document: ReportDocument, name: str) -> None:
    sheet = _Sheet(book.create_sheet(name), document.body, landscape=False)
    sheet.title(document.title)
    for label, value in document.cover.lines if document.cover else ():
        label, value = " ".join(paragraphs(label)), " ".join(paragraphs(value))
        sheet.text(f"{label}：{value}", _TEXT, "left", indent="　　")
    sheet.blocks(document.body)
    sheet.finish(document)


@dataclass
class _Sheet:
    """A worksheet that is filled from above. Tables with other columns share one grid by merged cells."""

    sheet: Worksheet
    content: Sequence[Block]
    landscape: bool
    row: int = 0
    """Rows filled so far."""
    edges: list[float] = field(default_factory=list)
    heads: str | None = None
    leader: Table | None = None
    names: dict[str, str] = field(default_factory=dict)
    waiting: list[tuple[SheetCell, Cell]] = field(default_factory=list)

    def __post_init__(self) -> None:
        tables = [block for block in self.content if isinstance(block, Table)]
        self.edges = common_edges(tables)
        # A sheet repeats one head only: that of the longest table.
        self.leader = max(
            (table for table in tables if table.header_rows), key=lambda table: len(table.rows), default=None
        )
        self.wide = _WIDTHS[self.landscape]
        for number, (left, right) in enumerate(zip(self.edges, self.edges[1:], strict=False), 1):
            self.sheet.column_dimensions[get_column_letter(number)].width = round(
                (right - left) * self.wide, 2
            )

    @property
    def columns(self) -> int:
        return len(self.edges) - 1

    # Text across all columns

    def text(self, text: str, font: Font, align: Align, *, indent: str = "", gap: float = 4.0) -> None:
        """One text in a row of its own, over the whole width."""
        self.row += 1
        cell = self.sheet.cell(self.row, 1)
        put_text(cell, indent + text)
        cell.font = font
        cell.alignment = Alignment(horizontal=align, vertical="center", wrap_text=True)
        if self.columns > 1:
            self.sheet.merge_cells(
                start_row=self.row, end_row=self.row, start_column=1, end_column=self.columns
            )
        lines = _lines(indent + text, self.wide, font.size)
        self.sheet.row_dimensions[self.row].height = min(_TALLEST, round(lines * font.size * 1.35 + gap, 1))

    def title(self, title: str) -> None:
        for text in paragraphs(title):
            self.text(text, _TITLE, "center", gap=10.0)

    def blocks(self, blocks: Sequence[Block]) -> None:
        for block in blocks:
            match block:
                case Heading():
                    self.text(" ".join(paragraphs(block.text)), _HEADINGS[block.level], "left", indent="　　")
                case Paragraph():
                    for text in paragraphs(block.text):
                        self.text(text, _TEXT, "left", indent="　　")
                case Table():
                    self.table(block)
                case Enclosures():
                    for text in block.texts:
                        self.text(text, _TEXT, "left", indent="　　")
                case Signature():
                    for line in block.lines:
                        for text in paragraphs(line):
                            self.text(text + "　　　　", _TEXT, "right")

    # Tables

    def table(self, table: Table) -> None:
        for text in paragraphs(table.title):
            self.text(text, Font(name="黑体", size=12), "center")
        for text in paragraphs(table.unit):
            self.text(text, _FANG, "right")
        first = self.row + 1
        head = header_rows(table)
        if head and table is self.leader and self.heads is None:
            self.heads = f"{first}:{first + head - 1}"
        places = _column_places(table, self.edges)
        least = [max(_SIZE * 1.35 + 6, (row.min_height or 0) / _INCH * 72) for row in table.rows]
        spans: list[tuple[int, int, float]] = []
        for placed in place(table):
            start, end = places[placed.column], places[placed.column + placed.colspan]
            self._cell(placed, first, start, end, head)
            width = (self.edges[end] - self.edges[start]) * self.wide - 1.5
            need = _lines(_cell_text(placed.cell), width, _SIZE) * _SIZE * 1.35 + 6
            if placed.rowspan == 1:
                least[placed.row] = max(least[placed.row], need)
            else:
                spans.append((placed.row, placed.rowspan, need))
        for start, count, need in sorted(spans, key=lambda span: span[1]):
            missing = need - sum(least[start : start + count])
            if missing > 0:
                for row in range(start, start + count):
                    least[row] += missing / count
        for number, height in enumerate(least):
            self.sheet.row_dimensions[first + number].height = min(_TALLEST, round(height, 1))
        self.row += len(table.rows)
        for text in paragraphs(table.note):
            self.text(text, _FANG, "left")

    def _cell(self, placed: Placed, first: int, start: int, end: int, head: int) -> None:
        """Write one cell; ``start`` and ``end`` are edges of the sheet's grid."""
        top, bottom = first + placed.row, first + placed.row + placed.rowspan - 1
        cell = placed.cell
        for row in range(top, bottom + 1):
            for column in range(start + 1, end + 1):
                self.sheet.cell(row, column).border = _RULED
        written = self.sheet.cell(top, start + 1)
        written.font = _HEI if cell.bold or placed.row < head else _FANG
        written.alignment = Alignment(horizontal=cell.align, vertical="center", wrap_text=True)
        typed = cell.formula is None and (cell.where is not None or cell.number is not None)
        protection = _OPEN if typed else _LOCKED
        for row in range(top, bottom + 1):
            for column in range(start + 1, end + 1):
                self.sheet.cell(row, column).protection = protection
        if top != bottom or start + 1 != end:
            self.sheet.merge_cells(start_row=top, end_row=bottom, start_column=start + 1, end_column=end)
        if cell.name:
            self.names.setdefault(cell.name, written.coordinate)
        if cell.formula:
            self.waiting.append((written, cell))
        else:
            _put_value(written, cell)

    # The finished sheet

    def finish(self, document: ReportDocument) -> None:
        """Formulas, once all names are known; then print settings and protection."""
        for written, cell in self.waiting:
            formula = _resolved(cell.formula or "", self.names)
            if formula is None:
                _put_value(written, cell)
            else:
                written.value = formula
                written.number_format = FORMATS[cell.format]
        sheet = self.sheet
        last = f"{get_column_letter(max(1, self.columns))}{max(1, self.row)}"
        sheet.print_area = f"A1:{last}"
        if self.heads:
            sheet.print_title_rows = self.heads
        sheet.page_setup.orientation = "landscape" if self.landscape else "portrait"
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.print_options.horizontalCentered = True
        margins = sheet.page_margins
        margins.left = margins.right = 20 / _INCH
        margins.top = margins.bottom = 22 / _INCH
        margins.header = margins.footer = 10 / _INCH
        footer = sheet.HeaderFooter
        footer.differentOddEven = True
        footer.oddFooter.right.text, footer.evenFooter.left.text = "— &P —", "— &P —"
        if watermark := _plain_footer(document.watermark):
            footer.oddHeader.center.text = footer.evenHeader.center.text = watermark
        if verification := _plain_footer(document.footer):
            footer.oddFooter.center.text = footer.evenFooter.center.text = verification
        protection = sheet.protection
        protection.sheet = True
        protection.formatColumns = protection.formatRows = protection.formatCells = False


def common_edges(tables: Sequence[Table]) -> list[float]:
    """Edges of columns from 0 to 1 that all tables of a sheet share; eight even columns when there is no table.

    (A single column as wide as the sheet would not be scaled to the page by every office program.)
    """
    found = {0.0, 1.0} if tables else {part / 8 for part in range(9)}
    for table in tables:
        edge = 0.0
        for part in fractions(table)[:-1]:
            edge += part
            found.add(edge)
    edges: list[float] = []
    for edge in sorted(found):
        if not edges or edge - edges[-1] > _same(tables):
            edges.append(edge)
    edges[-1] = 1.0
    return edges


def _same(tables: Sequence[Table]) -> float:
    """Edges nearer than this are one edge: less than half of the thinnest column."""
    thinnest = min((min(fractions(table)) for table in tables), default=1.0)
    return min(0.004, thinnest / 2)


def _column_places(table: Table, edges: list[float]) -> list[int]:
    """For each column edge of the table its place among the edges of the sheet."""
    places, edge = [0], 0.0
    for part in fractions(table):
        edge += part
        nearest = min(range(len(edges)), key=lambda place: abs(edges[place] - edge))
        places.append(max(nearest, places[-1] + 1))
    places[-1] = len(edges) - 1
    return places


def _resolved(formula: str, names: dict[str, str]) -> str | None:
    """The formula with coordinates for names; ``None`` if a name is unknown, so that no broken formula is written."""
    if any(name not in names for name in _NAME.findall(formula)):
        return None
    return _NAME.sub(lambda match: names[match[1]], formula)


def _put_value(written: SheetCell, cell: Cell) -> None:
    """The exact number when there is one, else the text."""
    if cell.number is not None:
        try:
            number = Decimal(cell.number)
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite():
            written.value = number
            written.number_format = FORMATS[cell.format]
            return
    if cell.format != "text":
        written.number_format = FORMATS[cell.format]
    put_text(written, _cell_text(cell))


def _cell_text(cell: Cell) -> str:
    text = printable(cell.text).strip(" \n")
    return text.rstrip("\u3000") if cell.align == "left" else text.strip("\u3000")


def _lines(text: str, width: float, size: float) -> int:
    """Lines that a text takes in a cell of this width (characters of the standard font)."""
    scale = size / _SIZE

    def advance(char: str) -> float:
        return (1.1 if char.isascii() else 2.05) * scale

    return len(break_lines(text, max(width, 2.2 * scale), advance)) if text else 1


def _plain_footer(text: str) -> str:
    """``&`` begins a code in a page header or footer."""
    return " ".join(paragraphs(text)).replace("&", "&&")[:200]


__all__ = ["BODY_SHEET", "FORMATS", "to_xlsx"]
