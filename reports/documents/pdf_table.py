"""Ruled tables on PDF pages: sizes, heights, and where a long table is cut.

Rows do not split, the head repeats on each page. A merged cell that a page break cuts is closed at the bottom of the
page and opened again at the top of the next one: a short label is printed in both halves, a long text flows on, and a
number is printed once. Only a row that is taller than a whole page is split.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from reportlab.pdfgen.canvas import Canvas

from reports.documents.grid import Placed, fractions, header_rows, place
from reports.documents.linebreak import Line, widest_atom
from reports.documents.model import Align, Cell, Table
from reports.documents.pdf_text import ASCENT, MM, Style, draw_aligned, draw_spread
from reports.documents.plaintext import printable

FORM_SIZES = (12.0, 11.0, 10.5)
"""Sizes of a form in points, the largest that serves is taken."""

_FIT_SIZES = (10.0, 9.5, 9.0)
"""Smaller sizes, only where they bring a form onto one page."""

_FIRST_ROWS = 3
"""Rows that a table begins with at the foot of a page, else it begins on the next one."""

_SMALL_SIZES = (10.0, 9.0, 8.0, 7.0, 6.0, 5.0, 4.5, 4.0)
"""Only for tables whose numbers would be broken otherwise."""

_LEADING = 1.25
_PADDING = 1.4 * MM
_ABOVE = 1.0 * MM
_LABEL = 20
"""Characters of the longest text that is repeated when its merged cell is cut."""

_SHORT = 40
"""Characters of the longest centred text whose lines are made of like length."""

_INNER_RULE = 0.5
_OUTER_RULE = 1.0
_NEARLY = 0.01


@dataclass(frozen=True, slots=True)
class LaidCell:
    """A cell with its broken lines. ``row`` counts within the part of the table that it belongs to."""

    row: int
    column: int
    rowspan: int
    colspan: int
    lines: tuple[Line, ...]
    align: Align
    style: Style
    label: bool


@dataclass(frozen=True, slots=True)
class Metrics:
    """What all parts of one table share."""

    columns: tuple[float, ...]
    """Left edges of the columns and the right edge of the last one, in points from the left of the table."""
    leading: float

    def height_of(self, lines: int) -> float:
        return lines * self.leading + 2 * _ABOVE

    def lines_in(self, height: float) -> int:
        return max(0, int((height - 2 * _ABOVE + _NEARLY) / self.leading))


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of a table, ready to be drawn."""

    metrics: Metrics
    heights: tuple[float, ...]
    cells: tuple[LaidCell, ...]

    @property
    def height(self) -> float:
        return sum(self.heights)

    def draw(self, canvas: Canvas, left: float, top: float) -> None:
        """Draw with the upper left corner at this place (PDF coordinates, y upwards)."""
        edges = [top]
        for height in self.heights:
            edges.append(edges[-1] - height)
        columns = [left + column for column in self.metrics.columns]
        canvas.setLineWidth(_INNER_RULE)
        for cell in self.cells:
            x1, x2 = columns[cell.column], columns[cell.column + cell.colspan]
            y1, y2 = edges[cell.row], edges[cell.row + cell.rowspan]
            canvas.rect(x1, y2, x2 - x1, y1 - y2)
            padding = _padding(x2 - x1)
            self._draw_lines(canvas, cell, x1 + padding, x2 - padding, y1, y2)
        if self.heights:
            canvas.setLineWidth(_OUTER_RULE)
            canvas.rect(columns[0], edges[-1], columns[-1] - columns[0], edges[0] - edges[-1])

    def _draw_lines(self, canvas: Canvas, cell: LaidCell, x1: float, x2: float, y1: float, y2: float) -> None:
        leading, size = self.metrics.leading, cell.style.size
        top = y1 - ((y1 - y2) - len(cell.lines) * leading) / 2
        for number, line in enumerate(cell.lines):
            baseline = top - number * leading - (leading - size) / 2 - ASCENT * size
            if cell.align == "left":
                draw_spread(canvas, x1, x2, baseline, line, cell.style)
            else:
                draw_aligned(canvas, x1, x2, baseline, line.text, cell.style, cell.align)


