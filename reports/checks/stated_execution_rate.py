"""所写执行率与计算不符: the stated rate against 全年执行数 ÷ 全年预算数, allowing for the digits shown."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from budgets.money import percent, rate, wan
from budgets.tables import Column
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import money_fact, rate_fact
from reports.checks.support.values import read_percentage
from reports.findings import Evidence, Finding, Level


@check(
    "stated-execution-rate",
    kind="ratio",
    level=Level.WARNING,
    title="所写的预算执行率与预算数、执行数算出的不一致",
    source="财预〔2020〕10号：预算执行率＝全年执行数÷全年预算数",
)
def stated_execution_rate(rule: Check, context: Context) -> Iterator[Finding]:
    text = context.dossier.indicators.assessment.execution_rate
    stated = read_percentage(text)
    budget, spent = _amounts(context)
    exact = rate(spent, budget)
    if stated is None or exact is None or stated.agrees(exact):
        return
    # A rate above 100 % may be shown as 100 %, since more counts no further.
    if stated.fraction == 1 and exact > 1:
        return
    yield rule.finding(
        "assessment.execution_rate",
        f"所写预算执行率为{text}，按全年执行数{wan(spent)}万元、全年预算数{wan(budget)}万元计算应为{percent(exact)}",
        evidence=[
            Evidence(value=text, where="assessment.execution_rate"),
            money_fact(spent, "全年执行数"),
            money_fact(budget, "全年预算数"),
            rate_fact(exact, "计算"),
        ],
        fix="由系统按预算数和执行数计算，不手工填写",
    )


def _amounts(context: Context) -> tuple[Decimal | None, Decimal | None]:
    """Budget and actual; where a total of 0 stands over rows with money, the rows count."""
    table = context.dossier.money.expenditure
    budget, spent = context.dossier.money.budget, context.dossier.money.spent
    if not budget:
        return table.computed_total(Column.FULL_BUDGET), table.computed_total(Column.ACTUAL)
    return budget, spent
