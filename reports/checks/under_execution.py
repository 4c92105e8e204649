"""执行率偏低: below 90 % without a reason anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from budgets.money import percent, wan
from budgets.tables import TOTAL, Column
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import money_fact, money_path, rate_fact
from reports.checks.support.words import holds, says_nothing
from reports.findings import Finding, Level

THRESHOLD = Decimal("0.90")


@check(
    "under-execution",
    kind="ratio",
    level=Level.WARNING,
    title="预算执行率低于90%而没有说明原因",
    source="多地自评通知：执行率低于90%的逐项说明原因",
)
def under_execution(rule: Check, context: Context) -> Iterator[Finding]:
    money = context.dossier.money
    rate = money.execution_rate
    if rate is None or rate >= THRESHOLD or _explained(context):
        return
    where = money_path("expenditure", TOTAL, Column.ACTUAL)
    yield rule.finding(
        where,
        f"全年预算数{wan(money.budget)}万元，全年执行数{wan(money.spent)}万元，执行率{percent(rate)}，低于90%，"
        "没有说明原因",
        evidence=[
            money_fact(money.spent, where),
            money_fact(money.budget, money_path("expenditure", TOTAL, Column.FULL_BUDGET)),
            rate_fact(rate),
        ],
        fix="在预算执行偏差说明中写明未执行的金额、原因和去向",
    )


def _explained(context: Context) -> bool:
    dossier = context.dossier
    if not says_nothing(dossier.money.execution_explanation):
        return True
    for item in dossier.indicators.indicators:
        about_money = holds(item.name, "money_related")
        if about_money and not says_nothing(item.deviation_reason):
            return True
    return any(
        "执行率" in sentence.text and any(word in sentence.text for word in ("原因", "因", "由于", "主要是"))
        for sentence in context.text.sentences
    )
