"""Target and actual values as rules look at them, over :mod:`indicators.values`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from indicators.dossier import Indicator
from indicators.values import EMPTY, Reading, convert, fold, read
from reports.checks.support.words import LANGUAGE

SIGNS = {"≥": ">=", "≤": "<=", ">": ">", "<": "<", "=": "="}
UPWARD = (">=", ">", "增长")
DOWNWARD = ("<=", "<")
_DIGIT = re.compile(r"\d")


def blank(text: str | None) -> bool:
    """Whether a value is not stated: nothing, blanks or a form's placeholder."""
    reading = read(text)
    return reading.reason == EMPTY and not reading.unsure


def target_of(indicator: Indicator) -> Reading:
    """The target, with the comparison from 指标性质 where the target itself has none."""
    return _target(indicator.target, indicator.direction)


def _target(target: str | None, direction: str) -> Reading:
    return _with_sign(target, direction) if direction else read(target)


@lru_cache(maxsize=4096)
def _with_sign(target: str | None, direction: str) -> Reading:
    reading = read(target)
    if reading.number is None or reading.operator is not None:
        return reading
    sign = SIGNS.get(fold(direction))
    return reading if sign is None else replace(reading, operator=sign)


def actual_of(indicator: Indicator) -> Reading:
    return read(indicator.actual)


def has_figure(text: str | None) -> bool:
    """Whether there is any figure or date in it, or a figure that was misread."""
    reading = read(text)
    return reading.is_number or reading.is_date or reading.unsure or _DIGIT.search(text or "") is not None


def lower_is_better(indicator: Indicator) -> bool:
    """Whether a smaller actual is the better one, by the comparison, else by what such an indicator
    measures.
    """
    return _lower_is_better(indicator.target, indicator.direction, indicator.name)


@lru_cache(maxsize=4096)
def _lower_is_better(target: str | None, direction: str, name: str) -> bool:
    operator = _target(target, direction).operator
    if operator in UPWARD:
        return False
    return operator in DOWNWARD or any(word in name for word in LANGUAGE["lower_is_better"])


def comparable(indicator: Indicator) -> tuple[Decimal, Decimal] | None:
    """Target and actual in the target's unit; a unit left out on one side is taken from the other."""
    return _comparable(indicator.target, indicator.direction, indicator.actual)


# A dozen rules ask the same of the same few texts: the answers are kept by text, as the readings themselves are.
@lru_cache(maxsize=4096)
def _comparable(aim: str | None, direction: str, reached: str | None) -> tuple[Decimal, Decimal] | None:
    target, actual = _target(aim, direction), read(reached)
    if target.number is None or actual.number is None:
        return None
    if target.unit is None or actual.unit is None:
        return target.number, actual.number
    turned = convert(actual.number, actual.unit, target.unit)
    return None if turned is None else (target.number, turned)


def completion(indicator: Indicator) -> Decimal | None:
    """Degree of completion as a fraction, unrounded; ``None`` when the two cannot be compared."""
    return _completion(indicator.target, indicator.direction, indicator.actual, indicator.name)


@lru_cache(maxsize=4096)
def _completion(aim: str | None, direction: str, reached: str | None, name: str) -> Decimal | None:
    pair = _comparable(aim, direction, reached)
    if pair is None:
        return None
    target, actual = pair
    if _lower_is_better(aim, direction, name):
        return Decimal(1) if actual <= 0 else target / actual
    return None if target <= 0 else actual / target


def met(indicator: Indicator) -> bool | None:
    """Whether the actual reaches the target; ``None`` when the two cannot be compared."""
    pair = comparable(indicator)
    if pair is None:
        return None
    target, actual = pair
    operator = target_of(indicator).operator
    if operator == ">":
        return actual > target
    if operator == "<":
        return actual < target
    return actual <= target if lower_is_better(indicator) else actual >= target


@dataclass(frozen=True)
class Percentage:
    """A stated percentage as a fraction, with the last digit that was shown."""

    fraction: Decimal
    step: Decimal

    def agrees(self, exact: Decimal) -> bool:
        """Whether the exact fraction, rounded or cut to the digits shown, is what is stated."""
        return self.fraction - self.step / 2 <= exact < self.fraction + self.step


@lru_cache(maxsize=4096)
def read_percentage(text: str | None) -> Percentage | None:
    """``86%``, ``约63.64%`` or, in a column of percentages, ``86``; ``None`` when it is no single figure."""
    reading = read(text)
    if reading.number is None or reading.unit not in (None, "%"):
        return None
    digits = re.search(r"\d+(?:\.(\d+))?", fold(text or ""))
    decimals = len(digits[1] or "") if digits else 0
    return Percentage(reading.number / 100, Decimal(1).scaleb(-decimals - 2))
