"""Workbooks (.xlsx, .xls) as sheets of plain cells, and a report's workbook as lines and grids.

Numbers come as floats and leave as exact decimals of their shortest text. Only so many rows and columns are looked at as a
form can have; what lies beyond is said. A formula without a stored result is worked out where it only adds and compares.
"""

from __future__ import annotations

import datetime
import json
import re
import subprocess
import sys
import zipfile
from collections import defaultdict
from dataclasses import dataclass, field, replace
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries

from budgets.money import plain
from reports.dossier import Unread
from reports.intake import xls_process
from reports.intake.containers import Kind
from reports.intake.errors import IntakeError
from reports.intake.formulas import Formulas
from reports.intake.source import Grid, GridCell, Line, Source
from reports.intake.xls_parts import Parts, parts_of
from reports.intake.xls_process import untagged

MOST_ROWS = 5_000
MOST_COLUMNS = 256
MOST_SHEETS = 200
MOST_CELLS = 200_000
SLOWEST = 30
"""Seconds that the reader of an old file may take."""
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z0-9:$]+)"')
_UNIT = re.compile(r"(?:金额)?单位[：:]\s*(?:人民币)?\s*(?P<unit>万元|千元|元)")
BROKEN = "Excel 文件已损坏，无法打开，请用 Excel 或 WPS 打开后另存为 .xlsx 再试"


@dataclass(frozen=True)
class SheetCell:
    """What one cell holds. ``formula`` is set where it is computed."""

    value: Any
    formula: str = ""
    percent: bool = False
    """Whether Excel shows the number as a percentage: ``0.95`` stands there as 95%."""

    @property
    def number(self) -> Decimal | None:
        if isinstance(self.value, bool) or not isinstance(self.value, int | float | Decimal):
            return None
        number = Decimal(repr(self.value)) if isinstance(self.value, float) else Decimal(self.value)
        return number if number.is_finite() else None

    @property
    def text(self) -> str:
        """The value as a person would type it."""
        value = self.value
        if value is None:
            return ""
        if isinstance(value, bool):
            return "是" if value else "否"
        if (number := self.number) is not None:
            return f"{plain(round(number * 100, 8))}%" if self.percent else plain(number)
        if isinstance(value, datetime.datetime):
            return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
        if isinstance(value, datetime.date):
            return value.isoformat()
        return str(value).replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")


