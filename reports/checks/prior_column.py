"""上年决算数: the column of last year's final figures against last year's own report."""

from __future__ import annotations

from collections.abc import Iterator

from budgets.money import wan
from budgets.tables import TOTAL, Column
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import money_fact, money_path, row_label, slack
from reports.findings import Finding, Level

CHECKED = (
    ("expenditure", "basic"),
    ("expenditure", "project"),
    ("expenditure", TOTAL),
    ("three_public", TOTAL),
    ("running_costs", TOTAL),
)


@check(
    "prior-column",
    kind="basis",
    level=Level.WARNING,
    title="“上年决算数”与上年报告的决算数不一致",
    source="《基础数据表》上年决算数",
)
def prior_column(rule: Check, context: Context) -> Iterator[Finding]:
    if context.prior is None:
        return
    for key, row in CHECKED:
        said = context.dossier.money.table(key).amount(row, Column.PRIOR_FINAL)
        was = context.prior.money.table(key).amount(row, Column.ACTUAL)
        if said is None or was is None or abs(said - was) <= slack([said]):
            continue
        where = money_path(key, row, Column.PRIOR_FINAL)
        yield rule.finding(
            where,
            f"{row_label(key, row)}的上年决算数填{wan(said)}万元，"
            f"{context.prior.year}年报告为{wan(was)}万元，"
            f"相差{wan(abs(said - was))}万元",
            evidence=[money_fact(said, where), money_fact(was, f"{context.prior.year}年报告")],
            fix="按上年决算填写",
        )
