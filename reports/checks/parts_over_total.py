"""其中数大于合计: parts that need not be complete still cannot exceed the whole."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from budgets.money import wan
from budgets.tables import RUNNING_COSTS, TOTAL
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
    costs, spending = money.running_costs, money.expenditure
    for column in RUNNING_COSTS.columns:
        stated = costs.stated_total.amount(column) if costs.stated_total else None
        rows = [row.amount(column) for row in costs.rows]
        details = [row.amount(column) for row in money.project_detail.rows]
        basic, project = spending.amount("basic", column), spending.amount("project", column)
        at_costs = money_path("running_costs", TOTAL, column)
        at_project = money_path("expenditure", "project", column)
        label = column_label(column)
        yield from _compare(rule, label, ("公用经费各行", rows), ("公用经费合计", stated), at_costs)
        yield from _compare(rule, label, ("公用经费", [stated]), ("基本支出", basic), at_costs)
        yield from _compare(rule, label, ("项目支出明细各行", details), ("项目支出", project), at_project)


def _compare(
    rule: Check,
    column: str,
    parts: tuple[str, list[Decimal | None]],
    whole: tuple[str, Decimal | None],
    where: str,
) -> Iterator[Finding]:
    (parts_label, amounts), (whole_label, limit) = parts, whole
    stated = [amount for amount in amounts if amount is not None]
    added = sum(stated, Decimal(0))
    if limit is None or not stated or added <= limit:
        return
    rounding = len(stated) > 1 and added - limit <= slack(stated)
    yield rule.finding(
        where,
        f"{column}：{parts_label}合计{wan(added)}万元，大于{whole_label}{wan(limit)}万元，"
        f"多{wan(added - limit)}万元" + ("，属四舍五入差" if rounding else ""),
        evidence=[money_fact(limit, where), money_fact(added, parts_label)],
        fix="不需要修改" if rounding else f"核对{parts_label}和{whole_label}，其中数不能大于合计",
        level=Level.HINT if rounding else None,
    )
