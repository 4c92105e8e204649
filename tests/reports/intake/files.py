"""Office files made for the tests of intake: our own printers' and hand-made ones."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import xlwt
from docx import Document
from openpyxl import load_workbook

from indicators.policy import DEFAULT_POLICY, load_policy
from indicators.scoring import score
from reports.documents import compose, to_docx, to_pdf, to_xlsx
from reports.dossier import Dossier
from reports.outline import load_outline

PRINTERS = {"docx": to_docx, "pdf": to_pdf, "xlsx": to_xlsx}


def printed(dossier: Dossier, kind: str, watermark: str = "") -> bytes:
    """The dossier's report as a file."""
    card = score(dossier.profile, dossier.money, dossier.indicators, load_policy(DEFAULT_POLICY))
    document = compose(dossier, card, [], load_outline(), watermark=watermark)
    return PRINTERS[kind](document)


def said(dossier: Dossier) -> dict[str, Any]:
    """What a dossier says, without the places where it was read."""
    data = dossier.model_dump(mode="json", exclude={"origins", "unread"})
    data["coverage"] = sorted(data["coverage"])
    return data


def word(*items: str | list[list[str]]) -> bytes:
    """A Word file of paragraphs and tables."""
    document = Document()
    for item in items:
        if isinstance(item, str):
            document.add_paragraph(item)
            continue
        table = document.add_table(rows=len(item), cols=max(len(row) for row in item))
        for row, texts in zip(table.rows, item, strict=True):
            for cell, text in zip(row.cells, texts, strict=False):
                cell.text = text
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def as_xls(data: bytes) -> bytes:
    """A workbook as Excel 97 keeps it: values, number formats and merged cells."""
    made = xlwt.Workbook()
    for sheet in load_workbook(BytesIO(data)):
        other = made.add_sheet(sheet.title)
        inner: set[tuple[int, int]] = set()
        for area in sheet.merged_cells.ranges:
            inner |= set(area.cells) - {(area.min_row, area.min_col)}
            other.merge(area.min_row - 1, area.max_row - 1, area.min_col - 1, area.max_col - 1)
        for cell in (cell for cells in sheet.iter_rows() for cell in cells):
            if cell.value is not None and (cell.row, cell.column) not in inner:
                style = xlwt.easyxf(num_format_str=cell.number_format)
                other.write(cell.row - 1, cell.column - 1, cell.value, style)
    buffer = BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def repacked(data: bytes, **parts: bytes | None) -> bytes:
    """The package with parts added or replaced; names with ``__`` for slashes are not needed, keys are paths."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            if content is not None:
                new.writestr(name, content)
    return target.getvalue()
