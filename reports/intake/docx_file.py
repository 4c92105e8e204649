"""Word files (.docx): paragraphs and tables in their order, as lines and grids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO

from docx import Document
from docx.oxml.ns import qn
from lxml.etree import LxmlError, _Element

from reports.dossier import Unread
from reports.intake.docx_numbers import Numbers
from reports.intake.errors import IntakeError
from reports.intake.source import Grid, GridCell, Line, Source

MOST_TABLE_ROWS = 3_000
_COMPATIBLE = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_WRAPPERS = frozenset(
    qn(f"w:{name}") for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag")
)
_SIGNS = frozenset(qn(f"w:{name}") for name in ("t", "tab", "br", "cr", "noBreakHyphen"))
_UNSEEN = frozenset(
    [*(qn(f"w:{name}") for name in ("del", "moveFrom", "rt", "pPr")), f"{{{_COMPATIBLE}}}Fallback"]
)
"""What was struck out or moved away, what is read aloud over characters, and a text box written a second time."""
_UNIT = re.compile(r"(?:金额)?单位[：:]\s*(?:人民币)?\s*(?P<unit>万元|千元|元)")


def read_docx(data: bytes) -> Source:
    """Lines and tables of a Word file. Raises :class:`IntakeError`."""
    try:
        document = Document(BytesIO(data))
        return _read(document)
    except IntakeError:
        raise
    except (KeyError, ValueError, AttributeError, LxmlError, OSError) as error:
        raise IntakeError("Word 文件已损坏，无法打开，请用 Word 或 WPS 打开后另存为 .docx 再试") from error


def _read(document: Document) -> Source:
    source = Source()
    numbers, tables = 0, 0
    above: list[str] = []
    shown = Numbers(document)
    for item in _inside(document.element.body, qn("w:p"), qn("w:tbl")):
        if item.tag == qn("w:p"):
            text = _numbered(item, shown)
            if not text.strip():
                continue
            numbers += 1
            source.items += [Line(part, f"第{numbers}段") for part in text.split("\n") if part.strip()]
            above = [*above[-3:], text.strip()]
        else:
            tables += 1
            source.items += _table(item, f"表{tables}", above, shown)
            above = []
    pictures = sum(1 for _ in document.element.body.iter(qn("w:drawing"), qn("w:pict")))
    if pictures:
        source.notes.append(
            Unread(source="全文", words=f"图片{pictures}张", question="图片里的文字没有读取，请核对")
        )
    if not source.items:
        raise IntakeError("Word 文件里没有文字" + ("，只有图片" if pictures else ""))
    return source


def _inside(element: _Element, *tags: str) -> Iterator[_Element]:
    """Children of these kinds, also those that a content control, an insertion or a tag is wrapped around."""
    for child in element:
        if child.tag in tags:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _inside(child, *tags)


def _numbered(paragraph: _Element, shown: Numbers) -> str:
    """Text of a paragraph behind its automatic number; an empty one is counted and shows nothing to read."""
    number, text = shown.before(paragraph), _text(paragraph)
    return f"{number}{text}" if text.strip() else ""


def _text(element: _Element) -> str:
    """Text of a paragraph with what insertions hold and without what was struck out (修订) or is shown only elsewhere."""
    parts: list[str] = []
    for node in _signs(element):
        if node.tag == qn("w:t"):
            parts.append(node.text or "")
        elif node.tag == qn("w:p") or node.tag in (qn("w:br"), qn("w:cr")):
            parts.append("\n")
        elif node.tag == qn("w:noBreakHyphen"):
            parts.append("-")
        elif node.getparent().tag == qn("w:r"):
            parts.append("\t")
    return "".join(parts)


def _signs(element: _Element) -> Iterator[_Element]:
    """Text and breaks of a paragraph in their order; paragraphs of a text box are marked by themselves."""
    for child in element:
        if child.tag in _UNSEEN:
            continue
        if child.tag in _SIGNS:
            yield child
        elif isinstance(child.tag, str):
            if child.tag == qn("w:p"):
                yield child
            yield from _signs(child)


def _table(table: _Element, name: str, above: list[str], shown: Numbers) -> Iterator[Line | Grid]:
    """One table; a frame around running text is no table, and its paragraphs are lines."""
    grid: list[tuple[GridCell, ...]] = []
    open_cells: dict[int, GridCell] = {}
    for number, row in enumerate(_inside(table, qn("w:tr")), 1):
        if number > MOST_TABLE_ROWS:
            raise IntakeError(f"Word 文件的{name}超过{MOST_TABLE_ROWS}行，不像一份自评报告")
        cells: list[GridCell] = []
        column = _integer(row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}"), 0)
        for cell in row.iter(qn("w:tc")):
            if cell.getparent() is not row and next(cell.iterancestors(qn("w:tr")), None) is not row:
                continue
            properties = cell.find(qn("w:tcPr"))
            span = _integer(properties.find(qn("w:gridSpan")) if properties is not None else None, 1)
            merge = properties.find(qn("w:vMerge")) if properties is not None else None
            if merge is not None and merge.get(qn("w:val")) != "restart" and column in open_cells:
                first = open_cells[column]
                cells.append(GridCell(first.text, first.place, first.number, first=False))
            else:
                own = (p for p in cell.iter(qn("w:p")) if next(p.iterancestors(qn("w:p")), None) is None)
                text = "\n".join(_numbered(paragraph, shown) for paragraph in own).strip("\n")
                made = GridCell(text, f"{name}第{number}行第{len(cells) + 1}格")
                cells.append(made)
                open_cells[column] = made
                if merge is None:
                    open_cells.pop(column, None)
            column += span
        if cells:
            grid.append(tuple(cells))
    widest = max((len(row) for row in grid), default=0)
    if widest == 1:
        for row in grid:
            for cell in row:
                if cell.first:
                    yield from (Line(part, cell.place) for part in cell.text.split("\n") if part.strip())
        return
    if widest == 2 and all(row[0].text.strip().endswith(("：", ":")) for row in grid):
        yield from (Line(f"{row[0].text.strip()}{row[-1].text.strip()}", row[0].place) for row in grid)
        return
    unit = next((match["unit"] for text in reversed(above) if (match := _UNIT.search(text))), "")
    title = next((text for text in reversed(above) if not _UNIT.search(text)), "")
    yield Grid(grid, title=title, unit=unit)


def _integer(element: _Element | None, default: int) -> int:
    value = element.get(qn("w:val")) if element is not None else None
    return int(value) if value and value.isdecimal() else default
