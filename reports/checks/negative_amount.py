"""负数金额: income or expenditure below zero, which only a refund of an earlier year explains."""

from __future__ import annotations

from collections.abc import Iterator

from budgets.money import wan
from budgets.tables import TABLES, TOTAL
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import column_label, money_fact, money_path, row_label
from reports.findings import Finding, Level

CHECKED = ("income_source", "income_nature", "expenditure", "three_public", "running_costs")


@check(
    "negative-amount",
    kind="digit",
    level=Level.WARNING,
    title="收入或支出填了负数",
    source="核对惯例：只有退回以前年度收入、冲销以前年度支出时才有负数，应写明",
)
def negative_amount(rule: Check, context: Context) -> Iterator[Finding]:
    for key in CHECKED:
        spec, table = TABLES[key], context.dossier.money.table(key)
        lines = [(row.key, row) for row in table.rows]
        if table.stated_total:
            lines.append((TOTAL, table.stated_total))
        for name, line in lines:
            for column in spec.columns:
                amount = getattr(line, column)
                if amount is None or amount >= 0:
                    continue
                where = money_path(key, name, column)
                yield rule.finding(
                    where,
                    f"{row_label(key, name, table)}的{column_label(column)}是负数：{wan(amount)}万元",
                    evidence=[money_fact(amount, where)],
                    fix="多打了负号的改正；确属退回或冲销的，在情况说明中写明",
                )
