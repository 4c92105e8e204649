"""没有预算数: 年初预算数 or 全年预算数 of basic and project spending is blank."""

from __future__ import annotations

from collections.abc import Iterator

from budgets.tables import TOTAL, Column
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import column_label, money_path, row_label
from reports.dossier import EVERYTHING
from reports.findings import Finding, Level

ROWS = ("basic", "project")


@check(
    "missing-budget",
    kind="missing-initial",
    level=Level.ERROR,
    title="年初预算数、全年预算数没有填写",
    source="《部门整体支出绩效自评表》年度预算申请栏",
    needs=EVERYTHING,
)
def missing_budget(rule: Check, context: Context) -> Iterator[Finding]:
    table = context.dossier.money.expenditure
    for column in (Column.INITIAL_BUDGET, Column.FULL_BUDGET):
        blank = [key for key in ROWS if table.amount(key, column) is None]
        if len(blank) == len(ROWS) and table.total(column) is None:
            blank = [TOTAL]
        for key in blank:
            where = money_path("expenditure", key, column)
            name = "支出" if key == TOTAL else row_label("expenditure", key)
            yield rule.finding(
                where,
                f"{name}的{column_label(column)}没有填写",
                fix="按批复的预算填写，单位为万元；没有的填0",
            )
