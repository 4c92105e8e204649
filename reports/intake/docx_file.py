"""Word files (.docx): paragraphs and tables in their order, as lines and grids; what stands beside them as notes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO

from docx import Document
from docx.oxml.ns import qn
from lxml.etree import _Element

from reports.dossier import Unread
from reports.intake.docx_numbers import Numbers
from reports.intake.docx_parts import Asides, changes, margins, pictures
from reports.intake.docx_text import CONTROL, LOST, WRAPPERS, Words, ends_deleted, is_placeholder, words_of
from reports.intake.errors import IntakeError
from reports.intake.source import Aside, Grid, GridCell, Line, Source

MOST_TABLE_ROWS = 3_000
_UNIT = re.compile(r"(?:金额)?单位[：:]\s*(?:人民币)?\s*(?P<unit>万元|千元|元)")
_PARAGRAPH, _TABLE, _ROW, _CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")


def read_docx(data: bytes) -> Source:
    """Lines and tables of a Word file. Raises :class:`IntakeError`."""
    try:
        return _Reading(Document(BytesIO(data))).source()
    except IntakeError:
        raise
    except Exception as error:  # the libraries raise whatever a broken part makes them raise
        raise IntakeError("Word 文件已损坏，无法打开，请用 Word 或 WPS 打开后另存为 .docx 再试") from error


def _inside(element: _Element, *tags: str) -> Iterator[_Element]:
    """Children of these kinds, also those that a content control, an insertion or a tag is wrapped around."""
    for child in element:
        if child.tag in tags:
            yield child
        elif child.tag in WRAPPERS and not (child.tag == CONTROL and is_placeholder(child)):
            yield from _inside(child, *tags)


class _Reading:
    """One reading of one file. Automatic numbers count, so every paragraph is asked once and in its order."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.shown = Numbers(document)
        self.asides = Asides(document)
        self.found = Source()
        self.paragraphs = self.tables = 0
        self.above: list[str] = []
        """The last lines before a table: its title and its unit."""
        self.begun = ""
        """Text of a paragraph whose end was struck out."""

    def source(self) -> Source:
        """Everything of the file."""
        body = self.document.element.body
        self._blocks(body)
        drawn = pictures(body)
        if not self.found.items:
            raise IntakeError("Word 文件里没有文字" + ("，只有图片" if drawn else ""))
        if drawn:
            self._note("全文", f"图片{drawn}张", "图片里的文字没有读取，请核对")
        if changed := changes(body):
            self._note("全文", changed, "文件里有没有接受的修订，已按全部接受后的文字读取，请核对")
        if body.find(f".//{qn('w:altChunk')}") is not None:
            self._note("全文", "嵌入的文件", "文件里嵌有另一个文件，没有读取，请核对")
        whole = "\n".join(
            item.text if isinstance(item, Line) else "\n".join(cell.text for row in item.rows for cell in row)
            for item in self.found.items
        )
        self.found.notes += margins(self.document, whole)
        return self.found

    def _note(self, source: str, words: str, question: str) -> None:
        self.found.notes.append(Unread(source=source, words=words, question=question))

    # -------------------------------------------------------------- paragraphs

    def _blocks(self, element: _Element, place: str = "") -> None:
        """Paragraphs and tables of the body, of a frame's cell or of a text box."""
        for item in _inside(element, _PARAGRAPH, _TABLE):
            if item.tag == _TABLE:
                self._lines(self._rest(), place)
                self._table(item)
                continue
            words, text = self._words(item)
            at = self._lines(text, place)
            self._beside(words, text, at)
            self._shapes(words, place)
        self._lines(self._rest(), place)

    def _lines(self, text: str, place: str) -> str:
        """One paragraph as lines; where it stands."""
        if not text.strip():
            return place or f"第{self.paragraphs}段后"
        self.paragraphs += not place
        at = place or f"第{self.paragraphs}段"
        self.found.items += [Line(part, at) for part in text.split("\n") if part.strip()]
        self.above = [*self.above[-3:], text.strip()]
        return at

    def _words(self, paragraph: _Element) -> tuple[Words, str]:
        """Words and text of a paragraph behind its automatic number; no text yet where it goes on in the next one."""
        words = words_of(paragraph)
        words.text = self._rest() + words.text
        if ends_deleted(paragraph):
            self.begun = words.text
            return words, ""
        number = self.shown.before(paragraph)
        return words, f"{number}{words.text}" if words.text.strip() else ""

    def _rest(self) -> str:
        """What of a paragraph waits for its end."""
        begun, self.begun = self.begun, ""
        return begun

    def _shapes(self, words: Words, place: str) -> None:
        """Text boxes and drawn text, behind the paragraph they are anchored in."""
        for text in words.art:
            if text.strip():
                self.found.items.append(Line(text.strip(), place or f"第{self.paragraphs}段"))
        for box in words.boxes:
            self._blocks(box, place)

    def _beside(self, words: Words, text: str, place: str) -> None:
        """Footnotes and comments, hidden text and signs without a character, each at its paragraph."""
        for kind, name in words.marks:
            if said := self.asides.of(kind, name):
                self.found.asides.append(Aside(said.words, f"{place}{said.kind}", text, said.question))
        if words.hidden.strip():
            question = "隐藏的文字没有读取，请核对是否属于报告"
            self.found.asides.append(Aside(words.hidden.strip(), place, text, question))
        if LOST in text:
            self.found.asides.append(Aside(text.strip(), place, text, "这里有特殊符号没有读出，请核对"))

    # -------------------------------------------------------------- tables

    def _table(self, table: _Element) -> None:
        """One table; a frame around running text is no table, and what it holds is read like the body."""
        self.tables += 1
        name = f"表{self.tables}"
        rows = [row for row in _inside(table, _ROW) if not _is_deleted(row, "w:trPr", "w:del")]
        if len(rows) > MOST_TABLE_ROWS:
            raise IntakeError(f"Word 文件的{name}超过{MOST_TABLE_ROWS}行，不像一份自评报告")
        cells = [
            [cell for cell in _inside(row, _CELL) if not _is_deleted(cell, "w:tcPr", "w:cellDel")]
            for row in rows
        ]
        if all(len(row) <= 1 for row in cells):
            for number, row in enumerate(cells, 1):
                for cell in row:
                    self._blocks(cell, f"{name}第{number}行第1格")
            return
        above, self.above = self.above, []
        inner: list[_Element] = []
        grid = [found for found in self._rows(name, rows, cells, inner) if found]
        if max(map(len, grid), default=0) == 2 and all(
            row[0].text.strip().endswith(("：", ":")) for row in grid
        ):
            self.found.items += [
                Line(f"{row[0].text.strip()}{row[-1].text.strip()}", row[0].place) for row in grid
            ]
        else:
            unit = next((match["unit"] for text in reversed(above) if (match := _UNIT.search(text))), "")
            title = next((text for text in reversed(above) if not _UNIT.search(text)), "")
            self.found.items.append(Grid(grid, title=title, unit=unit))
        for one in inner:
            self._table(one)

    def _rows(
        self, name: str, rows: list[_Element], cells: list[list[_Element]], inner: list[_Element]
    ) -> Iterator[tuple[GridCell, ...]]:
        """Distinct cells row by row; a table inside a row's only cell stands for itself (``inner``)."""
        open_cells: dict[int, GridCell] = {}
        for number, (row, own) in enumerate(zip(rows, cells, strict=True), 1):
            found: list[GridCell] = []
            column = _integer(row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}"), 0)
            for cell in own:
                properties = cell.find(qn("w:tcPr"))
                begin, column = column, column + _integer(_property(properties, "w:gridSpan"), 1)
                down, across = _property(properties, "w:vMerge"), _property(properties, "w:hMerge")
                if across is not None and across.get(qn("w:val")) != "restart" and found:
                    continue
                if down is not None and down.get(qn("w:val")) != "restart" and begin in open_cells:
                    first = open_cells[begin]
                    found.append(GridCell(first.text, first.place, first.number, first=False))
                    continue
                place = f"{name}第{number}行第{len(found) + 1}格"
                made = GridCell(self._cell(cell, place, inner if len(own) == 1 else None), place)
                found.append(made)
                open_cells.pop(begin, None)
                if down is not None:
                    open_cells[begin] = made
            yield tuple(found)

    def _cell(self, cell: _Element, place: str, inner: list[_Element] | None) -> str:
        """Text of a cell, one line a paragraph; of a table inside it one line a row."""
        parts: list[str] = []
        for item in _inside(cell, _PARAGRAPH, _TABLE):
            if item.tag == _TABLE and inner is not None:
                inner.append(item)
            elif item.tag == _TABLE:
                for row in _inside(item, _ROW):
                    texts = [self._cell(one, place, None) for one in _inside(row, _CELL)]
                    parts.append("\t".join(text for text in texts if text))
            else:
                words, text = self._words(item)
                parts.append(text)
                self._beside(words, text, place)
                parts += words.art
                parts += [self._cell(box, place, None) for box in words.boxes]
        return "\n".join([*parts, self._rest()]).strip("\n")


def _is_deleted(element: _Element, properties: str, mark: str) -> bool:
    """Whether a row or cell was struck out (修订)."""
    return element.find(f"{qn(properties)}/{qn(mark)}") is not None


def _property(properties: _Element | None, name: str) -> _Element | None:
    return properties.find(qn(name)) if properties is not None else None


def _integer(element: _Element | None, default: int) -> int:
    value = element.get(qn("w:val")) if element is not None else None
    return int(value) if value and value.isdecimal() else default
