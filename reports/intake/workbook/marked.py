"""A copy of a person's own workbook with the cells to be mended coloured and commented."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from io import BytesIO

from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from reports.intake.errors import IntakeError
from reports.intake.workbook.reader import Complaint
from reports.intake.xlsx_file import BROKEN

RED = PatternFill("solid", fgColor="FFC7CE")
AUTHOR = "绩效自评系统"


def marked(data: bytes, complaints: Iterable[Complaint]) -> bytes:
    """The workbook with a red cell and a comment for each complaint. Raises :class:`IntakeError`."""
    try:
        book = load_workbook(BytesIO(data), keep_links=False)
        by_cell: dict[tuple[str, str], list[str]] = defaultdict(list)
        for complaint in complaints:
            by_cell[complaint.sheet, complaint.cell.partition(":")[0]].append(
                f"填的是“{complaint.found}”：{complaint.expected}" if complaint.found else complaint.expected
            )
        for (name, place), words in by_cell.items():
            cell = book[name][place]
            cell.fill = RED
            comment = Comment("\n".join(words), AUTHOR)
            comment.width, comment.height = 280, 90
            cell.comment = comment
        first = next(iter(by_cell), None)
        if first is not None:
            book.active = book.sheetnames.index(first[0])
        buffer = BytesIO()
        book.save(buffer)
    except Exception as error:  # the library raises whatever a broken part makes it raise
        raise IntakeError(BROKEN) from error
    return buffer.getvalue()
