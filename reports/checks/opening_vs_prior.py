"""年初结转与上年年末: this year's opening carry-over against last year's closing one."""

from __future__ import annotations

from collections.abc import Iterator

from budgets.money import wan
from budgets.tables import Column
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import money_fact, slack
from reports.findings import Finding, Level


@check(
    "opening-vs-prior",
    kind="balance",
    level=Level.WARNING,
    title="年初结转和结余与上年报告的年末数不一致",
    source="《收入支出决算总表》：年初结转和结余等于上年年末结转和结余",
)
def opening_vs_prior(rule: Check, context: Context) -> Iterator[Finding]:
    if context.prior is None:
        return
    opening = context.dossier.money.carryover.amount("opening", Column.ACTUAL)
    closing = context.prior.money.carryover.amount("closing", Column.ACTUAL)
    if opening is None or closing is None or abs(opening - closing) <= slack([opening]):
        return
    where = "money.carryover.opening.actual"
    yield rule.finding(
        where,
        f"年初结转和结余{wan(opening)}万元，上年（{context.prior.year}年）报告的年末结转和结余{wan(closing)}万元，"
        f"相差{wan(abs(opening - closing))}万元",
        evidence=[money_fact(opening, where), money_fact(closing, f"{context.prior.year}年年末结转和结余")],
        fix="核对年初数；决算批复时调整的说明原因",
    )