@dataclass(frozen=True)
class LaidTable:
    """A table or what is left of it: the repeated head and the rows still to be placed."""

    head: Part
    rest: Part
    minimum: tuple[float, ...]
    """Height that each row of ``rest`` has without regard to merged cells."""

    @property
    def height(self) -> float:
        return self.head.height + self.rest.height

    @property
    def least(self) -> float:
        """Height of the head and the first rows: what has to fit where the table begins."""
        return self.head.height + sum(self.rest.heights[:_FIRST_ROWS])

    def take(self, room: float, page: float) -> tuple[list[Part], LaidTable | None]:
        """The parts that fit into ``room`` points and the table that is left (``None`` when it is finished).

        No parts mean: begin a new page. ``page`` is the height of an empty page.
        """
        if self.height <= room + _NEARLY:
            return [part for part in (self.head, self.rest) if part.heights], None
        body = room - self.head.height
        count, used = 0, 0.0
        while count < len(self.rest.heights) and used + self.rest.heights[count] <= body + _NEARLY:
            used += self.rest.heights[count]
            count += 1
        if count:
            first, left = self._cut(self._best_cut(count, body))
            return [part for part in (self.head, first) if part.heights], left
        whole_page = page - self.head.height
        too_tall = bool(self.rest.heights) and self.rest.heights[0] > whole_page + _NEARLY
        if room < page - _NEARLY and not (too_tall and body > page / 3):
            return [], self
        first, left = self._split_row(max(body, 4 * self.rest.metrics.leading))
        return [part for part in (self.head, first) if part.heights], left

    def _best_cut(self, most: int, body: float) -> int:
        """Number of rows for this page: rather a little less than a cut through merged cells."""
        best, best_cost = most, float("inf")
        used = sum(self.rest.heights[:most])
        for count in range(most, 0, -1):
            lost = body - used
            if lost > 0.4 * body:
                break
            cut = [cell for cell in self.rest.cells if cell.row < count < cell.row + cell.rowspan]
            cost = sum(1 if cell.label else 3 for cell in cut) + 8 * lost / body
            if cost < best_cost:
                best, best_cost = count, cost
            used -= self.rest.heights[count - 1]
        return best

    def _cut(self, count: int) -> tuple[Part, LaidTable]:
        """Cut between two rows."""
        heights = self.rest.heights[:count]
        above: list[LaidCell] = []
        below: list[LaidCell] = []
        for cell in self.rest.cells:
            end = cell.row + cell.rowspan
            if end <= count:
                above.append(cell)
            elif cell.row >= count:
                below.append(replace(cell, row=cell.row - count))
            else:
                shown, kept = self._divide(cell, sum(heights[cell.row :]))
                above.append(replace(cell, rowspan=count - cell.row, lines=shown))
                below.append(replace(cell, row=0, rowspan=end - count, lines=kept))
        return Part(self.rest.metrics, heights, tuple(above)), self._left(below, self.minimum[count:])

    def _split_row(self, height: float) -> tuple[Part, LaidTable]:
        """Split the first row, which is taller than a page."""
        above: list[LaidCell] = []
        below: list[LaidCell] = []
        for cell in self.rest.cells:
            if cell.row > 0:
                below.append(cell)
                continue
            shown, kept = self._divide(cell, height, repeat=cell.rowspan > 1)
            above.append(replace(cell, rowspan=1, lines=shown))
            below.append(replace(cell, lines=kept))
        metrics = self.rest.metrics
        longest = max((len(cell.lines) for cell in below if cell.row == 0 and cell.rowspan == 1), default=1)
        minimum = (metrics.height_of(max(1, longest)), *self.minimum[1:])
        return Part(metrics, (height,), tuple(above)), self._left(below, minimum)

    def _divide(
        self, cell: LaidCell, height: float, repeat: bool = True
    ) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
        """Lines of a cut cell above and below the cut."""
        fit = self.rest.metrics.lines_in(height)
        if len(cell.lines) > fit:
            return cell.lines[:fit], cell.lines[fit:]
        return cell.lines, cell.lines if repeat and cell.label else ()

    def _left(self, cells: list[LaidCell], minimum: tuple[float, ...]) -> LaidTable:
        heights = _heights(cells, minimum, self.rest.metrics)
        return LaidTable(self.head, Part(self.rest.metrics, heights, tuple(cells)), minimum)


def lay_out_form(tables: Sequence[Table], width: float, page: float) -> list[LaidTable]:
    """Lay out the tables of one form in one size, the largest with which they fit into ``page`` points together.

    A form that does not fit on one page is set in the smallest of the normal sizes and goes on over several pages.
    """
    grids = [_Grid(table, tuple(place(table)), header_rows(table)) for table in tables]

    def at(size: float) -> list[LaidTable]:
        columns = [_columns(grid, width, size) for grid in grids]
        if any(found is None for found in columns):
            return []
        return [
            _at_size(grid, found, size, page) for grid, found in zip(grids, columns, strict=True) if found
        ]

    def fits(laid: list[LaidTable]) -> bool:
        return bool(laid) and sum(table.height for table in laid) <= page + _NEARLY

    largest, *between, smallest = (*FORM_SIZES, *_FIT_SIZES)
    if fits(laid := at(largest)):
        return laid
    if fits(last := at(smallest)):
        return next((laid for laid in map(at, between) if fits(laid)), last)
    # No size brings it onto one page.
    for size in (FORM_SIZES[-1], *_FIT_SIZES):
        if laid := at(size):
            return laid
    return [_lay_out_many(grid, width, page) for grid in grids]


