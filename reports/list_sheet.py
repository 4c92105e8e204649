"""Lists as a worksheet: a title, ruled rows, fit to print on A4 across."""

from __future__ import annotations

from collections.abc import Iterable

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from reports.documents.safe_cells import put_text

_LINE = Side(style="thin")
_RULED = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


def add_list(
    book: Workbook,
    name: str,
    title: str,
    columns: tuple[tuple[str, int], ...],
    rows: Iterable[tuple[object, ...]],
) -> None:
    """Add a sheet to a write-only workbook: title, heads (with widths in characters) and rows; every text stays text."""
    sheet = book.create_sheet(name)
    for number, (_, width) in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "A3"
    sheet.print_title_rows = "1:2"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.merged_cells.ranges.add(f"A1:{get_column_letter(len(columns))}1")
    sheet.append([_cell(sheet, title, Font(name="方正小标宋简体", size=18), ruled=False, centred=True)])
    sheet.append([_cell(sheet, head, Font(name="黑体", size=10.5), centred=True) for head, _ in columns])
    font = Font(name="仿宋_GB2312", size=10.5)
    for row in rows:
        sheet.append([_cell(sheet, value, font, centred=isinstance(value, int)) for value in row])


def _cell(
    sheet: object, value: object, font: Font, *, ruled: bool = True, centred: bool = False
) -> WriteOnlyCell:
    """A number as a number, a text as a text."""
    cell = WriteOnlyCell(sheet, value=value if isinstance(value, int) else None)
    if isinstance(value, str):
        put_text(cell, value)
    cell.font = font
    cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center" if centred else "left")
    if ruled:
        cell.border = _RULED
    return cell
