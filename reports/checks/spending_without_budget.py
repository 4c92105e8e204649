"""有支出无预算: a line with a budget of 0 and spending."""

from __future__ import annotations

from collections.abc import Iterator

from budgets.money import wan
from budgets.tables import Column
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import money_fact, money_path, row_label
from reports.findings import Finding, Level

CHECKED = ("expenditure", "project_detail", "three_public", "procurement")


@check(
    "spending-without-budget",
    kind="ratio",
    level=Level.WARNING,
    title="预算为0而有支出",
    source="预算法：未列入预算的不得支出",
)
def spending_without_budget(rule: Check, context: Context) -> Iterator[Finding]:
    for key in CHECKED:
        table = context.dossier.money.table(key)
        for row in table.rows:
            if row.full_budget != 0 or not row.actual or row.actual < 0:
                continue
            where = money_path(key, row.key, Column.ACTUAL)
            label = row_label(key, row.key, table)
            yield rule.finding(
                where,
                f"{label}预算0万元而决算{wan(row.actual)}万元",
                evidence=[
                    money_fact(row.full_budget, money_path(key, row.key, Column.FULL_BUDGET)),
                    money_fact(row.actual, where),
                ],
                fix="填写调整后的预算数；年中追加的，在预算调整中列明依据",
            )
