"""Rounding of scores (四舍五入), once, at the end."""

from __future__ import annotations

from decimal import Decimal

from budgets.money import CENT, plain, round_half_up


def to_step(value: Decimal, step: Decimal = CENT) -> Decimal:
    """Score rounded half up to the policy's step, shown with the step's digits: ``9.789`` → ``9.79``."""
    if step == CENT:
        return round_half_up(value, CENT)
    return (round_half_up(value / step, Decimal(1)) * step).quantize(step)


def points(value: Decimal | None, missing: str = "未填") -> str:
    """Points as text without trailing zeros."""
    return missing if value is None else plain(value)
