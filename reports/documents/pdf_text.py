"""Lines of text on a PDF page: styles, widths and the spreading of a line to the margin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from reportlab.pdfgen.canvas import Canvas

from reports.documents.fonts import Role, Typeface, fonts
from reports.documents.linebreak import Line, Width, balanced_lines, break_lines
from reports.documents.model import Align

MM = 72 / 25.4
"""Points in a millimetre."""

# The em box of a Chinese face reaches 0.88 of the size above the baseline and 0.12 below it.
ASCENT = 0.88

# A line is spread to the margin when it lacks no more than this part of its length; a longer gap would be ugly.
_MOST_SPREAD = 0.22


class _Widths(dict[str, float]):
    """Advances of the characters met so far."""

    def __init__(self, typeface: Typeface, size: float, spacing: float) -> None:
        super().__init__()
        self.typeface, self.size, self.spacing = typeface, size, spacing

    def __missing__(self, char: str) -> float:
        found = self[char] = self.typeface.width(char) * self.size + self.spacing
        return found


@dataclass(frozen=True)
class Style:
    """Face, size in points and what is added to the advance of each character (negative: tighter)."""

    role: Role
    size: float
    spacing: float = 0.0

    @cached_property
    def typeface(self) -> Typeface:
        return fonts()[self.role]

    @cached_property
    def width(self) -> Width:
        """Advance of one character in points; looked up once a character, then read from a dictionary."""
        return _Widths(self.typeface, self.size, self.spacing).__getitem__

    def text_width(self, text: str) -> float:
        return sum(map(self.width, text))

    def break_lines(self, text: str, line: float, first: float | None = None) -> list[Line]:
        return break_lines(text, line, self.width, first=first)

    def balanced_lines(self, text: str, line: float) -> list[Line]:
        return balanced_lines(text, line, self.width)


def draw_text(
    canvas: Canvas, x: float, baseline: float, text: str, style: Style, *, extra: float = 0.0
) -> None:
    """Draw one line from the left. ``extra`` points are added in each gap that may be widened, see :func:`gaps`."""
    if not text:
        return
    pen = canvas.beginText(x, baseline)
    font_now, space_now = "", 0.0
    for font, widened, piece in _pieces(text, style.typeface, bool(extra)):
        if font != font_now:
            pen.setFont(font, style.size)
            font_now = font
        space = style.spacing + (extra if widened else 0.0)
        if space != space_now:
            pen.setCharSpace(space)
            space_now = space
        pen.textOut(piece)
    if space_now:
        pen.setCharSpace(0)
    canvas.drawText(pen)


def draw_aligned(
    canvas: Canvas, left: float, right: float, baseline: float, text: str, style: Style, align: Align
) -> None:
    """Draw one line between two edges."""
    x = left
    if align != "left":
        free = right - left - style.text_width(text)
        x += free / 2 if align == "center" else free
    draw_text(canvas, x, baseline, text, style)


def draw_spread(canvas: Canvas, left: float, right: float, baseline: float, line: Line, style: Style) -> None:
    """Draw a line of running text from the left, spread to the right edge unless it is the last of its paragraph."""
    free = right - left - line.width
    extra = 0.0
    if not line.last and 0 < free <= (right - left) * _MOST_SPREAD:
        count = gaps(line.text)
        extra = free / count if count else 0.0
    draw_text(canvas, left, baseline, line.text, style, extra=extra if extra > 0.01 else 0.0)


def gaps(text: str) -> int:
    """Number of gaps between characters that may be widened: all but those inside numbers and Latin words."""
    return sum(_wide(text, place) for place in range(len(text) - 1))


def _wide(text: str, place: int) -> bool:
    """May the gap behind this character be widened?"""
    before, after = text[place], text[place + 1]
    if before in "—…" and after == before:
        return False
    return not (before.isascii() and after.isascii()) or before == " "


def _pieces(text: str, typeface: Typeface, spread: bool) -> Iterator[tuple[str, bool, str]]:
    """Pieces of one font and one spacing: (font, whether its gaps are widened, characters)."""
    if not spread:
        for font, piece in typeface.runs(text):
            yield font, False, piece
        return
    font_now, wide_now, piece = "", False, ""
    for place, char in enumerate(text):
        font, drawn, _ = typeface.look_up(char)
        wide = place + 1 < len(text) and _wide(text, place)
        if piece and (font != font_now or wide != wide_now):
            yield font_now, wide_now, piece
            piece = ""
        font_now, wide_now = font, wide
        piece += drawn
    if piece:
        yield font_now, wide_now, piece
