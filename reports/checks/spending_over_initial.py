"""远超年初预算: a line spent more than half again its initial budget, and 全年预算数 does not show when it
was raised.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from budgets.money import percent, rate, wan
from budgets.tables import Column
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import money_fact, money_path, rate_fact, row_label
from reports.checks.support.words import says_nothing
from reports.findings import Finding, Level

LIMIT = Decimal("1.5")
CHECKED = ("expenditure", "project_detail", "running_costs")


@check(
    "spending-over-initial",
    kind="ratio",
    level=Level.WARNING,
    title="支出超过年初预算数的150%，没有预算调整的说明",
    source="核对惯例：与年初预算差距过大的逐项说明",
)
def spending_over_initial(rule: Check, context: Context) -> Iterator[Finding]:
    money = context.dossier.money
    if money.adjustments or not says_nothing(money.execution_explanation):
        return
    for key in CHECKED:
        table = money.table(key)
        lines = list(table.rows)
        if key == "running_costs" and table.stated_total is not None:
            lines = [table.stated_total]
        for row in lines:
            if not row.initial_budget or row.actual is None:
                continue
            # Where 全年预算数 was kept apart from the actual, row-over-budget compares with it.
            if row.full_budget is not None and row.full_budget != row.actual:
                continue
            share = rate(row.actual, row.initial_budget)
            if share is None or share <= LIMIT:
                continue
            name = getattr(row, "key", "total")
            where = money_path(key, name, Column.ACTUAL)
            yield rule.finding(
                where,
                f"{row_label(key, name, table)}执行{wan(row.actual)}万元，"
                f"是年初预算数{wan(row.initial_budget)}万元的"
                f"{percent(share)}，没有说明增加的依据",
                evidence=[
                    money_fact(row.actual, where),
                    money_fact(row.initial_budget, money_path(key, name, Column.INITIAL_BUDGET)),
                    rate_fact(share),
                ],
                fix="在预算调整中列明追加的金额、原因和文号",
            )
