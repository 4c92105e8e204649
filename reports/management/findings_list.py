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
    for column, (_, width) in enumerate(COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
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
