"""Totals told with their parts in running text, and what they add up to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from reports.checks.support.statements import Figure, figures
from reports.checks.support.words import read_data

if TYPE_CHECKING:
    from reports.checks.registry import Context
    from reports.checks.support.text import Paragraph

_OPENS = re.compile(r"[，,：:（(]?(?:其中|包括|分别为|分别是|分为)?[：:，,（(]?")
_STOPS = re.compile(r"。|(?:比|较)(?:上年|去年)|预算数")
_CLOSES = re.compile(r"[）)；;]|实有|在职|在编|退休|离休")
"""What begins another matter: a figure behind it is no further part."""
_CARRIED = re.compile(r"结转|结余")
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Partition:
    """One kind of total with the parts that it falls into."""

    kind: str
    whole: re.Pattern[str]
    not_whole: re.Pattern[str] | None
    parts: re.Pattern[str]
    closed: tuple[tuple[str, ...], ...]
    nested: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Told:
    """A total, its parts as told, and whether those are all there are."""

    total: Figure
    parts: tuple[Figure, ...]
    complete: bool
    passage: str
    carried: Decimal = Decimal(0)
    """Carry-over told behind the parts: a 总计 holds it, a 合计 does not."""

    @property
    def added(self) -> Decimal:
        return sum((part.number for part in self.parts), Decimal(0))

    @property
    def wrong(self) -> bool:
        """Parts of a whole that are more than it, or all of them and less; rounding of each part is allowed for."""
        rounded = any(part.number % 1 for part in (*self.parts, self.total))
        slack = CENT * len(self.parts) if rounded else Decimal(0)
        gaps = [self.added + more - self.total.number for more in {Decimal(0), self.carried}]
        return all(gap > slack or (self.complete and -gap > slack) for gap in gaps)

    def __str__(self) -> str:
        """Total, parts and their sum, for a message."""
        parts = "、".join(f"{part.label}{part}" for part in self.parts)
        return f"{self.total.label}{self.total}，其中{parts}，相加为{self.added}{self.total.unit}"


def wrong_totals(context: Context, kind: str) -> Iterator[tuple[Paragraph, Told]]:
    """Totals of that kind that are wrong, each wording once."""
    seen: set[str] = set()
    for paragraph in context.text.paragraphs_once:
        for item in told(paragraph.text, kind):
            if item.wrong and item.passage not in seen:
                seen.add(item.passage)
                yield paragraph, item


@cache
def partitions() -> tuple[Partition, ...]:
    return tuple(
        Partition(
            kind=item["kind"],
            whole=re.compile(f"(?:{item['whole']})$"),
            not_whole=re.compile(item["not_whole"]) if "not_whole" in item else None,
            parts=re.compile("|".join(map(re.escape, item["parts"]))),
            closed=tuple(tuple(group) for group in item["closed"]),
            nested=tuple(tuple(group) for group in item.get("nested", ())),
        )
        for item in read_data("partitions.toml")["partition"]
    )


def told(text: str, kind: str) -> Iterator[Told]:
    """Totals of that kind with at least two parts, in a paragraph's text (compacted)."""
    known = figures(text)
    for partition in partitions():
        if partition.kind != kind:
            continue
        for number, total in enumerate(known):
            if not partition.whole.search(total.label) or (
                partition.not_whole and partition.not_whole.search(total.label)
            ):
                continue
            parts, next_one = _parts(text, total, known[number + 1 :], partition)
            if len(parts) < 2 or _mixed(parts, partition):
                continue
            carried = next_one is not None and _CARRIED.search(next_one.label)
            yield Told(
                total,
                parts,
                (next_one is None or bool(carried)) and _complete(parts, partition),
                text[total.start : parts[-1].end],
                next_one.number if next_one is not None and carried else Decimal(0),
            )


def _parts(
    text: str, total: Figure, following: tuple[Figure, ...], partition: Partition
) -> tuple[tuple[Figure, ...], Figure | None]:
    """Figures right after the total, each called by a name of the list, one name once; and the one of another name that
    goes on with them (在职58人，其中行政20人，事业30人，临聘8人), so that these are not all."""
    parts: list[Figure] = []
    end, inside, listed = total.end, False, False
    for item in following:
        between = text[end : item.start]
        # «行政20人（含工勤2人），事业28人»: what a bracket behind a part tells is within that part.
        inside = _inside(between, inside, bool(parts))
        if inside:
            end = item.end
            continue
        if _STOPS.search(between):
            break
        end = item.end
        if item.unit != total.unit:
            continue
        if not parts and not _OPENS.match(between).group():
            break
        if not partition.parts.search(item.label) or any(item.label == part.label for part in parts):
            goes_on = _CARRIED.search(item.label) or not _CLOSES.search(between)
            return tuple(parts), item if goes_on else None
        if listed and re.search("[；;]", between):
            break  # a list told with commas ends at a semicolon
        listed = bool(parts) and not re.search("[；;]", between)
        parts.append(item)
    return tuple(parts), None


def _inside(between: str, before: bool, begun: bool) -> bool:
    """Whether a figure behind these words stands in a bracket that opened behind a part."""
    if "）" in between or ")" in between:
        before = False
    opened = max(between.rfind("（"), between.rfind("("))
    closed = max(between.rfind("）"), between.rfind(")"))
    return before or (begun and opened > closed)


def _mixed(parts: tuple[Figure, ...], partition: Partition) -> bool:
    """Whether a part and a part of that part stand side by side."""
    return any(
        any(part.label.startswith(outer) for part in parts)
        and any(part.label.startswith(inner) for part in parts)
        for outer, inner in partition.nested
    )


def _complete(parts: tuple[Figure, ...], partition: Partition) -> bool:
    return any(all(any(word in part.label for part in parts) for word in group) for group in partition.closed)
