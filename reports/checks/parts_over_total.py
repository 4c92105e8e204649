"""其中数大于合计: parts that need not be complete still cannot exceed the whole."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from budgets.money import wan
from budgets.tables import RUNNING_COSTS, TOTAL, Column
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import column_label, money_fact, money_path, slack
from reports.findings import Finding, Level


@check(
    "parts-over-total",
    kind="sum",
    level=Level.ERROR,
    title="其中数之和大于所属的合计（公用经费、项目支出明细）",
    source="《基础数据表》填表说明：公用经费各行为其中数，项目支出明细属于项目支出",
)
def parts_over_total(rule: Check, context: Context) -> Iterator[Finding]:
    money = context.dossier.money
    for column in RUNNING_COSTS.columns:
        costs = money.running_costs
        whole = costs.stated_total.amount(column) if costs.stated_total else None
        yield from _compare(
            rule, "公用经费各行", [row.amount(column) for row in costs.rows], "公用经费合计", whole, "running_costs",
            TOTAL, column,
        )  # fmt: skip
        yield from _compare(
            rule, "公用经费", [whole], "基本支出", money.expenditure.amount("basic", column), "running_costs", TOTAL,
            column,
        )  # fmt: skip
        yield from _compare(
            rule, "项目支出明细各行", [row.amount(column) for row in money.project_detail.rows], "项目支出",
            money.expenditure.amount("project", column), "expenditure", "project", column,
        )  # fmt: skip


def _compare(
    rule: Check,
    parts_label: str,
    parts: list[Decimal | None],
    whole_label: str,
    whole: Decimal | None,
    table: str,
    row: str,
    column: Column,
) -> Iterator[Finding]:
    stated = [part for part in parts if part is not None]
    if whole is None or not stated:
        return
    added = sum(stated, Decimal(0))
    if added <= whole:
        return
    rounding = added - whole <= slack(stated) if len(stated) > 1 else False
    where = money_path(table, row, column)
    yield rule.finding(
        where,
        f"{column_label(column)}：{parts_label}合计{wan(added)}万元，大于{whole_label}{wan(whole)}万元，"
        f"多{wan(added - whole)}万元" + ("，属四舍五入差" if rounding else ""),
        evidence=[money_fact(whole, where), money_fact(added, parts_label)],
        fix="不需要修改" if rounding else f"核对{parts_label}和{whole_label}，其中数不能大于合计",
        level=Level.HINT if rounding else None,
    )
