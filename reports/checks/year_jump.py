"""大幅变动: spending of the year more than half above or below last year's."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from budgets.money import percent, rate, wan
from budgets.tables import TOTAL, Column
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import money_fact, money_path, rate_fact
from reports.findings import Finding, Level

LIMIT = Decimal("0.5")


@check(
    "year-jump",
    kind="outlier",
    level=Level.HINT,
    title="本年支出比上年增减超过50%",
)
def year_jump(rule: Check, context: Context) -> Iterator[Finding]:
    table = context.dossier.money.expenditure
    now = table.total(Column.ACTUAL)
    before = table.total(Column.PRIOR_FINAL)
    if before is None and context.prior is not None:
        before = context.prior.money.spent
    change = rate(None if now is None or before is None else now - before, before)
    if change is None or abs(change) <= LIMIT:
        return
    where = money_path("expenditure", TOTAL, Column.ACTUAL)
    yield rule.finding(
        where,
        f"本年支出{wan(now)}万元，上年{wan(before)}万元，"
        f"{'增加' if change > 0 else '减少'}{percent(abs(change))}",
        evidence=[money_fact(now, where), money_fact(before, "上年决算数"), rate_fact(change, "变动")],
        fix="在报告中说明变动的主要原因",
    )
