"""按收入性质与按支出性质两栏: both split the same 年度资金总额, so their totals agree."""

from __future__ import annotations

from collections.abc import Iterator

from budgets.money import wan
from budgets.tables import TOTAL, Column
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import column_label, money_fact, money_path, slack
from reports.findings import Finding, Level


@check(
    "nature-totals",
    kind="sum",
    level=Level.WARNING,
    title="“按收入性质分”与“按支出性质分”的合计不一致",
    source="《部门整体支出绩效自评表》年度预算申请栏，两种分法属于同一年度资金总额",
)
def nature_totals(rule: Check, context: Context) -> Iterator[Finding]:
    money = context.dossier.money
    for column in (Column.INITIAL_BUDGET, Column.FULL_BUDGET, Column.ACTUAL):
        by_income, by_use = money.income_nature.total(column), money.expenditure.total(column)
        if by_income is None or by_use is None or by_income == by_use:
            continue
        # The column of actuals may show the income received, which then equals the final accounts' income.
        received = money.income_source.total(Column.ACTUAL)
        if (
            column is Column.ACTUAL
            and received is not None
            and abs(received - by_income) <= slack([received])
        ):
            continue
        # Without 公开02表 this table is the income side of the account, and the carry-over rules compare it.
        if column is Column.ACTUAL and received is None and money.carryover.rows:
            continue
        gap = abs(by_income - by_use)
        addends = [
            row.amount(column) for table in (money.income_nature, money.expenditure) for row in table.rows
        ]
        rounding = gap <= slack(addends)
        where = money_path("income_nature", TOTAL, column)
        yield rule.finding(
            where,
            f"{column_label(column)}：按收入性质分合计{wan(by_income)}万元，按支出性质分合计{wan(by_use)}万元，"
            f"相差{wan(gap)}万元" + ("，属四舍五入差" if rounding else "，没有说明"),
            evidence=[
                money_fact(by_income, where),
                money_fact(by_use, money_path("expenditure", TOTAL, column)),
            ],
            fix="不需要修改"
            if rounding
            else "核对两种分法的各行；两边口径不同的，在情况说明中写明差额的去向",
            level=Level.HINT if rounding else None,
        )
