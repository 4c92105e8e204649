"""Targets as approved with the budget (批复的绩效目标): goals, indicators, targets and weights of one department-year, frozen.

Pure: the rules, the workspace and the beginning of a year all match a report's rows with the approved ones by :func:`matched`.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence
from typing import Protocol, TypeVar

from departments.dossier import Part
from indicators.dossier import Points
from indicators.policy import bare

_SIGNS = re.compile(r"[\W_]+")


class ApprovedLine(Part):
    """One approved third-level indicator. ``target`` as the document writes it, its comparison included (``≥95%``)."""

    level1: str = ""
    level2: str = ""
    name: str
    target: str = ""
    weight: Points | None = None
    """分值; ``None`` where the document approves none."""


class Approved(Part):
    """All that was approved for one department-year."""

    goals: tuple[str, ...] = ()
    indicators: tuple[ApprovedLine, ...] = ()

    def fingerprint(self) -> str:
        """SHA-256 of the content: equal sets have equal fingerprints."""
        data = json.dumps(self.model_dump(mode="json"), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(data.encode()).hexdigest()


class Named(Protocol):
    """An indicator of any floor: what it is matched by."""

    name: str
    level2: str


Row = TypeVar("Row", bound=Named)


def name_key(name: str) -> str:
    """A name without blanks and punctuation, full-width signs as half-width ones: what makes two names the same."""
    return _SIGNS.sub("", unicodedata.normalize("NFKC", name)).casefold()


def matched(lines: Sequence[ApprovedLine], rows: Sequence[Row]) -> list[tuple[ApprovedLine, Row | None]]:
    """Each approved line with the row that is the same indicator: first of the same class and name, then of the same name."""
    free = list(rows)
    found: dict[int, Row] = {}
    for same_class in (True, False):
        for number, line in enumerate(lines):
            if number in found:
                continue
            for row in free:
                if name_key(row.name) == name_key(line.name) and (
                    not same_class or bare(row.level2) == bare(line.level2)
                ):
                    found[number] = row
                    free = [one for one in free if one is not row]
                    break
    return [(line, found.get(number)) for number, line in enumerate(lines)]


def unmatched(lines: Sequence[ApprovedLine], rows: Sequence[Row]) -> list[Row]:
    """Rows that no approved line stands for."""
    taken = {id(row) for _, row in matched(lines, rows) if row is not None}
    return [row for row in rows if id(row) not in taken]
