"""控制类经费超预算: 三公, 公用经费 and 政府采购 above their budgets. Below the budget is control, never a
fault.
"""

from __future__ import annotations

from collections.abc import Iterator

from budgets.money import percent, rate, wan
from budgets.tables import TOTAL, Column
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import money_fact, money_path, rate_fact, row_label, slack
from reports.findings import Finding, Level

CHECKED = (("three_public", TOTAL), ("running_costs", TOTAL), ("procurement", "procurement"))


@check(
    "control-over-budget",
    kind="ratio",
    level=Level.WARNING,
    title="“三公”经费、公用经费或政府采购大于预算数",
    source="财预〔2013〕53号：“三公经费”控制率、公用经费控制率不超过100%",
)
def control_over_budget(rule: Check, context: Context) -> Iterator[Finding]:
    for key, row in CHECKED:
        table = context.dossier.money.table(key)
        actual, column = table.amount(row, Column.ACTUAL), Column.FULL_BUDGET
        budget = table.amount(row, column)
        if budget is None:
            column = Column.INITIAL_BUDGET
            budget = table.amount(row, column)
        if not budget or actual is None or actual - budget <= slack([actual]):
            continue
        where = money_path(key, row, Column.ACTUAL)
        share = rate(actual, budget)
        yield rule.finding(
            where,
            f"{row_label(key, row)}决算{wan(actual)}万元，是预算数{wan(budget)}万元的{percent(share)}",
            evidence=[
                money_fact(actual, where),
                money_fact(budget, money_path(key, row, column)),
                rate_fact(share, "控制率"),
            ],
            fix="核对预算数和决算数；确实超过的说明原因",
        )
