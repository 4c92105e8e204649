"""Money and rates: the one rounding function, 元 and 万元, percentages.

Every amount in the program is a :class:`~decimal.Decimal` in 元. 万元 exists only at the edges: what a person
types and what a person reads. Rounding is half up (四舍五入, away from zero for negatives), once, at the end.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
TEN_THOUSAND = Decimal(10000)
HUNDRED = Decimal(100)

# Decimal() itself would take more: 1_000, 1E9, NaN, digits of other scripts.
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)")

# Decimal(18, 2) in the database: sixteen digits before the point.
LARGEST_YUAN = Decimal("9999999999999999.99")


class AmountError(ValueError):
    """The text is not an amount; the message says so in Chinese and is shown at the field."""


def round_half_up(value: Decimal, step: Decimal = CENT) -> Decimal:
    """Round as officials do (四舍五入). ``step`` is the last digit kept: ``0.01``, ``0.1``, ``1``."""
    return value.quantize(step, rounding=ROUND_HALF_UP)


def total(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """Sum of the stated amounts; ``None`` when not one of them is stated (未填 is not 0)."""
    stated = [amount for amount in amounts if amount is not None]
    return sum(stated, Decimal(0)) if stated else None


def rate(part: Decimal | int | None, whole: Decimal | int | None) -> Decimal | None:
    """``part / whole`` unrounded, as a fraction; ``None`` when not computable (not stated, or divided by 0)."""
    if part is None or whole is None or whole == 0:
        return None
    return Decimal(part) / Decimal(whole)


def to_wan(yuan: Decimal) -> Decimal:
    """元 to 万元, rounded to two places, for showing only."""
    return round_half_up(yuan / TEN_THOUSAND)


def from_wan(wan: Decimal) -> Decimal:
    """万元 to 元, to the fen."""
    return round_half_up(wan * TEN_THOUSAND)


def to_yuan(number: Decimal, factor: Decimal) -> Decimal:
    """An amount of another unit in 元, to the fen. Raises :class:`AmountError` when it is too large to be kept."""
    if abs(number) > LARGEST_YUAN or abs(number * factor) > LARGEST_YUAN:
        raise AmountError(f"“{number:f}”超出可填写的范围，请核对金额单位")
    return round_half_up(number * factor)


def wan(yuan: Decimal | None, missing: str = "未填") -> str:
    """Amount in 元 as the text of 万元 with two places: ``2645500`` → ``264.55``."""
    return missing if yuan is None else f"{to_wan(yuan):f}"


def percent(fraction: Decimal | None, missing: str = "无法计算") -> str:
    """Fraction as a percentage with two places: ``2.74886`` → ``274.89%``."""
    return missing if fraction is None else f"{round_half_up(fraction * HUNDRED):f}%"


def plain(number: Decimal) -> str:
    """Number without trailing zeros and without an exponent: ``10.00`` → ``10``, ``1E+2`` → ``100``."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def parse_number(text: str, example: str = "96.24") -> Decimal:
    """Read one number as officials type it: ``96.24``, ``９６．２４``, ``1,234.5``, ``1，234.5``.

    ``example`` is what the complaint shows as such a number.

    Raises :class:`AmountError` with a sentence for the person who typed it.
    """
    folded = unicodedata.normalize("NFKC", text).strip().replace(" ", "").replace("−", "-")
    if "," in folded:
        folded = _without_separators(folded, text)
    if not NUMBER.fullmatch(folded):
        raise AmountError(f"“{text.strip()}”不是数字，请只填数字，例如 {example}")
    return Decimal(folded)


def parse_wan(text: str) -> Decimal:
    """Read an amount typed in 万元 into 元; the unit may be written behind it (``96.24万元``, ``962400元``).

    Raises :class:`AmountError` when it is no number, finer than one fen, or too large to be kept.
    """
    folded = unicodedata.normalize("NFKC", text).strip()
    factor = TEN_THOUSAND
    for unit, value in (
        ("亿元", Decimal(10) ** 8),
        ("万元", TEN_THOUSAND),
        ("万", TEN_THOUSAND),
        ("元", Decimal(1)),
    ):
        if folded.endswith(unit):
            folded, factor = folded.removesuffix(unit), value
            break
    yuan = parse_number(folded) * factor
    if abs(yuan) > LARGEST_YUAN:
        raise AmountError(f"“{text.strip()}”超出可填写的范围，请核对单位是否为万元")
    if yuan != round_half_up(yuan):
        raise AmountError(f"“{text.strip()}”换算成元后超过两位小数，请核对")
    return round_half_up(yuan)


def _without_separators(folded: str, typed: str) -> str:
    """Drop thousands separators, and refuse commas that stand anywhere else (a list is not a number)."""
    whole, _, fraction = folded.partition(".")
    groups = whole.lstrip("+-").split(",")
    well_grouped = 1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    if not well_grouped or "," in fraction:
        raise AmountError(f"“{typed.strip()}”中的逗号位置不对，请只填一个数字，例如 1,234.50")
    return folded.replace(",", "")
