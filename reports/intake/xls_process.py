"""Reads an old Excel file (.xls) in a process of its own: ``xls_process.py ROWS COLUMNS SHEETS`` with the file on standard input.

The library lays out every sheet as one block from its first cell to its last, so that a damaged file of some kilobytes that names
a cell far away asks for more memory than a machine has, and ends the process that reads it. This one may take :data:`MEMORY`
bytes and :data:`SECONDS` of computing; it imports nothing of the application, and answers with plain JSON.
"""

from __future__ import annotations

import datetime
import json
import resource
import sys
from io import BytesIO
from typing import Any

MEMORY = 1536 * 1024 * 1024
SECONDS = 20


def tagged(value: Any) -> Any:
    """A value as JSON keeps it; days and times as a pair of their kind and their ISO form."""
    if isinstance(value, datetime.datetime):
        return ["datetime", value.isoformat()]
    if isinstance(value, datetime.date):
        return ["date", value.isoformat()]
    return value if isinstance(value, str | int | float | bool) else str(value)


def untagged(value: Any) -> Any:
    """The value again."""
    if isinstance(value, list):
        kind, text = value
        return getattr(datetime, kind).fromisoformat(text)
    return value


def sheets(data: bytes, rows: int, columns: int, most: int) -> list[dict[str, Any]]:
    """Name, visibility, height, merged areas and filled cells of each worksheet."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(BytesIO(data))
    found = []
    for meta in book.sheets_metadata[:most]:
        if "WorkSheet" not in str(meta.typ):
            continue
        table = book.get_sheet_by_name(meta.name)
        found.append(
            {
                "name": meta.name,
                "hidden": "Visible" not in str(meta.visible),
                "height": table.height,
                "merges": table.merged_cell_ranges or [],
                "cells": [
                    [row, column, tagged(value)]
                    for row, values in enumerate(table.to_python(skip_empty_area=False, nrows=rows), 1)
                    for column, value in enumerate(values[:columns], 1)
                    if value is not None and value != ""
                ],
            }
        )
    return found


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    rows, columns, most = (int(argument) for argument in sys.argv[1:4])
    json.dump(sheets(sys.stdin.buffer.read(), rows, columns, most), sys.stdout)


if __name__ == "__main__":
    main()
