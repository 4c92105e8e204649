"""执行率得分与计算不符: stated points against weight × rate, the rate never above 100 %."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from budgets.money import percent, plain, rate
from indicators.policy import Policy
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import rate_fact
from reports.checks.support.values import read_percentage
from reports.findings import Evidence, Finding, Level

TOLERANCE = Decimal("0.05")


@check(
    "execution-score",
    kind="score",
    level=Level.WARNING,
    title="所写的预算执行率得分与执行率不符",
    source="财预〔2020〕10号：得分＝执行率×分值，不超过分值",
)
def execution_score(rule: Check, context: Context) -> Iterator[Finding]:
    stated = context.dossier.indicators.assessment
    weight = _weight(stated.execution_weight, context.policy)
    points = stated.execution_score
    exact = rate(context.dossier.money.spent, context.dossier.money.budget)
    shown = read_percentage(stated.execution_rate)
    rates = [value for value in (exact, shown.fraction if shown else None) if value is not None]
    if points is None or not rates or points > weight:
        return
    expected = [weight * min(value, Decimal(1)) for value in rates]
    if any(abs(points - value) <= TOLERANCE for value in expected):
        return
    yield rule.finding(
        "assessment.execution_score",
        f"预算执行率{percent(rates[0])}，分值{plain(weight)}分，按比例应得{plain(round(expected[0], 2))}分，"
        f"所写得分为{plain(points)}分",
        evidence=[
            Evidence(value=plain(points), unit="分", where="assessment.execution_score"),
            Evidence(value=plain(round(expected[0], 2)), unit="分", where="计算"),
            rate_fact(rates[0], "预算执行率"),
        ],
        fix="按执行率乘以分值填写，或说明依据的评分办法",
    )


def _weight(stated: Decimal | None, policy: Policy) -> Decimal:
    return policy.execution.weight if stated is None else stated
