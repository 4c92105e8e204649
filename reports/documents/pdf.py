"""The PDF of a report, laid out by GB/T 9704-2012 on reportlab's canvas.

Type area 156 × 225 mm with 22 lines of 28 characters; every line of running text stands on this grid. Lines are broken
by :mod:`reports.documents.linebreak`, so nothing hangs into the margin and no number is parted. Landscape annexes lie
as in a bound sheet: the head of the table at the left edge of the upright sheet, the page number where it is on all
other sheets, i.e. turned, at the left of the page as seen on the screen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from itertools import pairwise

from reportlab.pdfgen.canvas import Canvas

from reports.documents.fonts import drawing, fonts
from reports.documents.model import (
    Annex,
    Block,
    Cover,
    Enclosures,
    Heading,
    Paragraph,
    ReportDocument,
    Signature,
    Table,
    Verification,
)
from reports.documents.pdf_table import LaidTable, lay_out_form
from reports.documents.pdf_text import ASCENT, MM, Style, draw_aligned, draw_spread, draw_text
from reports.documents.plaintext import paragraphs, printable
from reports.documents.qr import modules, runs
from reports.documents.titles import title_lines

A4 = (210 * MM, 297 * MM)
TOP, LEFT, RIGHT, BOTTOM = 37 * MM, 28 * MM, 26 * MM, 35 * MM
"""Margins of the upright sheet (天头, 订口, 切口, 地脚)."""

LINES, CHARACTERS = 22, 28
LINE_PITCH = 225 * MM / LINES
CHARACTER_PITCH = 156 * MM / CHARACTERS
BODY_SIZE, TITLE_SIZE, NUMBER_SIZE = 16.0, 22.0, 14.0
NUMBER_BELOW = 7 * MM
"""From the lower edge of the type area to the dash of the page number."""

INDENT = 2 * CHARACTER_PITCH
DATE_INDENT = 4 * CHARACTER_PITCH
"""成文日期 stands four characters in from the right."""

_GRID = CHARACTER_PITCH - BODY_SIZE
BODY = Style("fang", BODY_SIZE, _GRID)
HEADINGS = {
    1: Style("hei", BODY_SIZE, _GRID),
    2: Style("kai", BODY_SIZE, _GRID),
    3: Style("fang", BODY_SIZE, _GRID),
    4: Style("fang", BODY_SIZE, _GRID),
}
TITLE = Style("title", TITLE_SIZE)
MARK = Style("hei", BODY_SIZE, _GRID)
NUMBER = Style("song", NUMBER_SIZE)
TABLE_TITLE = Style("hei", 14.0)
SMALL = Style("fang", 10.5)
FOOTER = Style("fang", 9.0)
COVER_TITLE = Style("title", 30.0)
COVER_LABEL = Style("hei", BODY_SIZE)
COVER_VALUE = Style("fang", BODY_SIZE)

CONTENTS_LEVELS = 2
"""Headings of these levels stand in the contents, and the annexes."""

_DOT = 6.0
"""Distance of the dots of a contents line, in points."""

_CODE_SIDE = 22 * MM
_TITLE_PITCH = 34.0
_WATERMARK_GRAY = 0.92
_MOST_KEPT = 6
"""Lines of a heading or signature that are kept together."""

_DATE = re.compile(r"\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日")
_NEARLY = 0.01
_UNDER_TABLE = 8.0
"""Points between a table and the text or title below it."""


def to_pdf(document: ReportDocument) -> bytes:
    """The document as PDF; the same document gives the same bytes (with the same font files)."""
    # Each page states a font before its text; reportlab's own choice, Helvetica, would not be embedded.
    face = fonts()["fang"].faces[0].name
    with drawing:
        buffer = BytesIO()
        canvas = Canvas(
            buffer, pagesize=A4, invariant=1, pageCompression=1, lang="zh-CN", initialFontName=face
        )
        _describe(canvas, document)
        _Printer(canvas, document).print()
        canvas.save()
        return buffer.getvalue()


def contents_pages(document: ReportDocument) -> list[int]:
    """Page numbers of the contents in their order: those of the PDF, which a Word file is given to begin with."""
    with drawing:
        canvas = Canvas(BytesIO(), pagesize=A4, initialFontName=fonts()["fang"].faces[0].name)
        printer = _Printer(canvas, document.model_copy(update={"contents": False}))
        printer.print()
        return [number for _, _, number, _ in printer.entries]


def _describe(canvas: Canvas, document: ReportDocument) -> None:
    canvas.setTitle(printable(document.title))
    canvas.setAuthor(printable(document.author))
    canvas.setSubject(printable(document.subject))
    canvas.setCreator("Evalsite")
    canvas.setProducer("Evalsite")
    stamp = pdf_date(document.created)
    canvas._doc.info._dateFormatter = lambda *_: stamp
    canvas.showOutline()


def pdf_date(created: str) -> str:
    """ISO date-time as a PDF date; a fixed day when none is stated, so that the bytes stay the same."""
    try:
        moment = datetime.fromisoformat(created)
    except ValueError:
        return "D:20000101000000Z"
    offset = moment.strftime("%z")
    zone = f"{offset[:3]}'{offset[3:5]}'" if offset else "Z"
    return moment.strftime("D:%Y%m%d%H%M%S") + zone


@dataclass(frozen=True)
class Sheet:
    """A page and its type area; edges in points as the page is seen (landscape pages lie)."""

    width: float
    height: float
    left: float
    top: float
    area_width: float
    area_height: float
    landscape: bool = False


PORTRAIT = Sheet(*A4, LEFT, TOP, 156 * MM, 225 * MM)
LANDSCAPE = Sheet(A4[1], A4[0], BOTTOM, LEFT, 225 * MM, 156 * MM, landscape=True)
"""The upright sheet turned by 90°: its left edge (binding) is on top, its foot is on the left."""


@dataclass
class LineItem:
    """One or more rows of the grid. ``draw`` gets the left edge and the upper edge of the rows."""

    height: float
    draw: Callable[[float, float], None]
    keep: bool = False
    """Stays on one page with the next item."""
    blank: bool = False
    """Is left out at the top of a page."""
    grid: bool = True
    """Begins on a line of the grid."""


@dataclass
class TableItem:
    table: LaidTable
    keep: bool = False
    blank: bool = False
    grid: bool = False
    whole: bool = False
    """Is not parted when a page can hold it: the second part of a form."""

    @property
    def height(self) -> float:
        return self.table.height if self.whole else self.table.least


Item = LineItem | TableItem


@dataclass
class _Printer:
    canvas: Canvas
    document: ReportDocument
    sheet: Sheet = PORTRAIT
    used: float = 0.0
    number: int = 0
    numbered: bool = True
    started: bool = False
    outline_level: int = -1
    bookmarks: int = field(default=0)
    entries: list[tuple[int, str, int, str]] = field(default_factory=list)
    """Contents: level, text, page number and bookmark."""

    # Pages

    def print(self) -> None:
        document = self.document
        if document.cover:
            self._cover(document.cover)
        self._open(PORTRAIT)
        self._flow([*self._title(document.title, bookmark=True), *self._blocks(document.body)])
        for annex in document.annexes:
            self._annex(annex)
        self._close()
        if document.contents and self.entries:
            self._contents()

    def _contents(self) -> None:
        """目录: drawn when all page numbers are known, then moved before the body. Its pages have no number."""
        leaves = self.canvas._doc.Pages.pages
        before, first = len(leaves), 1 if self.document.cover else 0
        entries, self.entries = self.entries, []
        self._open(PORTRAIT, numbered=False)
        items: list[Item] = [self._centred("目　录", TITLE, LINE_PITCH), self._gap(1)]
        for entry in entries:
            items += self._contents_entry(*entry)
        self.numbered = False
        self._flow(items)
        self._close()
        moved = leaves[before:]
        del leaves[before:]
        leaves[first:first] = moved

    def _contents_entry(self, level: int, text: str, number: int, key: str) -> list[Item]:
        """Text, dots and page number; a long heading hangs under itself, the dots follow its last line."""
        width, figure = self.sheet.area_width, str(number)
        indent = (level - 1) * CHARACTER_PITCH
        room = width - indent - 3 * CHARACTER_PITCH
        style = HEADINGS[1] if level == 1 else BODY
        lines = style.break_lines(text, room)
        items: list[Item] = []
        for place, line in enumerate(lines):
            last = place + 1 == len(lines)

            def draw(left: float, top: float, line=line, last=last) -> None:
                canvas, baseline = self.canvas, top - ASCENT * BODY.size
                draw_text(canvas, left + indent, baseline, line.text, style)
                if last:
                    right = left + width - BODY.text_width(figure)
                    draw_text(canvas, right, baseline, figure, BODY)
                    start, end = left + indent + line.width + 4, right - 4
                    count = max(0, int((end - start) / _DOT))
                    for dot in range(count):
                        draw_text(canvas, end - (dot + 1) * _DOT, baseline, ".", BODY)
                canvas.linkAbsolute("", key, (left, top - LINE_PITCH, left + width, top), thickness=0)

            items.append(LineItem(LINE_PITCH, draw, keep=not last))
        return items

    def _open(self, sheet: Sheet, *, numbered: bool = True) -> None:
        """Begin a new page."""
        self._close()
        self.sheet, self.used, self.started = sheet, 0.0, True
        self.canvas.setPageSize((sheet.width, sheet.height))
        if self.document.watermark:
            self._watermark()
        if numbered and self.numbered:
            self.number += 1
            self._page_number()
            self._footer()

    def _close(self) -> None:
        if self.started:
            self.canvas.showPage()
            self.started = False

    def _page_number(self) -> None:
        """``— 1 —`` 7 mm below the type area of the upright sheet, one character in from its outer edge."""
        text = f"— {self.number} —"
        canvas, sheet = self.canvas, self.sheet
        width = NUMBER.text_width(text)
        area, below = PORTRAIT.area_width, NUMBER_BELOW + 0.38 * NUMBER_SIZE
        along = area - NUMBER_SIZE - width if self.number % 2 else NUMBER_SIZE
        if sheet.landscape:
            canvas.saveState()
            canvas.translate(sheet.left - below, sheet.height - sheet.top - along)
            canvas.rotate(-90)
            draw_text(canvas, 0, 0, text, NUMBER)
            canvas.restoreState()
        else:
            draw_text(canvas, sheet.left + along, BOTTOM - below, text, NUMBER)

    def _footer(self) -> None:
        text = " ".join(paragraphs(self.document.footer))
        if not text:
            return
        sheet = self.sheet
        line = FOOTER.break_lines(text, sheet.area_width)[0].text
        baseline = sheet.height - sheet.top - sheet.area_height - 14 * MM
        self.canvas.setFillGray(0.35)
        draw_aligned(self.canvas, sheet.left, sheet.left + sheet.area_width, baseline, line, FOOTER, "center")
        self.canvas.setFillGray(0)

    def _watermark(self) -> None:
        """Large light letters across the page, under everything else."""
        text = printable(self.document.watermark).replace("\n", " ")[:40]
        canvas, sheet = self.canvas, self.sheet
        size = min(130.0, 0.8 * sheet.area_height / max(1.0, Style("hei", 1.0).text_width(text)) * 1.1)
        style = Style("hei", size, size * 0.1)
        canvas.saveState()
        canvas.setFillGray(_WATERMARK_GRAY)
        canvas.translate(sheet.width / 2, sheet.height / 2)
        canvas.rotate(35 if sheet.landscape else 50)
        draw_text(canvas, -style.text_width(text) / 2, -0.38 * size, text, style)
        canvas.restoreState()

    def _bookmark(self, text: str, level: int, top: float | None = None) -> str:
        """An entry of the outline, and its key; reportlab takes no level that skips one."""
        self.bookmarks += 1
        self.outline_level = min(level, self.outline_level + 1)
        key = f"b{self.bookmarks}"
        self.canvas.bookmarkPage(key, fit="XYZ", top=top if top is not None else self.sheet.height)
        self.canvas.addOutlineEntry(text[:200] or "—", key, level=self.outline_level, closed=level > 0)
        return key

    # Flow

    def _flow(self, items: Sequence[Item]) -> None:
        """Place the items one under the other, on new pages where needed."""
        room = self.sheet.area_height
        for place, item in enumerate(items):
            if item.blank and self.used == 0:
                continue
            if item.grid:
                self._to_grid(_UNDER_TABLE if place and isinstance(items[place - 1], TableItem) else 0)
            together = _together(items, place)
            if self.used and self.used + together > room + _NEARLY and together <= room + _NEARLY:
                self._open(self.sheet)
                if item.blank:
                    continue
            if isinstance(item, TableItem):
                self._flow_table(item.table)
                continue
            if self.used and self.used + item.height > room + _NEARLY:
                self._open(self.sheet)
            item.draw(self.sheet.left, self._y)
            self.used += item.height

    def _flow_table(self, table: LaidTable) -> None:
        left: LaidTable | None = table
        room = self.sheet.area_height
        while left is not None:
            parts, left = left.take(room - self.used, room)
            for part in parts:
                part.draw(self.canvas, self.sheet.left, self._y)
                self.used += part.height
            if left is not None:
                self._open(self.sheet)

    def _to_grid(self, least: float = 0) -> None:
        """Go down to the next line of the grid that is at least so far away."""
        self.used = -(-(self.used + least - _NEARLY) // LINE_PITCH) * LINE_PITCH

    @property
    def _y(self) -> float:
        """Where the next item begins, in PDF coordinates."""
        return self.sheet.height - self.sheet.top - self.used

    # Blocks into items

    def _blocks(self, blocks: Iterable[Block], *, room: float | None = None) -> list[Item]:
        items: list[Item] = []
        form: list[Table] = []
        for block in blocks:
            if isinstance(block, Table) and block.joined and form:
                form.append(block)
                continue
            items += self._form(form, room)
            form = []
            match block:
                case Heading():
                    items += self._heading(block)
                case Paragraph():
                    items += self._paragraph(block)
                case Table():
                    form = [block]
                case Enclosures():
                    items += self._enclosures(block)
                case Signature():
                    for item in items[-2:]:
                        # A page never holds the signature alone.
                        item.keep = True
                    items += self._signature(block, follows=bool(items))
        return items + self._form(form, room)

    def _heading(self, heading: Heading) -> list[Item]:
        text = " ".join(paragraphs(heading.text))
        style = HEADINGS[heading.level]
        items = self._running_text(text, style)
        # A heading stays whole and with what follows; what is longer than any heading may be parted like text.
        for item in items if len(items) <= _MOST_KEPT else items[-1:]:
            item.keep = True
        if items:
            draw = items[0].draw

            def draw_and_mark(left: float, top: float) -> None:
                key = self._bookmark(text, heading.level, top)
                if heading.level <= CONTENTS_LEVELS:
                    self.entries.append((heading.level, text, self.number, key))
                draw(left, top)

            items[0].draw = draw_and_mark
        return list(items)

    def _paragraph(self, paragraph: Paragraph) -> list[Item]:
        items: list[Item] = []
        for text in paragraphs(paragraph.text):
            lines = self._running_text(text, BODY, 0.0 if paragraph.flush else INDENT)
            if len(lines) > 1:
                # No single last line at the top of a page.
                lines[-2].keep = True
            items += lines
        return items

    def _running_text(self, text: str, style: Style, first: float = INDENT) -> list[LineItem]:
        width = self.sheet.area_width
        if self.sheet.landscape:
            width = width // CHARACTER_PITCH * CHARACTER_PITCH
        lines = style.break_lines(text, width + _NEARLY, width - first + _NEARLY) if text else []
        items = []
        for number, line in enumerate(lines):
            indent = 0.0 if number else first

            def draw(left: float, top: float, line=line, indent=indent) -> None:
                baseline = top - ASCENT * style.size
                draw_spread(self.canvas, left + indent, left + width + style.spacing, baseline, line, style)

            items.append(LineItem(LINE_PITCH, draw))
        return items

    def _centred(self, text: str, style: Style, height: float, *, keep: bool = True) -> LineItem:
        width = self.sheet.area_width

        def draw(left: float, top: float) -> None:
            draw_aligned(self.canvas, left, left + width, top - ASCENT * style.size, text, style, "center")

        return LineItem(height, draw, keep=keep)

    def _title(self, title: str, *, bookmark: bool = False) -> list[Item]:
        """Title centred in lines of a trapezoid, then an empty line; as many rows of the grid as it needs."""
        lines = title_lines(title, self.sheet.area_width / TITLE_SIZE, TITLE.typeface.width)
        if not lines:
            return []
        if len(lines) > _MOST_KEPT:
            # No title any more; it has to flow over the pages all the same.
            return [self._centred(line, TITLE, _TITLE_PITCH, keep=False) for line in lines]
        rows = -(-(TITLE_SIZE + (len(lines) - 1) * _TITLE_PITCH) // LINE_PITCH)
        pitch = (rows * LINE_PITCH - TITLE_SIZE) / (len(lines) - 1) if len(lines) > 1 else 0.0
        pitch = min(pitch, _TITLE_PITCH + 4)
        width = self.sheet.area_width

        def draw(left: float, top: float) -> None:
            if bookmark:
                self._bookmark("".join(lines), 0)
            for number, line in enumerate(lines):
                baseline = top - ASCENT * TITLE_SIZE - number * pitch
                draw_aligned(self.canvas, left, left + width, baseline, line, TITLE, "center")

        return [LineItem(rows * LINE_PITCH, draw, keep=True), self._gap(1)]

    def _gap(self, rows: float) -> LineItem:
        return LineItem(rows * LINE_PITCH, lambda left, top: None, keep=True, blank=True)

    def _form(self, tables: Sequence[Table], room: float | None) -> list[Item]:
        """A table and those joined to it: one size of type for all, on one page if that can be."""
        if not tables:
            return []
        width = self.sheet.area_width
        framed = [(self._above(table), self._below(table)) for table in tables]
        around = sum(item.height for above, below in framed for item in (*above, *below))
        laid = lay_out_form(tables, width, (room or self.sheet.area_height) - around)
        items: list[Item] = []
        for table, (above, below), block in zip(laid, framed, tables, strict=True):
            under = sum(item.height for item in below)
            whole = block.joined and table.height + under <= self.sheet.area_height
            # Notes stay with the last row.
            items += [*above, TableItem(table, keep=whole and bool(below), whole=whole), *below]
        return items

    def _above(self, table: Table) -> list[Item]:
        """Title and unit over a table."""
        items: list[Item] = []
        width = self.sheet.area_width
        title = " ".join(paragraphs(table.title))
        for line in TABLE_TITLE.break_lines(title, width) if title else []:
            items.append(self._centred(line.text, TABLE_TITLE, LINE_PITCH * 0.85))
        unit = " ".join(paragraphs(table.unit))
        if unit:

            def draw_unit(left: float, top: float) -> None:
                draw_aligned(self.canvas, left, left + width, top - ASCENT * SMALL.size, unit, SMALL, "right")

            items.append(LineItem(SMALL.size * 1.5, draw_unit, keep=True, grid=False))
        return items

    def _below(self, table: Table) -> list[Item]:
        """Notes under a table."""
        items: list[Item] = []
        width = self.sheet.area_width
        notes = [line for text in paragraphs(table.note) for line in SMALL.break_lines(text, width)]
        for number, line in enumerate(notes):

            def draw_note(left: float, top: float, line=line, first=number == 0) -> None:
                draw_text(
                    self.canvas, left, top - (4.0 if first else 0.0) - ASCENT * SMALL.size, line.text, SMALL
                )

            items.append(LineItem(SMALL.size * 1.4 + (4.0 if number == 0 else 0.0), draw_note, grid=False))
        return items

    def _enclosures(self, block: Enclosures) -> list[Item]:
        """附件说明 one line below the text: numbers stand under each other, a long name hangs under itself."""
        items: list[Item] = []
        width, start = self.sheet.area_width, INDENT + BODY.text_width(block.lead)
        for place, (number, name) in enumerate(block.items):
            text = " ".join(paragraphs(name))
            inner = start + BODY.text_width(number)
            lines = BODY.break_lines(text, width - inner + _NEARLY) if text else []
            for at, line in enumerate(lines):

                def draw(left: float, top: float, place=place, at=at, line=line, number=number) -> None:
                    baseline = top - ASCENT * BODY.size
                    if place == at == 0:
                        draw_text(self.canvas, left + INDENT, baseline, block.lead, BODY)
                    if at == 0:
                        draw_text(self.canvas, left + start, baseline, number, BODY)
                    x = left + start + BODY.text_width(number)
                    draw_spread(self.canvas, x, left + width + BODY.spacing, baseline, line, BODY)

                items.append(LineItem(LINE_PITCH, draw, keep=at + 1 < len(lines)))
        return [self._gap(1), *items] if items else []

    def _signature(self, signature: Signature, *, follows: bool) -> list[Item]:
        """署名 over 成文日期: the date four characters in from the right, the signer centred over it."""
        texts = [text for line in signature.lines for text in paragraphs(line)]
        if not texts:
            return []
        width = self.sheet.area_width
        right = width - DATE_INDENT
        dates = [text for text in texts if _DATE.search(text)]
        anchor = BODY.text_width(dates[-1] if dates else texts[-1])
        centre = right - anchor / 2
        items: list[Item] = [self._gap(1)] if follows else []
        for number, text in enumerate(texts):
            for line in BODY.break_lines(text, width):
                wide = BODY.text_width(line.text)
                x = max(0.0, min(centre - wide / 2, width - wide))

                def draw(left: float, top: float, x=x, line=line) -> None:
                    draw_text(self.canvas, left + x, top - ASCENT * BODY.size, line.text, BODY)

                items.append(LineItem(LINE_PITCH, draw, keep=number + 1 < len(texts) <= _MOST_KEPT))
        return items

    # Cover and annexes

    def _cover(self, cover: Cover) -> None:
        self._open(PORTRAIT, numbered=False)
        canvas, sheet = self.canvas, self.sheet
        left, right = sheet.left, sheet.left + sheet.area_width
        self._bookmark("封面", 0)
        y = sheet.height - sheet.top - 38 * MM
        style = COVER_TITLE
        lines = title_lines(cover.title, sheet.area_width / style.size, style.typeface.width)
        if len(lines) > 3:
            style = TITLE
            lines = title_lines(cover.title, sheet.area_width / style.size, style.typeface.width)[:6]
        for line in lines:
            draw_aligned(canvas, left, right, y, line, style, "center")
            y -= style.size * 1.5
        self._cover_lines(cover.lines, min(y - 20 * MM, sheet.height - sheet.top - 115 * MM))
        date = " ".join(paragraphs(cover.date))
        if date:
            date = COVER_VALUE.break_lines(date, sheet.area_width)[0].text
            draw_aligned(canvas, left, right, BOTTOM + 6 * MM, date, COVER_VALUE, "center")
        if self.document.verification:
            self._verification(self.document.verification)

    def _verification(self, verification: Verification) -> None:
        """The QR code in the lower right corner of the cover, its code in letters below."""
        rows = modules(verification.address)
        canvas, sheet = self.canvas, self.sheet
        left, bottom = sheet.left + sheet.area_width - _CODE_SIDE, BOTTOM + 5 * MM
        module = _CODE_SIDE / len(rows)
        path = canvas.beginPath()
        for top, start, wide in runs(rows):
            path.rect(left + start * module, bottom + _CODE_SIDE - (top + 1) * module, wide * module, module)
        canvas.drawPath(path, stroke=0, fill=1)
        middle, wide = left + _CODE_SIDE / 2, FOOTER.text_width(verification.text)
        draw_text(
            canvas,
            min(middle - wide / 2, left + _CODE_SIDE - wide),
            bottom - 1.5 * FOOTER.size,
            verification.text,
            FOOTER,
        )
        canvas.linkURL(
            verification.address, (left, bottom, left + _CODE_SIDE, bottom + _CODE_SIDE), thickness=0
        )

    def _cover_lines(self, lines: Sequence[tuple[str, str]], y: float) -> None:
        """Labels spread to one width, values over a rule."""
        rows = [(" ".join(paragraphs(label)), " ".join(paragraphs(value))) for label, value in lines]
        if not rows:
            return
        canvas, sheet = self.canvas, self.sheet
        size = COVER_LABEL.size
        widest = min(max(COVER_LABEL.text_width(label.rstrip("：:")) for label, _ in rows), 45 * MM)
        start = sheet.left + 16 * MM
        value_left, value_right = start + widest + 1.6 * size, sheet.left + sheet.area_width - 16 * MM
        pitch = 12.5 * MM
        for label, value in rows:
            label = label.rstrip("：:")
            values = COVER_VALUE.break_lines(value, value_right - value_left - 4) if value else []
            if y - max(1, len(values)) * pitch < BOTTOM + 12 * MM:
                break
            free = widest - COVER_LABEL.text_width(label)
            extra = free / (len(label) - 1) if len(label) > 1 and 0 < free < 4 * size else 0.0
            for shown in COVER_LABEL.break_lines(label, widest)[:1]:
                draw_text(canvas, start, y, shown.text, Style("hei", size, extra))
            draw_text(canvas, start + widest + 0.1 * size, y, "：", COVER_LABEL)
            canvas.setLineWidth(0.5)
            for number in range(max(1, len(values))):
                if number < len(values):
                    text = values[number].text
                    draw_aligned(canvas, value_left, value_right, y, text, COVER_VALUE, "center")
                canvas.line(value_left, y - 0.3 * size, value_right, y - 0.3 * size)
                y -= pitch

    def _annex(self, annex: Annex) -> None:
        """附件: mark flush left in the first line, title centred on the third, then the form."""
        self._open(LANDSCAPE if annex.landscape else PORTRAIT)
        mark = " ".join(paragraphs(annex.mark))
        name = " ".join(paragraphs(annex.title))
        items: list[Item] = []
        if mark or name:

            def draw_mark(left: float, top: float) -> None:
                text = f"{mark}　{name}".strip("　")
                self.entries.append((1, text, self.number, self._bookmark(text, 0)))
                draw_text(self.canvas, left, top - ASCENT * MARK.size, mark, MARK)

            items.append(LineItem(LINE_PITCH, draw_mark, keep=True))
            items.append(LineItem(LINE_PITCH, lambda left, top: None, keep=True))
        title = self._title(annex.title)
        if title and title[-1].blank:
            title[-1] = self._gap(0.3 if annex.landscape else 1)
        items += title
        above = sum(item.height for item in items)
        items += self._blocks(annex.blocks, room=self.sheet.area_height - above)
        self._flow(items)


def _together(items: Sequence[Item], place: int) -> float:
    """Height of an item and of those that have to stand on the same page with it."""
    height = items[place].height
    for item, following in pairwise(items[place:]):
        if not item.keep:
            break
        height += following.height
    return height
