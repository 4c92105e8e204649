"""没有执行数: actual spending or income of the year is blank."""

from __future__ import annotations

from collections.abc import Iterator

from budgets.tables import TOTAL, Column
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import money_path, row_label
from reports.dossier import EVERYTHING
from reports.findings import Finding, Level


@check(
    "missing-execution",
    kind="missing-actual",
    level=Level.ERROR,
    title="本年收入、支出的决算数没有填写",
    source="《收入决算表》（公开02表）、《支出决算表》（公开03表）",
    needs=EVERYTHING,
)
def missing_execution(rule: Check, context: Context) -> Iterator[Finding]:
    money = context.dossier.money
    table = money.expenditure
    blank = [key for key in ("basic", "project") if table.amount(key, Column.ACTUAL) is None]
    if len(blank) == 2 and table.total(Column.ACTUAL) is None:
        blank = [TOTAL]
    for key in blank:
        yield rule.finding(
            money_path("expenditure", key, Column.ACTUAL),
            f"{row_label('expenditure', key)}的全年执行数没有填写",
            fix="按部门决算填写，单位为万元；没有的填0",
        )
    if money.income_source.total(Column.ACTUAL) is None:
        yield rule.finding(
            money_path("income_source", TOTAL, Column.ACTUAL),
            "本年收入没有填写",
            fix="按部门决算填写各项收入，单位为万元；没有的填0",
        )
