"""Places of merged cells: from the rows of a :class:`~reports.documents.model.Table` to a full grid.

All four printers draw from this one grid, so they agree about where a cell lies. Wrong spans do not break a paper:
a span that leaves the table or runs into another cell is cut, and a place that no cell covers is an empty cell.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reports.documents.model import Cell, Table


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell and the places it covers; rows and columns count from 0."""

    row: int
    column: int
    rowspan: int
    colspan: int
    cell: Cell


def columns_of(table: Table) -> int:
    """Number of columns: as many as there are widths, at least one."""
    return max(1, len(table.widths))


def place(table: Table) -> list[Placed]:
    """Every cell of the table at its place, row by row, holes filled with empty cells."""
    width, height = columns_of(table), len(table.rows)
    taken = [[False] * width for _ in range(height)]
    placed: list[Placed] = []

    def put(row: int, column: int, cell: Cell) -> None:
        colspan = 1
        while colspan < cell.colspan and column + colspan < width and not taken[row][column + colspan]:
            colspan += 1
        rowspan = min(max(1, cell.rowspan), height - row)
        for below in range(row, row + rowspan):
            for right in range(column, column + colspan):
                taken[below][right] = True
        placed.append(Placed(row, column, rowspan, colspan, cell))

    for index, row in enumerate(table.rows):
        column = 0
        for cell in row.cells:
            while column < width and taken[index][column]:
                column += 1
            if column >= width:
                break
            put(index, column, cell)
        for column in range(width):
            if not taken[index][column]:
                put(index, column, Cell())
    return placed


def fractions(table: Table) -> list[float]:
    """Column widths as parts of the whole width; they sum to 1. Zero and negative widths count as a thin column."""
    widths = [width if width > 0 else 0.1 for width in table.widths] or [1.0]
    whole = sum(widths)
    return [width / whole for width in widths]


def header_rows(table: Table) -> int:
    """Rows that repeat on each page: as stated, grown so that no merged cell of the head is cut."""
    count = min(max(0, table.header_rows), len(table.rows))
    return _grown(count, place(table))


def _grown(count: int, placed: Iterable[Placed]) -> int:
    for cell in placed:
        if cell.row < count < cell.row + cell.rowspan:
            count = cell.row + cell.rowspan
    return count
