"""PDF files that hold text: printed lines of each page, and its ruled tables put together from their lines.

A page whose text is a picture (扫描件) has no text to read; a file of such pages is refused with a sentence, single ones
are noted.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_low

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from reports.dossier import Unread
from reports.intake.errors import IntakeError
from reports.intake.sections import ENTRY, FINAL, HAN, PAGE_NUMBER
from reports.intake.source import Grid, GridCell, Line, Source
from reports.intake.wording import fold, join, tidy

MOST_PAGES = 300
MOST_RULES = 6_000
"""Rules of one page; a drawing with more is no table."""
THIN = 3.0
NEAR = 2.5
LONG = 15
"""Characters of a line of running text, more than a heading has."""
MARGINS = 14.0
"""Points that a cell leaves free on its two sides together, at most."""
LEAST_CHARACTERS = 12
"""A page with fewer characters and a picture is a scanned one."""
_UNIT = re.compile(r"(?:金额)?单位[：:]\s*(?:人民币)?\s*(?P<unit>万元|千元|元)")
_ENDED = re.compile(r"[：:。]|(?:报告|说明|总结|自评表|公开)(?:[（(][^）)]*[）)])?$")
_UNBROKEN = re.compile(r"[0-9A-Za-z.,%]{2}")
_CLOSING = "，。；：、！？）》”’)%％"
_BEGINS = re.compile(rf"(?:[（(]?[\d{HAN}]{{1,2}}[）)、.．](?!\d)|[{HAN}]是|[①-⑳])")
_WATERMARK = re.compile(r"^(?:草\s*稿|样\s*张|作\s*废)$")

Box = tuple[float, float, float, float]
"""left, bottom, right, top."""


@dataclass(frozen=True)
class _Rule:
    """A ruled line: at ``at``, from ``start`` to ``end``."""

    at: float
    start: float
    end: float


def read_pdf(data: bytes) -> Source:
    """Lines and tables of a PDF. Raises :class:`IntakeError`."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise IntakeError("PDF 文件设了打开密码，请去掉密码后再上传") from error
        raise IntakeError("PDF 文件已损坏，无法打开") from error
    try:
        return _read(document)
    except pdfium.PdfiumError as error:
        raise IntakeError("PDF 文件已损坏，有的页打不开") from error
    finally:
        document.close()


def _read(document: pdfium.PdfDocument) -> Source:
    if len(document) > MOST_PAGES:
        raise IntakeError(f"PDF 文件有{len(document)}页，不像一份自评报告")
    source, scanned = Source(), []
    items: list[_Printed | Grid] = []
    for number in range(1, len(document) + 1):
        page = document[number - 1]
        text = page.get_textpage()
        if text.count_chars() < LEAST_CHARACTERS and _has_picture(page):
            scanned.append(number)
        else:
            items += _page(page, text, number)
        text.close()
        page.close()
    source.items = _paragraphs(items)
    if scanned and len(scanned) == len(document):
        raise IntakeError(
            "PDF 是扫描件，每页都是图片，没有可以读取的文字；请上传由 Word、WPS 直接导出的 PDF，或上传 .docx 原稿"
        )
    if not source.lines and not source.grids:
        raise IntakeError("PDF 文件里没有文字")
    if scanned:
        pages = "、".join(str(number) for number in scanned)
        source.notes.append(
            Unread(source=f"第{pages}页", words="扫描的图片", question=f"第{pages}页是图片，没有读取，请核对")
        )
    return source


def _has_picture(page: pdfium.PdfPage) -> bool:
    return any(True for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3))


def _page(page: pdfium.PdfPage, text: pdfium.PdfTextPage, number: int) -> list[_Printed | Grid]:
    """Text above, tables and text between them, from the top."""
    place = f"第{number}页"
    tables = _tables(*_rules(page))
    signs = _signs(text)
    printed = _printed(signs, place, page.get_width())
    items: list[_Printed | Grid] = []
    top = page.get_size()[1]
    for xs, ys, horizontal, vertical in sorted(tables, key=lambda table: -max(table[1])):
        head = [line for line in printed if max(ys) < line.middle <= top]
        items += head
        grid = Grid(_grid(signs, xs, ys, horizontal, vertical, place), title=_title(head), unit=_unit(head))
        if max((len(row) for row in grid.rows), default=0) > 1:
            items.append(grid)
        else:
            items += [line for line in printed if min(ys) < line.middle <= max(ys)]
        top = min(ys)
    items += [line for line in printed if line.middle <= top]
    return items


