"""以资金作数量指标: input money is no output, and the execution rate already counts it."""

from __future__ import annotations

from collections.abc import Iterator

from indicators.dossier import Indicator
from reports.checks.registry import Check, Context, check
from reports.checks.support.sheets import level2_of, sheets
from reports.checks.support.values import actual_of, target_of
from reports.checks.support.words import LANGUAGE, holds
from reports.findings import Evidence, Finding, Level


@check(
    "money-as-quantity",
    kind="category",
    level=Level.WARNING,
    title="把资金金额、支付率作为数量指标",
    source="财预〔2021〕101号：数量指标反映产出的数量，投入的资金不是产出",
)
def money_as_quantity(rule: Check, context: Context) -> Iterator[Finding]:
    for view in sheets(context):
        for item in view.active:
            if "数量" not in level2_of(item) or not _is_money(item):
                continue
            where = view.of(item, "level2")
            yield rule.finding(
                where,
                f"{view.call(item)}"
                + (f"（{item.target}）" if item.target else "")
                + "是钱，不是数量，与预算执行率重复计分",
                evidence=[Evidence(value=item.name, where=where)],
                fix="改为反映产出数量的指标；资金使用情况由预算执行率和成本指标反映",
            )


def _is_money(item: Indicator) -> bool:
    units = (target_of(item).unit, actual_of(item).unit)
    if any(unit in LANGUAGE["money_units"] for unit in units):
        return True
    named = holds(item.name, "money_names")
    return named and not holds(item.name, "money_name_exceptions")
