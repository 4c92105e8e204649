"""Automatic numbering of Word: the numbers that a page shows before its paragraphs and that no text of the file holds.

Only the outline of the genre is needed: decimal, Chinese and circled numbers by the pattern of their level (``%1、``,
``（%1）``). A bullet is no number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from docx.document import Document
from docx.oxml.ns import qn
from lxml.etree import _Element

CHINESE = frozenset(
    ["chineseCounting", "chineseCountingThousand", "japaneseCounting", "ideographDigital", "taiwaneseCounting",
     "taiwaneseCountingThousand"]
)  # fmt: skip
CIRCLES = frozenset(["decimalEnclosedCircle", "decimalEnclosedCircleChinese"])
DECIMAL = frozenset(["decimal", "decimalFullWidth", "decimalHalfWidth"])
MOST_STYLES = 2_000
_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True)
class _Level:
    shape: str
    """Number format of the level, as Word calls it."""
    pattern: str
    start: int
    style: str
    """Paragraph style that the level belongs to."""


class Numbers:
    """Counts the numbered paragraphs of one document, which are asked about in their order, each once."""

    def __init__(self, document: Document) -> None:
        self.levels: dict[str, dict[int, _Level]] = {}
        self.lists: dict[str, str] = {}
        """The list that an id goes on with: ids without a beginning of their own share one."""
        self.counts: dict[str, dict[int, int]] = {}
        self._read_lists(document)
        self.styles = self._read_styles(document)

    def before(self, paragraph: _Element) -> str:
        """The number shown before a paragraph; empty without one."""
        properties = paragraph.find(qn("w:pPr"))
        if properties is None:
            return ""
        name, level = self.styles.get(_value(properties.find(qn("w:pStyle"))), ("", 0))
        own = properties.find(qn("w:numPr"))
        if own is not None:
            name = _value(own.find(qn("w:numId"))) or name
            level = _integer(_value(own.find(qn("w:ilvl"))), level)
        shapes = self.levels.get(name, {})
        if level not in shapes:
            return ""
        counts = self.counts.setdefault(self.lists[name], {})
        counts[level] = counts.get(level, shapes[level].start - 1) + 1
        for deeper in [one for one in counts if one > level]:
            del counts[deeper]

        def shown(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            return _written(counts.get(at, shapes[at].start), shapes[at].shape) if at in shapes else ""

        known = shapes[level].shape in CHINESE | CIRCLES | DECIMAL
        return _PLACE.sub(shown, shapes[level].pattern) if known else ""

    def _read_lists(self, document: Document) -> None:
        parts = (one.target_part for one in document.part.rels.values() if not one.is_external)
        root = next((part.element for part in parts if part.partname.endswith("/numbering.xml")), None)
        if root is None:
            return
        shapes = {one.get(qn("w:abstractNumId")): _levels(one) for one in root.iter(qn("w:abstractNum"))}
        for number in root.iter(qn("w:num")):
            name, base = number.get(qn("w:numId"), ""), _value(number.find(qn("w:abstractNumId")))
            self.levels[name] = shapes.get(base, {})
            restarts = number.find(f".//{qn('w:startOverride')}") is not None
            self.lists[name] = name if restarts else f"abstract {base}"

    def _read_styles(self, document: Document) -> dict[str, tuple[str, int]]:
        """Id and level that a paragraph style gives, its own or those of the style it is based on."""
        styles = {one.get(qn("w:styleId"), ""): one for one in document.styles.element.iter(qn("w:style"))}
        found: dict[str, tuple[str, int]] = {}
        for first in list(styles)[:MOST_STYLES]:
            name, seen = first, set()
            while name in styles and name not in seen:
                seen.add(name)
                own = styles[name].find(f"{qn('w:pPr')}/{qn('w:numPr')}")
                number = _value(own.find(qn("w:numId"))) if own is not None else ""
                if number:
                    levels = self.levels.get(number, {})
                    linked = next((at for at, level in levels.items() if level.style == name), 0)
                    found[first] = number, _integer(_value(own.find(qn("w:ilvl"))), linked)
                    break
                name = _value(styles[name].find(qn("w:basedOn")))
        return found


def _levels(abstract: _Element) -> dict[int, _Level]:
    return {
        _integer(level.get(qn("w:ilvl")), 0): _Level(
            _value(level.find(qn("w:numFmt"))),
            _value(level.find(qn("w:lvlText"))),
            _integer(_value(level.find(qn("w:start"))), 1),
            _value(level.find(qn("w:pStyle"))),
        )
        for level in abstract.iter(qn("w:lvl"))
    }


def _written(number: int, shape: str) -> str:
    if shape in CHINESE:
        return _chinese(number)
    if shape in CIRCLES and 1 <= number <= 20:
        return chr(ord("①") + number - 1)
    return str(number)


def _chinese(number: int) -> str:
    """1 → 一, 12 → 十二, 20 → 二十; from a hundred on in digits."""
    if not 0 < number < 100:
        return str(number)
    digits = "〇一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if not tens:
        return digits[ones]
    return f"{'' if tens == 1 else digits[tens]}十{digits[ones] if ones else ''}"


def _value(element: _Element | None) -> str:
    return (element.get(qn("w:val")) or "") if element is not None else ""


def _integer(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() else default
