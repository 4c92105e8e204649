"""CSV files for everybody (开放数据): UTF-8 with BOM, so that Excel reads Chinese, and safe from formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from decimal import Decimal

from budgets.money import plain
from reports.documents.safe_cells import csv_text

BOM = "\ufeff"


def safe(value: object) -> str:
    """A cell's text; what a spreadsheet would take for a formula gets an apostrophe, true numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return plain(value)
    return csv_text(str(value))


def csv_lines(head: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Lines of the file, one at a time, the BOM before the first."""
    yield BOM + _line(head)
    for row in rows:
        yield _line(safe(cell) for cell in row)


def _line(cells: Iterable[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue()
