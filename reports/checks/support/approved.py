"""A report's indicators beside those approved with the budget (批复的绩效目标)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from indicators.approved import ApprovedLine, matched, name_key, unmatched
from indicators.dossier import Indicator
from indicators.values import Reading, convert, read
from reports.checks.support.values import target_of

if TYPE_CHECKING:
    from reports.checks.registry import Context

RENAMED = 0.75
"""Likeness of two names from which an indicator is taken for one that was renamed."""
APPROVED_TOTAL = Decimal(100)
ROUNDED = Decimal("0.5")
"""What a weight may be off where all were scaled to leave room for the execution rate."""


def pairs(context: Context) -> Iterator[tuple[ApprovedLine, Indicator]]:
    """Approved lines that the department's own table has, and that apply."""
    if context.approved is None:
        return
    rows = context.dossier.indicators.indicators
    for line, item in matched(context.approved.indicators, rows):
        if item is not None and not item.not_applicable:
            yield line, item


def absent(context: Context) -> list[tuple[ApprovedLine, Indicator | None]]:
    """Approved lines that the table lacks, each with the row that it seems to have become."""
    if context.approved is None:
        return []
    lines, rows = context.approved.indicators, context.dossier.indicators.indicators
    free = unmatched(lines, rows)
    found: list[tuple[ApprovedLine, Indicator | None]] = []
    for line, item in matched(lines, rows):
        if item is None:
            became = max(free, key=lambda row: _alike(line, row), default=None)
            if became is not None and _alike(line, became) < RENAMED:
                became = None
            if became is not None:
                free = [row for row in free if row is not became]
            found.append((line, became))
    return found


def added(context: Context) -> list[Indicator]:
    """Rows that nobody approved, those left out that an approved line seems to have become."""
    if context.approved is None or not context.approved.indicators:
        return []
    renamed = {id(item) for _, item in absent(context) if item is not None}
    rows = unmatched(context.approved.indicators, context.dossier.indicators.indicators)
    return [item for item in rows if id(item) not in renamed and not item.not_applicable]


def _alike(line: ApprovedLine, row: Indicator) -> float:
    return SequenceMatcher(None, name_key(line.name), name_key(row.name), autojunk=False).ratio()


def same_target(line: ApprovedLine, item: Indicator) -> bool:
    """Whether both say the same: ``95%以上`` is ``≥95%``, and a comparison left out on one side is taken from the other."""
    then, now = read(line.target), target_of(item)
    if name_key(line.target) == name_key(item.target or "") and _agree(then.operator, now.operator):
        return True
    if then.is_number and now.is_number:
        return _agree(then.operator, now.operator) and _figures(then) == _figures(_in_unit(now, then.unit))
    if then.is_date and now.is_date:
        return (then.date, then.month_day) == (now.date, now.month_day)
    return False


def _agree(one: str | None, other: str | None) -> bool:
    return one == other or None in (one, other) or {one, other} == {"=", "≈"}


def _figures(reading: Reading) -> tuple[Decimal | None, ...]:
    return reading.number, reading.low, reading.high


def _in_unit(reading: Reading, unit: str | None) -> Reading:
    """The reading in another unit, where it can be turned; what is of another kind stays different."""
    if reading.unit == unit or None in (reading.unit, unit):
        return reading
    turned = [None if value is None else convert(value, reading.unit, unit) for value in _figures(reading)]
    if turned == [None, None, None]:
        turned = [Decimal("NaN")] * 3
    return Reading(reading.text, reading.operator, turned[0], unit, turned[1], turned[2])


def scale(context: Context) -> Decimal:
    """What approved weights are multiplied with in this table: where 100 points were approved for the indicators alone and the
    table leaves room for the execution rate, all of them shrink alike."""
    if context.approved is None:
        return Decimal(1)
    then = sum((line.weight for line in context.approved.indicators if line.weight is not None), Decimal(0))
    rows = context.dossier.indicators.indicators
    now = sum((item.weight for item in rows if item.weight is not None), Decimal(0))
    execution = context.scorecard.line("execution")
    if (
        then == APPROVED_TOTAL
        and execution is not None
        and execution.weight
        and now == then - execution.weight
    ):
        return now / then
    return Decimal(1)


def same_weight(then: Decimal, now: Decimal, factor: Decimal) -> bool:
    """Whether a weight is the approved one, rounded where all were scaled by ``factor``."""
    return now == then if factor == 1 else abs(now - then * factor) <= ROUNDED