@dataclass(frozen=True)
class _Printed:
    """One printed line with its box."""

    text: str
    place: str
    box: Box
    size: float
    """Height of most of its characters."""
    lead: float = 0.0
    """Width of its beginning that is never broken: a number, a Latin word, or one character with the marks behind it."""
    hang: float = 0.0
    """Where the words behind its first colon begin; 0 without one."""
    page: float = 0.0
    """Width of its page: upright and landscape pages have margins of their own."""

    @property
    def middle(self) -> float:
        return (self.box[1] + self.box[3]) / 2

    @property
    def width(self) -> float:
        return self.box[2] - self.box[0]


@dataclass(frozen=True)
class _Sign:
    """One printed character with its box."""

    text: str
    box: Box

    @property
    def middle(self) -> float:
        return (self.box[1] + self.box[3]) / 2

    @property
    def size(self) -> float:
        return self.box[3] - self.box[1]


def _signs(text: pdfium.PdfTextPage) -> list[_Sign]:
    """Characters that stand upright; what is turned (a watermark across the page) is no text."""
    found: list[_Sign] = []
    high = ""
    for index in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, index)
        sign = chr(code)
        if 0xD800 <= code < 0xDC00:
            high = sign
            continue
        if 0xDC00 <= code < 0xE000:
            sign = (high + sign).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            high = ""
        if sign.isspace() or sign in "\ufffe\0" or raw.FPDFText_IsGenerated(text, index) == 1:
            continue
        angle = raw.FPDFText_GetCharAngle(text, index)
        if 0.02 < angle % (2 * math.pi) < 2 * math.pi - 0.02:
            continue
        found.append(_Sign(sign, text.get_charbox(index, loose=True)))
    return found


def _printed(signs: Iterable[_Sign], place: str, page: float = 0.0) -> list[_Printed]:
    """Characters put into lines, from the top; outside cells page numbers and watermarks are no text."""
    rows: list[list[_Sign]] = []
    for sign in sorted(signs, key=lambda one: -one.middle):
        if rows and abs(rows[-1][0].middle - sign.middle) < max(rows[-1][0].size, sign.size) * 0.5:
            rows[-1].append(sign)
        else:
            rows.append([sign])
    lines: list[_Printed] = []
    for row in rows:
        row.sort(key=lambda one: one.box[0])
        parts = [row[0].text]
        for before, sign in pairwise(row):
            if sign.box[0] - before.box[2] > sign.size * 0.25:
                parts.append(" ")
            parts.append(sign.text)
        line = "".join(parts)
        if place and (_WATERMARK.match(line) or PAGE_NUMBER.match(tidy(fold(line)))):
            continue
        box = (row[0].box[0], min(one.box[1] for one in row), row[-1].box[2], max(one.box[3] for one in row))
        size = median_low(one.size for one in row)
        lines.append(_Printed(line, place, box, size, _lead(row), _hang(row), page))
    return lines


def _lead(row: list[_Sign]) -> float:
    end = 1
    while end < len(row) and (
        _UNBROKEN.match(row[end - 1].text + row[end].text) or row[end].text in _CLOSING
    ):
        end += 1
    return row[end - 1].box[2] - row[0].box[0]


def _hang(row: list[_Sign]) -> float:
    colon = next((index for index, sign in enumerate(row[:-1]) if sign.text in "：:"), None)
    return 0.0 if colon is None else row[colon + 1].box[0]


