"""单行超预算: basic or project spending above its own budget."""

from __future__ import annotations

from collections.abc import Iterator

from budgets.money import percent, rate, wan
from budgets.tables import Column
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import money_fact, money_path, rate_fact, row_label, slack
from reports.findings import Finding, Level


@check(
    "row-over-budget",
    kind="ratio",
    level=Level.WARNING,
    title="基本支出或项目支出大于本行的全年预算数",
    source="预算法：各部门、各单位的支出必须按照预算执行",
)
def row_over_budget(rule: Check, context: Context) -> Iterator[Finding]:
    money = context.dossier.money
    budget, spent = money.budget, money.spent
    whole_over = bool(budget) and spent is not None and spent - budget > slack([spent])
    for row in money.expenditure.rows:
        if not row.full_budget or row.actual is None or row.actual - row.full_budget <= slack([row.actual]):
            continue
        where = money_path("expenditure", row.key, Column.ACTUAL)
        share = rate(row.actual, row.full_budget)
        label = row_label("expenditure", row.key, money.expenditure)
        yield rule.finding(
            where,
            f"{label}执行{wan(row.actual)}万元，是全年预算数{wan(row.full_budget)}万元的{percent(share)}",
            evidence=[
                money_fact(row.actual, where),
                money_fact(row.full_budget, money_path("expenditure", row.key, Column.FULL_BUDGET)),
                rate_fact(share),
            ],
            fix="核对本行的全年预算数；基本支出与项目支出之间的调剂要有依据",
            # The total is over as well: over-execution asks for the reason, this line only shows where.
            level=Level.HINT if whole_over else None,
        )
