"""Brings a target and an actual value to one unit and one comparison, or asks.

Nothing is compared silently across units: values are converted, or the line is left to a question.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from budgets.money import plain
from indicators.values import MONEY, Reading, convert

ZERO, ONE = Decimal(0), Decimal(1)

DIRECTIONS = {
    "≥": ">=", ">=": ">=", "＞＝": ">=", "＞=": ">=", "大于等于": ">=", "正向": ">=", "正向指标": ">=", "≤": "<=", "<=": "<=",
    "＜＝": "<=", "小于等于": "<=", "反向": "<=", "反向指标": "<=", "＝": "=", "=": "=", "等于": "=", "＞": ">", ">": ">",
    "大于": ">", "＜": "<", "<": "<", "小于": "<", "定性": "定性", "定性指标": "定性", "定量": "", "定量指标": "", "": "",
}  # fmt: skip
SIGNS = {">=": "≥", "<=": "≤", "=": "＝", ">": "＞", "<": "＜", "定性": "定性"}


class Unclear(Exception):
    """The values cannot be compared as they stand; the message says why in Chinese."""


@dataclass(slots=True)
class Aligned:
    """Target and actual in one unit."""

    comparison: str
    target: Decimal
    high: Decimal
    """Upper end of a range; equal to ``target`` otherwise."""
    actual: Decimal
    unit: str
    flags: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def comparison_of(target: Reading, direction: str) -> str:
    """The comparison that the target means, with the separately stated 指标性质. Raises :class:`Unclear`."""
    stated = DIRECTIONS.get(direction.strip())
    if stated is None:
        raise Unclear(f"指标性质“{direction.strip()}”不是≥、≤、＝、＞、＜或定性，可能读错了，请确认")
    if stated == "定性":
        return "定性"
    written = target.operator if target.operator in SIGNS else None
    if target.low is not None or target.is_date or target.reason:
        return target.comparison
    if (
        stated
        and written
        and stated != written
        and not (direction.startswith("正") and written in ("=", ">"))
    ):
        if not (direction.startswith("反") and written == "<"):
            raise Unclear(f"指标性质“{direction.strip()}”与年度指标值“{typed(target)}”的符号不一致，请确认")
        return written
    return written or stated or target.comparison


def typed(reading: Reading) -> str:
    """The typed text on one line."""
    return one_line(reading.text)


@lru_cache(maxsize=65536)
def one_line(text: str) -> str:
    """Text with its blanks and line breaks as single blanks."""
    return " ".join(text.split())


def align(target: Reading, actual: Reading, comparison: str) -> Aligned:
    """Both numbers in the target's unit. Raises :class:`Unclear` when they cannot be compared."""
    low = target.low if target.low is not None else target.number
    high = target.high if target.high is not None else low
    if low is None or high is None:
        raise Unclear("年度指标值没有数值")
    flags: list[str] = []
    notes: list[str] = []
    number = _bound(actual, comparison, flags, notes)
    number = _signed(target, actual, number, notes)
    unit = target.unit or actual.unit or ""
    if target.unit != actual.unit and not (number == 0 and low == 0):
        number = _same_unit(target, actual, number, low, flags, notes)
    return Aligned(comparison, low, high, number, unit, flags, notes)


def _bound(actual: Reading, comparison: str, flags: list[str], notes: list[str]) -> Decimal:
    """The figure that an actual value stands for; a bound counts as itself and is marked as not exact."""
    text = typed(actual)
    if actual.low is not None and actual.high is not None:
        flags.append("approximate")
        upper = comparison in ("<=", "<")
        notes.append(f"完成值是区间，按{'上' if upper else '下'}限计")
        return actual.high if upper else actual.low
    if actual.number is None:
        raise Unclear(f"年度指标值是数值，实际完成值“{text}”没有数值，请填写具体完成数")
    if actual.operator in (">=", ">"):
        if comparison in ("<=", "<"):
            raise Unclear(f"实际完成值“{text}”只说明不低于多少，不能判断是否超过目标，请填写具体完成数")
        flags.append("approximate")
        notes.append("完成值不是确数，按下限计")
    elif actual.operator in ("<=", "<"):
        if comparison not in ("<=", "<"):
            raise Unclear(f"实际完成值“{text}”只说明不超过多少，不能判断是否达到目标，请填写具体完成数")
        flags.append("approximate")
        notes.append("完成值不是确数，按上限计")
    elif actual.approximate:
        flags.append("approximate")
        notes.append("完成值不是确数")
    return actual.number


def _signed(target: Reading, actual: Reading, number: Decimal, notes: list[str]) -> Decimal:
    """A fall against a target of growth counts as negative, and the reverse."""
    if target.trend and actual.trend:
        return number if target.trend == actual.trend else -number
    if actual.trend == "下降" and not target.trend:
        return -number
    if target.trend and not actual.trend:
        if number < 0:
            raise Unclear(f"目标是“{target.trend}”，完成值“{typed(actual)}”是负数，请写明增长还是下降")
        notes.append(f"完成值按“{target.trend}”计")
    return number


def _same_unit(
    target: Reading, actual: Reading, number: Decimal, low: Decimal, flags: list[str], notes: list[str]
) -> Decimal:
    if actual.unit is None or target.unit is None:
        stated = target.unit or actual.unit or ""
        bare, other, whose = (number, low, "完成值") if actual.unit is None else (low, number, "指标值")
        if stated in ("%", "‰") and 0 < abs(bare) <= 1 and abs(other) > 2:
            raise Unclear(
                f"{whose}“{plain(bare)}”没有写单位，是{plain(bare)}{stated}还是{plain(bare * 100)}%，请确认"
            )
        if stated in MONEY and bare and other and not Decimal("0.001") < abs(bare / other) < 1000:
            raise Unclear(f"{whose}“{plain(bare)}”没有写单位，与另一值相差千倍以上，请确认是元还是万元")
        flags.append("unit-assumed")
        notes.append(f"{whose}未写单位，按“{stated}”计")
        return number
    turned = convert(number, actual.unit, target.unit)
    if turned is None:
        raise Unclear(
            f"年度指标值的单位“{target.unit}”与实际完成值的单位“{actual.unit}”不同，不能直接比较，请统一单位"
        )
    flags.append("unit-converted")
    notes.append(f"完成值折合{plain(turned)}{target.unit}")
    return turned


def completion(comparison: str, low: Decimal, high: Decimal, actual: Decimal) -> Decimal:
    """完成程度 as an unrounded fraction; above 1 when the target is exceeded.

    Without a positive target there is no proportion: met is 1 and not met 0 (a target of 0 and an actual of 0 is met).
    """
    if comparison in ("<=", "<") or (comparison == "=" and low == 0):
        if actual <= low:
            return low / actual if low > 0 and actual > 0 else ONE
        return low / actual if low > 0 else ZERO
    if comparison == "range":
        if low <= actual <= high:
            return ONE
        if actual < low:
            return max(actual, ZERO) / low if low > 0 else ZERO
        return high / actual if high > 0 else ZERO
    if low > 0:
        return max(actual, ZERO) / low
    return ONE if actual >= low else ZERO


def met(comparison: str, low: Decimal, high: Decimal, actual: Decimal, *, equal_above: bool = True) -> bool:
    """Whether the target is met (已完成), on unrounded values."""
    if comparison == ">=":
        return actual >= low
    if comparison == ">":
        return actual > low
    if comparison == "<=":
        return actual <= low
    if comparison == "<":
        return actual < low
    if comparison == "range":
        return low <= actual <= high
    return actual == low or (equal_above and low > 0 and actual > low)
