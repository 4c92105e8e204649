"""预算调整: 年初预算数 plus the listed adjustments is 全年预算数."""

from __future__ import annotations

from collections.abc import Iterator

from budgets.money import total, wan
from budgets.tables import TOTAL, Column
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import money_fact, money_path, slack
from reports.findings import Finding, Level


@check(
    "adjustment-sum",
    kind="sum",
    level=Level.WARNING,
    title="年初预算数加预算调整数不等于全年预算数",
    source="《部门整体支出绩效自评表》：全年预算数是调整后的预算数",
)
def adjustment_sum(rule: Check, context: Context) -> Iterator[Finding]:
    money = context.dossier.money
    amounts = [item.amount for item in money.adjustments]
    changed = total(amounts)
    initial = money.expenditure.total(Column.INITIAL_BUDGET)
    full = money.expenditure.total(Column.FULL_BUDGET)
    if changed is None or None in amounts or initial is None or full is None:
        return
    gap = initial + changed - full
    if abs(gap) <= slack([*amounts, initial]):
        return
    where = money_path("expenditure", TOTAL, Column.FULL_BUDGET)
    yield rule.finding(
        where,
        f"年初预算数{wan(initial)}万元，预算调整合计{wan(changed)}万元，应为{wan(initial + changed)}万元，"
        f"而全年预算数为{wan(full)}万元，相差{wan(abs(gap))}万元",
        evidence=[
            money_fact(initial, money_path("expenditure", TOTAL, Column.INITIAL_BUDGET)),
            money_fact(changed, "money.adjustments"),
            money_fact(full, where),
        ],
        fix="核对预算调整各笔，每一笔追加、调减都要列出",
    )
