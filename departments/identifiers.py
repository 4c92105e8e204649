"""Identifiers of departments and regions: 统一社会信用代码 (GB 32100-2015) and 行政区划代码 (GB/T 2260)."""

from __future__ import annotations

from django.core.exceptions import ValidationError

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def check_character(first_seventeen: str) -> str:
    """Eighteenth character of a 统一社会信用代码 (GB 32100-2015, weights 3^(i-1) mod 31).

    Raises :class:`ValueError` for a character outside the alphabet (it has no I, O, S, V, Z).
    """
    weighted = sum(
        ALPHABET.index(sign) * weight for sign, weight in zip(first_seventeen, WEIGHTS, strict=True)
    )
    return ALPHABET[(31 - weighted % 31) % 31]


def validate_credit_code(value: str) -> None:
    """Refuse a 统一社会信用代码 whose length, characters or check character are wrong."""
    if len(value) != 18:
        raise ValidationError(f"统一社会信用代码应为18位，现在是{len(value)}位", code="length")
    wrong = sorted({sign for sign in value if sign not in ALPHABET})
    if wrong:
        raise ValidationError(
            f"统一社会信用代码中不能有“{'、'.join(wrong)}”（只用数字和大写字母，不含 I、O、S、V、Z）",
            code="alphabet",
        )
    expected = check_character(value[:17])
    if value[17] != expected:
        raise ValidationError(
            f"统一社会信用代码校验位不对：按前17位计算末位应为“{expected}”，现在是“{value[17]}”，请核对是否录错",
            code="check",
        )


def validate_adcode(value: str) -> None:
    """Refuse a 行政区划代码 that is not six digits."""
    if len(value) != 6 or not (value.isascii() and value.isdigit()):
        raise ValidationError("行政区划代码应为6位数字", code="adcode")
