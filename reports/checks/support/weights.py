"""Weights (分值) of a sheet: stated ones only, with the policy's weight of the execution rate."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from reports.checks.support.sheets import SheetView

if TYPE_CHECKING:
    from reports.checks.registry import Context


def execution_weight(view: SheetView, context: Context) -> Decimal:
    stated = view.sheet.assessment.execution_weight
    return context.policy.execution.weight if stated is None else stated


def added_weights(view: SheetView, context: Context) -> Decimal | None:
    """Sum of the stated weights with that of the execution rate; ``None`` when no indicator has one."""
    weights = [item.weight for item in view.sheet.indicators if item.weight is not None]
    return sum(weights, execution_weight(view, context)) if weights else None


def class_weights(view: SheetView, context: Context) -> dict[str, Decimal]:
    """Sum of the stated weights by first-level class, in the policy's words where it knows the class."""
    added: dict[str, Decimal] = {}
    for item in view.sheet.indicators:
        if item.weight is not None:
            section = context.policy.section(item.level1, item.level2)
            name = section.name if section else item.level1 or item.level2 or "其他指标"
            added[name] = added.get(name, Decimal(0)) + item.weight
    return added