def _paragraphs(items: Iterable[_Printed | Grid]) -> list[Line | Grid]:
    """Printed lines put together into paragraphs, by where lines begin and end."""
    items = list(items)
    lines = [item for item in items if isinstance(item, _Printed)]
    if not lines:
        return [item for item in items if isinstance(item, Grid)]
    margins = {
        page: _margins([line for line in lines if line.page == page]) for page in {one.page for one in lines}
    }
    long = [line for line in lines if len(line.text) > LONG] or lines
    body = median_low(line.size for line in long)
    done: list[Line | Grid] = []
    previous: _Printed | None = None
    hang = 0.0
    for item in items:
        if isinstance(item, Grid):
            done.append(item)
            previous = None
            continue
        last = done[-1] if done else None
        if (
            previous is not None
            and isinstance(last, Line)
            and (_goes_on(previous, item, *margins[previous.page], body) or _hangs(previous, item, hang))
        ):
            done[-1] = Line(join(tidy(fold(last.text)), tidy(fold(item.text))), last.place)
        else:
            done.append(Line(item.text, item.place))
            hang = item.hang
        previous = item
    return done


def _margins(lines: list[_Printed]) -> tuple[float, float]:
    """Where the lines of pages of one width begin and end."""
    long = [line for line in lines if len(line.text) > LONG] or lines
    return (
        _usual([line.box[0] for line in long], lowest=True),
        _usual([line.box[2] for line in long], lowest=False),
    )


def _usual(values: list[float], *, lowest: bool) -> float:
    """The margin that many lines share: the outermost one that a tenth of them reach."""
    ordered = sorted(values, reverse=not lowest)
    return ordered[len(ordered) // 10]


def _goes_on(before: _Printed, line: _Printed, left: float, right: float, body: float) -> bool:
    """Whether a line is the rest of the one before it."""
    if ENTRY.search(before.text):
        return False
    size = max(line.size, 6.0)
    if min(before.size, line.size) > body * 1.15:
        near = before.place == line.place and before.middle - line.middle < size * 2.2
        return near and abs(before.size - line.size) < size * 0.2 and not _ENDED.search(before.text)
    full = before.box[2] > right - size * 2.2
    begins = line.box[0] < left + size * 0.9
    return full and begins


def _hangs(before: _Printed, line: _Printed, hang: float) -> bool:
    """Whether a line stands under the words behind a label: «填报单位：» and a name of several lines."""
    near = before.place == line.place and 0 < before.middle - line.middle < line.size * 2.2
    return bool(hang) and near and abs(line.box[0] - hang) < line.size * 0.3 and not line.hang


def _title(lines: list[_Printed]) -> str:
    return next((line.text for line in reversed(lines) if not _UNIT.search(line.text)), "")


def _unit(lines: list[_Printed]) -> str:
    return next((match["unit"] for line in reversed(lines) if (match := _UNIT.search(line.text))), "")


def _whole(signs: list[_Sign], width: float) -> str:
    """Text of a cell, broken lines put together again; a line that ended before it was full ended a paragraph."""
    lines = _printed(signs, "")
    room = max([width - MARGINS, *(line.width for line in lines)])
    text = ""
    for before, line in pairwise([None, *lines]):
        words = tidy(fold(line.text))
        text = f"{text}\n{words}" if before and _ends(before, line, room) else join(text, words)
    return text


def _ends(before: _Printed, line: _Printed, room: float) -> bool:
    """Whether a line of a cell ended by itself: what follows would have had room behind it."""
    free = room - before.width - line.lead
    if free > line.size * 6:
        return True
    paragraph = FINAL.search(fold(before.text)) or _BEGINS.match(fold(line.text))
    return bool(paragraph) and free > line.size * 0.5


# ------------------------------------------------------------------ ruled tables


def _rules(page: pdfium.PdfPage) -> tuple[list[_Rule], list[_Rule]]:
    """Horizontal and vertical rules: thin shapes are rules, others have four edges."""
    horizontal: list[_Rule] = []
    vertical: list[_Rule] = []
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=3):
        left, bottom, right, top = item.get_bounds()
        if right - left <= THIN and top - bottom <= THIN:
            continue
        if top - bottom <= THIN:
            horizontal.append(_Rule((top + bottom) / 2, left, right))
        elif right - left <= THIN:
            vertical.append(_Rule((left + right) / 2, bottom, top))
        else:
            horizontal += [_Rule(bottom, left, right), _Rule(top, left, right)]
            vertical += [_Rule(left, bottom, top), _Rule(right, bottom, top)]
        if len(horizontal) + len(vertical) > MOST_RULES:
            return [], []
    return horizontal, vertical