def _lay_out_many(grid: _Grid, width: float, page: float) -> LaidTable:
    """A table with more columns than a form has, in the largest size that breaks no number."""
    for size in _SMALL_SIZES:
        columns = _columns(grid, width, size)
        if columns is not None:
            return _at_size(grid, columns, size, page)
    columns = [part * width for part in fractions(grid.table)]
    return _at_size(grid, columns, _size_for_many(grid.table, width), page)


@dataclass(frozen=True, slots=True)
class _Grid:
    """A table with the places of its cells, found once for all sizes that are tried."""

    table: Table
    placed: tuple[Placed, ...]
    head: int


def cell_text(cell: Cell) -> str:
    """Clean text of a cell. Full-width blanks at the start of a left-aligned text are its indent and stay."""
    text = printable(cell.text).strip(" \n")
    return text.rstrip("\u3000") if cell.align == "left" else text.strip("\u3000")


def _size_for_many(table: Table, width: float) -> float:
    """Size for a table in which some number has to be broken: two characters in the narrowest column, if possible."""
    narrowest = min(fractions(table)) * width
    return min(9.0, max(5.0, narrowest * 0.42))


@lru_cache(maxsize=32)
def _styles(size: float) -> tuple[Style, Style]:
    return Style("fang", size), Style("hei", size)


def _padding(width: float) -> float:
    """Empty points left and right of the text in a cell of this width."""
    return min(_PADDING, max(0.5, (width - 6) / 10))


def _columns(grid: _Grid, width: float, size: float) -> list[float] | None:
    """Widths in points so that no number or word is broken; ``None`` if that cannot be at this size.

    The stated widths hold; a column that is too narrow for its widest number takes what it needs from the others.
    """
    columns = [part * width for part in fractions(grid.table)]
    normal, bold = _styles(size)
    needed = [size + 2 * _padding(column) for column in columns]
    for placed in grid.placed:
        if placed.cell.text:
            style = bold if placed.cell.bold or placed.row < grid.head else normal
            atom = widest_atom(printable(placed.cell.text), style.width) + _NEARLY
            atom += 2 * _padding(sum(columns[placed.column : placed.column + placed.colspan]))
            if placed.colspan == 1:
                needed[placed.column] = max(needed[placed.column], atom)
            elif atom > sum(columns[placed.column : placed.column + placed.colspan]):
                return None
    short = sum(max(0.0, need - have) for need, have in zip(needed, columns, strict=True))
    if not short:
        return columns
    spare = sum(max(0.0, have - need) for need, have in zip(needed, columns, strict=True))
    # More than an eighth of the table moved about would no longer be the form that was asked for.
    if short > spare or short > width / 8:
        return None
    return [
        need if need >= have else have - (have - need) * short / spare
        for need, have in zip(needed, columns, strict=True)
    ]


def _at_size(grid: _Grid, columns: list[float], size: float, page: float) -> LaidTable:
    normal, bold = _styles(size)
    edges = [0.0]
    for column in columns:
        edges.append(edges[-1] + column)
    metrics = Metrics(tuple(edges), size * _LEADING)
    table, head = grid.table, grid.head
    cells: list[LaidCell] = []
    for placed in grid.placed:
        cell = placed.cell
        style = bold if cell.bold or placed.row < head else normal
        inner = edges[placed.column + placed.colspan] - edges[placed.column]
        inner = max(1.0, inner - 2 * _padding(inner))
        text = cell_text(cell)
        break_text = (
            style.balanced_lines if cell.align == "center" and len(text) <= _SHORT else style.break_lines
        )
        lines = tuple(break_text(text, inner)) if text else ()
        label = len(text) <= _LABEL and cell.number is None
        cells.append(
            LaidCell(
                placed.row, placed.column, placed.rowspan, placed.colspan, lines, cell.align, style, label
            )
        )
    minimum = [max(metrics.height_of(1), min((row.min_height or 0) * MM, page * 0.9)) for row in table.rows]
    for laid in cells:
        if laid.rowspan == 1:
            minimum[laid.row] = max(minimum[laid.row], metrics.height_of(len(laid.lines)))
    heights = _heights(cells, tuple(minimum), metrics)
    if sum(heights[:head]) > page / 2:
        head = 0
    above = tuple(cell for cell in cells if cell.row < head)
    below = tuple(replace(cell, row=cell.row - head) for cell in cells if cell.row >= head)
    return LaidTable(
        Part(metrics, heights[:head], above), Part(metrics, heights[head:], below), tuple(minimum[head:])
    )


def _heights(cells: Sequence[LaidCell], minimum: tuple[float, ...], metrics: Metrics) -> tuple[float, ...]:
    """Row heights: the rows' own, made taller where a merged cell needs more."""
    heights = list(minimum)
    for cell in sorted((cell for cell in cells if cell.rowspan > 1), key=lambda cell: cell.rowspan):
        rows = range(cell.row, cell.row + cell.rowspan)
        missing = metrics.height_of(len(cell.lines)) - sum(heights[row] for row in rows)
        if missing > 0:
            for row in rows:
                heights[row] += missing / cell.rowspan
    return tuple(heights)
