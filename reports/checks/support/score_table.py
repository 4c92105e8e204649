"""A table of chapters in running text, its lines lost: name, 分值, 得分, and a line 合计."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reports.checks.registry import Context

HEAD = re.compile(r"(?:分值|权重|满分|标准分).{0,6}(?:得分|评分|自评分)$")
POINTS = r"\d{1,3}(?:\.\d{1,2})?"
ROW = re.compile(
    rf"^(?:\d{{1,2}}\s*[.．、]?\s*)?(?P<name>[一-龥][一-龥（）()、“”]*?)\s*"
    rf"(?P<weight>{POINTS})分?\s+(?P<own>{POINTS})分?$"
)
TOTAL = re.compile(r"^(?:合计|总计|总分|合计得分)$")
START = "paragraph."
OF_TABLE = re.compile(r"^表\d+")


@dataclass(frozen=True)
class ScoreRow:
    """One line: what is scored, its points and its score."""

    name: str
    weight: Decimal
    own: Decimal


@dataclass(frozen=True)
class ScoreTable:
    """The lines of one table, and its total where one is told."""

    rows: tuple[ScoreRow, ...]
    total: ScoreRow | None
    where: str
    title: str


def _lines(context: Context) -> Iterator[tuple[str, str, str]]:
    """Words, place and heading of the lines: of running text, and of tables that no form knows."""
    for item in context.dossier.origins:
        if item.where.startswith(START):
            key = item.where.removeprefix(START)
            yield item.words.strip(), f"narrative.{key}", item.source.split("\n")[-1]
    for lost in context.dossier.unread:
        if table := OF_TABLE.match(lost.source):
            yield from ((line.strip(), "assessment.score", table[0]) for line in lost.words.splitlines())


def score_tables(context: Context) -> Iterator[ScoreTable]:
    """Tables of at least two lines, in the order of the text."""
    rows: list[ScoreRow] = []
    total: ScoreRow | None = None
    place, title, open_table = "", "", False
    for words, where, heading in _lines(context):
        if HEAD.search(re.sub(r"\s", "", words)):
            if len(rows) > 1:
                yield ScoreTable(tuple(rows), total, place, title)
            rows, total, open_table = [], None, True
            place, title = where, heading
            continue
        found = ROW.match(words) if open_table else None
        if found is None:
            open_table = open_table and not rows
            continue
        row = ScoreRow(found["name"], Decimal(found["weight"]), Decimal(found["own"]))
        if TOTAL.match(row.name):
            total, open_table = row, False
        else:
            rows.append(row)
    if len(rows) > 1:
        yield ScoreTable(tuple(rows), total, place, title)
