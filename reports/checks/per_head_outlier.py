"""人均经费离群: running costs or basic spending a head far from the district's median."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from budgets.money import wan
from budgets.tables import TOTAL, Column
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import money_fact, money_path
from reports.findings import Evidence, Finding, Level

MEASURES = (
    ("running_costs", "running_costs", TOTAL, "公用经费"),
    ("basic", "expenditure", "basic", "基本支出"),
)
FAR = Decimal(3)


@check(
    "per-head-outlier",
    kind="outlier",
    level=Level.HINT,
    title="人均公用经费或人均基本支出超过本区中位数的3倍",
    source="核对惯例：与本区其他单位比较",
)
def per_head_outlier(rule: Check, context: Context) -> Iterator[Finding]:
    staff = context.dossier.profile.staff_on_posts
    if context.district is None or not staff:
        return
    for measure, table, row, label in MEASURES:
        amount, usual = (
            context.dossier.money.table(table).amount(row, Column.ACTUAL),
            context.district.usual(measure),
        )
        if amount is None or not usual or amount / staff <= usual * FAR:
            continue
        where = money_path(table, row, Column.ACTUAL)
        yield rule.finding(
            where,
            f"人均{label}{wan(amount / staff)}万元（{wan(amount)}万元÷{staff}人），"
            f"是本区各单位中位数{wan(usual)}万元的{(amount / staff / usual).quantize(Decimal('0.1'))}倍",
            evidence=[
                money_fact(amount, where),
                Evidence(value=str(staff), unit="人", where="profile.staff_on_posts"),
                money_fact(usual, "本区中位数"),
            ],
            fix="核对金额和人数；确实较高的说明原因",
        )
