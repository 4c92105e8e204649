"""What every kind of file is first turned into: lines of text and ruled tables, each knowing where it stands.

The text reader and the reader of known forms see only this, so that Word, Excel and PDF are read by the same rules.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from reports.dossier import Origin, Unread
from reports.intake.wording import fold

CONTINUED = re.compile(r"^[（(]?续(?:上)?表?[）)]?$|[（(]续(?:上?表|[一二三四五\d])?[）)]$|^接上[表页]$")
"""A title that says only that the table above goes on (续表)."""


@dataclass(frozen=True)
class Line:
    """One paragraph or one printed line, and where it stands (``第3页``, ``第12段``, ``报告正文!A5``)."""

    text: str
    place: str = ""


@dataclass(frozen=True)
class GridCell:
    """One cell of a table. A merged cell is one cell; ``first`` is false in the rows it only reaches down to."""

    text: str
    place: str = ""
    number: Decimal | None = None
    """The exact number, where the file holds a number and not its print."""
    first: bool = True


@dataclass
class Grid:
    """A table: its rows of distinct cells from left to right, and the words that stand above it."""

    rows: list[tuple[GridCell, ...]]
    title: str = ""
    unit: str = ""
    """Words above the table that name the unit of its amounts."""


@dataclass(frozen=True)
class Aside:
    """Words that hang on a paragraph without standing in it: a footnote, a comment, hidden text."""

    words: str
    place: str
    beside: str
    """Text of the paragraph."""
    question: str = ""


@dataclass
class Source:
    """A file as lines and tables in their order."""

    items: list[Line | Grid] = field(default_factory=list)
    notes: list[Unread] = field(default_factory=list)
    """What the front end itself could not read."""
    asides: list[Aside] = field(default_factory=list)

    @property
    def lines(self) -> list[Line]:
        return [item for item in self.items if isinstance(item, Line)]

    @property
    def grids(self) -> list[Grid]:
        return [item for item in self.items if isinstance(item, Grid)]


_IGNORED = re.compile(r"[\s（）()\u3000]")


def _bare(text: str) -> str:
    return _IGNORED.sub("", fold(text))


class Places:
    """Finds the line of the file from which the text reader's words come."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self.starts: list[int] = []
        self.places: list[str] = []
        parts, length = [], 0
        for line in lines:
            text = _bare(line.text)
            if not text:
                continue
            self.starts.append(length)
            self.places.append(line.place)
            parts.append(text)
            length += len(text)
        self.whole = "".join(parts)

    def of(self, source: str, words: str) -> str:
        """``第3页　四（一）1 …``: the place in the file before the section that the reader names."""
        begin = self._section(source)
        wanted = _bare(words.split("\n")[0])
        at = self.whole.find(wanted, begin) if wanted else begin
        if at < 0:
            at = self.whole.find(wanted)
        if at < 0:
            at = self.whole.find(wanted[:10], begin)
        if at < 0 or not self.starts:
            return source
        place = self.places[bisect_right(self.starts, at) - 1]
        return f"{place}　{source}".strip() if place else source

    def _section(self, source: str) -> int:
        title = _bare(source.split(" ", 1)[-1])
        found = self.whole.find(title) if title and " " in source else -1
        return max(found, 0)

    def origins(self, found: Iterable[Origin]) -> list[Origin]:
        """Origins with the place in the file."""
        return [
            item
            if item.where.startswith("paragraph.")
            else item.model_copy(update={"source": self.of(item.source, item.words)})
            for item in found
        ]

    def unread(self, found: Iterable[Unread]) -> list[Unread]:
        """Unread passages with the place in the file."""
        return [item.model_copy(update={"source": self.of(item.source, item.words)}) for item in found]
