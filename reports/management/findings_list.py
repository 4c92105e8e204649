"""Findings of many files as one workbook: file, unit, level, place, message, how to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from reports.documents.safe_cells import put_text
from reports.findings import LEVEL_LABELS
from reports.intake.wording import width
from reports.places import place

if TYPE_CHECKING:
    from reports.management.commands.evaluate import Evaluated

COLUMNS = (
    ("文件", 30),
    ("单位", 24),
    ("年度", 8),
    ("级别", 8),
    ("位置", 28),
    ("核对发现", 60),
    ("修改建议", 40),
    ("规则", 24),
)


LINE, TALLEST = 15.0, 409.0
"""Points of one line of text, and of the highest row that Excel takes."""


def findings_list(results: Sequence[Evaluated]) -> bytes:
    """One row a finding; a file that could not be read has its sentence, one without findings a row that says so."""
    book = Workbook()
    sheet = book.active
    sheet.title = "核对发现"
    rows = [tuple(title for title, _ in COLUMNS), *(row for result in results for row in _rows(result))]
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row, 1):
            cell = put_text(sheet.cell(number, column), text)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == 1:
                cell.font = Font(bold=True)
        # Not every program makes a row as high as its wrapped text when it opens the file.
        lines = max(-(-width(text) // wide) for text, (_, wide) in zip(row, COLUMNS, strict=True))
        sheet.row_dimensions[number].height = min(TALLEST, max(lines, 1) * LINE)
    for column, (_, wide) in enumerate(COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(column)].width = wide
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}{len(rows)}"
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _rows(result: Evaluated) -> list[tuple[str, ...]]:
    if result.dossier is None:
        return [(result.file, "", "", "读不了", "", result.error, "", "")]
    head = (result.file, result.dossier.profile.department, str(result.dossier.year))
    if not result.findings:
        return [(*head, "", "", "没有核对发现", "", "")]
    return [
        (
            *head,
            LEVEL_LABELS[finding.level],
            place(finding.where, result.dossier).short,
            finding.message,
            finding.fix,
            finding.code,
        )
        for finding in result.findings
    ]