Ruled = tuple[list[float], list[float], list[_Rule], list[_Rule]]


def _tables(horizontal: list[_Rule], vertical: list[_Rule]) -> list[Ruled]:
    """Groups of rules that touch each other, with their columns and rows."""
    if len(horizontal) < 2 or len(vertical) < 2:
        return []
    spans = sorted((rule.start, rule.end) for rule in vertical)
    bands: list[list[float]] = []
    for start, end in spans:
        if bands and start <= bands[-1][1] + NEAR:
            bands[-1][1] = max(bands[-1][1], end)
        else:
            bands.append([start, end])
    tables = []
    for low, high in bands:
        rows = [rule for rule in horizontal if low - NEAR <= rule.at <= high + NEAR]
        columns = [rule for rule in vertical if low - NEAR <= rule.start and rule.end <= high + NEAR]
        xs, ys = _clustered(rule.at for rule in columns), _clustered(rule.at for rule in rows)
        if len(xs) >= 2 and len(ys) >= 2:
            tables.append((xs, ys, rows, columns))
    return tables


def _clustered(values: Iterable[float]) -> list[float]:
    found: list[list[float]] = []
    for value in sorted(values):
        if found and value - found[-1][-1] <= NEAR:
            found[-1].append(value)
        else:
            found.append([value])
    return [sum(group) / len(group) for group in found]


def _covered(rules: Iterable[_Rule], at: float, start: float, end: float) -> bool:
    """Whether rules at ``at`` run along most of the way."""
    length = 0.0
    for rule in rules:
        if abs(rule.at - at) <= NEAR:
            length = max(length, min(rule.end, end) - max(rule.start, start))
    return length >= (end - start) * 0.6


def _grid(
    signs: list[_Sign],
    xs: list[float],
    ys: list[float],
    horizontal: list[_Rule],
    vertical: list[_Rule],
    place: str,
) -> list[tuple[GridCell, ...]]:
    """Rows of cells: places between the rules that no rule parts are one cell."""
    downward = sorted(ys, reverse=True)
    columns = list(pairwise(xs))
    bands = [(low, high) for high, low in pairwise(downward)]
    by_x: dict[int, list[_Rule]] = defaultdict(list)
    for rule in vertical:
        for index, x in enumerate(xs):
            if abs(rule.at - x) <= NEAR:
                by_x[index].append(rule)
    parent = {(row, column): (row, column) for row in range(len(bands)) for column in range(len(columns))}

    def root(key: tuple[int, int]) -> tuple[int, int]:
        while parent[key] != key:
            key = parent[key]
        return key

    for row, (low, high) in enumerate(bands):
        for column, (left, right) in enumerate(columns):
            if column + 1 < len(columns) and not _covered(by_x[column + 1], right, low, high):
                parent[root((row, column + 1))] = root((row, column))
            if row + 1 < len(bands) and not _covered(horizontal, low, left, right):
                parent[root((row + 1, column))] = root((row, column))
    members: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for key in parent:
        members[root(key)].append(key)
    inside: dict[tuple[int, int], list[_Sign]] = defaultdict(list)
    upward = sorted(ys)
    for sign in signs:
        column = bisect_right(xs, (sign.box[0] + sign.box[2]) / 2) - 1
        row = len(upward) - 1 - bisect_right(upward, sign.middle)
        if 0 <= column < len(columns) and 0 <= row < len(bands):
            inside[root((row, column))].append(sign)
    made: dict[tuple[int, int], tuple[int, GridCell]] = {}
    for key, keys in members.items():
        first = min(row for row, _ in keys)
        width = xs[max(column for _, column in keys) + 1] - xs[min(column for _, column in keys)]
        made[key] = first, GridCell(_whole(inside[key], width), f"{place}表格第{first + 1}行")
    result = []
    for row in range(len(bands)):
        cells, seen = [], set()
        for column in range(len(columns)):
            key = root((row, column))
            if key in seen:
                continue
            seen.add(key)
            first_row, cell = made[key]
            cells.append(cell if first_row == row else GridCell(cell.text, cell.place, first=False))
        result.append(tuple(cells))
    return result