@dataclass
class Sheet:
    """One worksheet."""

    name: str
    hidden: bool = False
    cells: dict[tuple[int, int], SheetCell] = field(default_factory=dict)
    """By row and column, counted from 1; empty ones are left out."""
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Top row, left column, bottom row, right column."""
    cut: bool = False
    """Whether rows or columns beyond the limit were not looked at."""

    def at(self, row: int, column: int) -> SheetCell:
        return self.cells.get((row, column), SheetCell(None))

    def place(self, row: int, column: int) -> str:
        """``收支表!C7``."""
        return f"{self.name}!{get_column_letter(column)}{row}"


def open_book(data: bytes, kind: Kind, *, most_rows: int = MOST_ROWS) -> list[Sheet]:
    """All worksheets. ``data`` was looked at by :func:`~reports.intake.containers.identify`. Raises :class:`IntakeError`."""
    try:
        return _open_xlsx(data, most_rows) if kind is Kind.XLSX else _open_xls(data, most_rows)
    except IntakeError:
        raise
    except Exception as error:  # the libraries raise whatever a broken part makes them raise
        raise IntakeError(BROKEN) from error


def _open_xlsx(data: bytes, most_rows: int) -> list[Sheet]:
    stored = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    written = load_workbook(BytesIO(data), read_only=True, data_only=False, keep_links=False)
    sheets, count = [], 0
    try:
        names = [name for name in stored.sheetnames if hasattr(stored[name], "iter_rows")]
        if len(names) > MOST_SHEETS:
            raise IntakeError(f"工作簿有{len(names)}张工作表，不像一份自评资料")
        with zipfile.ZipFile(BytesIO(data)) as package:
            for name in names:
                values, formulas = stored[name], written[name]
                sheet = Sheet(name, hidden=values.sheet_state != "visible")
                xml = package.read(values._worksheet_path.lstrip("/"))
                sheet.merges, sheet.cut = _merges(xml), _goes_on(xml, most_rows)
                values.reset_dimensions()
                formulas.reset_dimensions()
                for row in formulas.iter_rows(max_row=most_rows, max_col=MOST_COLUMNS):
                    for cell in row:
                        if cell.value is not None and cell.value != "":
                            formula = _formula(cell.value) if cell.data_type == "f" else ""
                            percent = cell.data_type in "nf" and "%" in cell.number_format
                            sheet.cells[cell.row, cell.column] = SheetCell(
                                None if formula else cell.value, formula, percent
                            )
                if any(cell.formula for cell in sheet.cells.values()):
                    for row in values.iter_rows(max_row=most_rows, max_col=MOST_COLUMNS):
                        for cell in row:
                            known = (
                                sheet.cells.get((cell.row, cell.column)) if cell.value is not None else None
                            )
                            if known and known.formula:
                                sheet.cells[cell.row, cell.column] = SheetCell(
                                    cell.value, known.formula, known.percent
                                )
                count += len(sheet.cells)
                if count > MOST_CELLS:
                    raise IntakeError(f"工作簿里有超过{MOST_CELLS}个填了内容的单元格，不像一份自评资料")
                sheets.append(sheet)
    finally:
        stored.close()
        written.close()
    return sheets


def _formula(value: Any) -> str:
    text = getattr(value, "text", value)
    return str(text or "=")


def _merges(xml: bytes) -> list[tuple[int, int, int, int]]:
    found = []
    for match in _MERGE.findall(xml):
        left, top, right, bottom = range_boundaries(match.decode().replace("$", ""))
        if None not in (left, top, right, bottom):
            found.append((top, left, bottom, right))
    return found


def _goes_on(xml: bytes, most_rows: int) -> bool:
    """Whether a filled cell stands below the rows that are looked at."""
    if xml.count(b"<row") <= most_rows and not _LATE_ROW.search(xml):
        return False
    number = 0
    for match in _ROW.finditer(xml):
        number = int(match[1]) if match[1] else number + 1
        if number > most_rows:
            return _FILLED.search(xml, match.start()) is not None
    return False


_ROW = re.compile(rb"<row\b(?:[^>]*?\sr=\"(\d{1,7})\")?")
_LATE_ROW = re.compile(rb"<row\b[^>]*?\sr=\"\d{4,7}\"")
_FILLED = re.compile(rb"<v>|<v\s|<is>|<f>|<f\s")


def _open_xls(data: bytes, most_rows: int) -> list[Sheet]:
    parts = parts_of(data)
    sheets, count = [], 0
    for found in _sheets_of_xls(data, most_rows):
        sheet = Sheet(found["name"], hidden=found["hidden"])
        for row, column, value in found["cells"]:
            sheet.cells[row, column] = SheetCell(untagged(value))
        _put_parts(sheet, parts.get(sheet.name, Parts()))
        sheet.cut = found["height"] > most_rows
        for (top, left), (bottom, right) in found["merges"]:
            sheet.merges.append((top + 1, left + 1, bottom + 1, right + 1))
        count += len(sheet.cells)
        if count > MOST_CELLS:
            raise IntakeError(f"工作簿里有超过{MOST_CELLS}个填了内容的单元格，不像一份自评资料")
        sheets.append(sheet)
    return sheets


def _sheets_of_xls(data: bytes, most_rows: int) -> list[dict[str, Any]]:
    """The sheets as a process of its own reads them: a damaged file may ask for all memory there is."""
    command = [sys.executable, "-I", xls_process.__file__, *map(str, (most_rows, MOST_COLUMNS, MOST_SHEETS))]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SLOWEST, check=True)  # noqa: S603
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise IntakeError(BROKEN) from error
    return json.loads(done.stdout)


def _put_parts(sheet: Sheet, parts: Parts) -> None:
    """Percentages, and formulas that show nothing although 0 is stored for them."""
    for place in parts.percent & sheet.cells.keys():
        sheet.cells[place] = replace(sheet.cells[place], percent=True)
    zeros = {place: text for place, text in parts.formulas.items() if sheet.at(*place).value == 0}
    computed = Formulas(
        {key: (None if key in zeros else cell.value, zeros.get(key, "")) for key, cell in sheet.cells.items()}
    )
    for place in zeros:
        if computed.value(*place) == "":
            del sheet.cells[place]


# ------------------------------------------------------------------ a report's workbook as lines and grids


def read_xlsx(sheets: list[Sheet]) -> Source:
    """Sheets as lines and tables: rows of one cell are text, runs of rows of several are a table."""
    source = Source()
    for sheet in sheets:
        if not sheet.hidden:
            _sheet(sheet, source)
    source.notes += [Unread(source=sheet.name, words="", question=text) for sheet, text in left_out(sheets)]
    if not source.items:
        raise IntakeError("Excel 文件里没有内容")
    return source


def left_out(sheets: list[Sheet]) -> list[tuple[Sheet, str]]:
    """What of a workbook was not looked at: hidden sheets, rows beyond the limit."""
    found = [
        (sheet, f"工作表“{sheet.name}”是隐藏的，没有读取；需要的请取消隐藏后再导入")
        for sheet in sheets
        if sheet.hidden and sheet.cells
    ]
    return found + [
        (sheet, f"工作表“{sheet.name}”第{MOST_ROWS}行以后还有内容，没有读取，请分开导入")
        for sheet in sheets
        if sheet.cut and not sheet.hidden
    ]


def _sheet(sheet: Sheet, source: Source) -> None:
    rows = _rows(sheet)
    run: list[tuple[GridCell, ...]] = []
    above: list[str] = []

    def close() -> None:
        if not run:
            return
        unit = next((match["unit"] for text in reversed(above) if (match := _UNIT.search(text))), "")
        title = next((text for text in reversed(above) if not _UNIT.search(text)), "")
        source.items.append(Grid(list(run), title=title, unit=unit))
        run.clear()

    for row in rows:
        filled = [cell for cell in row if cell.text.strip()]
        if len(row) == 1 or (len(filled) <= 1 and not run):
            if not filled:
                continue
            close()
            above = [*above[-3:], filled[0].text.strip()]
            place = filled[0].place
            source.items += [Line(part, place) for part in filled[0].text.split("\n") if part.strip()]
        else:
            run.append(row)
    close()


def _rows(sheet: Sheet) -> list[tuple[GridCell, ...]]:
    """Rows of distinct cells from the first used column on, cells covered by a merge left out."""
    if not any(cell.text.strip() or cell.formula for cell in sheet.cells.values()):
        return []
    computed = Formulas({key: (cell.value, cell.formula) for key, cell in sheet.cells.items()})
    height = max(row for row, _ in sheet.cells)
    begin = min(column for (_, column), cell in sheet.cells.items() if cell.text.strip() or cell.formula)
    width = max(column for _, column in sheet.cells)
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    for top, left, bottom, right in sheet.merges:
        for row in range(top, min(bottom, height) + 1):
            for column in range(left, min(right, width) + 1):
                owner[row, column] = (top, left)
    used: dict[int, list[int]] = defaultdict(list)
    for row, column in {*sheet.cells, *owner}:
        used[row].append(column)
    result = []
    for row in range(1, height + 1):
        if row not in used:
            result.append(())
            continue
        cells, seen = [], set()
        for column in range(begin, width + 1):
            key = owner.get((row, column), (row, column))
            if key in seen:
                continue
            seen.add(key)
            cell = sheet.at(*key)
            if cell.value is None and cell.formula:
                cell = SheetCell(computed.value(*key), cell.formula, cell.percent)
            number = None if cell.percent else cell.number
            cells.append(GridCell(cell.text, sheet.place(*key), number, first=key[0] == row))
        result.append(tuple(cells))
    return [row for row in result if row]
