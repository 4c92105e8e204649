"""基础数据表没有填全: a row of 三公 or the total of 公用经费 is blank."""

from __future__ import annotations

from collections.abc import Iterator

from budgets.tables import TOTAL, Column
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import money_path, row_label
from reports.dossier import EVERYTHING
from reports.findings import Finding, Level


@check(
    "missing-base-data",
    kind="missing-text",
    level=Level.HINT,
    title="《基础数据表》的“三公”经费、公用经费没有填写",
    source="《基础数据表》（附件一）",
    needs=EVERYTHING,
)
def missing_base_data(rule: Check, context: Context) -> Iterator[Finding]:
    money = context.dossier.money
    for key in ("three_public", "running_costs"):
        table = money.table(key)
        if table.total(Column.ACTUAL) is not None:
            continue
        yield rule.finding(
            money_path(key, TOTAL, Column.ACTUAL),
            f"{row_label(key, TOTAL)}的决算数没有填写，没有发生的填0",
            fix="按部门决算填写；没有发生的填0",
        )
