"""“当年收支结余371.40万元” against the year's income and expenditure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from budgets.money import from_wan, wan
from budgets.tables import Column
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import money_fact, slack
from reports.checks.support.statements import NUMBER, decimal
from reports.findings import Finding, Level

STATED = re.compile(
    rf"(?:当年|本年|年度)?收支(?:相抵|结余|差额)后?(?:[，,])?(?:结余|盈余)?(?:为|：)?(?P<amount>{NUMBER})万元"
)


@check(
    "surplus-stated",
    kind="balance",
    level=Level.WARNING,
    title="文字里写的收支结余不等于本年收入减本年支出",
)
def surplus_stated(rule: Check, context: Context) -> Iterator[Finding]:
    money = context.dossier.money
    income, spent = money.income_source.total(Column.ACTUAL), money.expenditure.total(Column.ACTUAL)
    if income is None or spent is None:
        return
    for sentence in context.text.sentences_once:
        match = STATED.search(sentence.text) if "收支" in sentence.text else None
        if match is None:
            continue
        stated, exact = from_wan(decimal(match["amount"])), income - spent
        if abs(stated - abs(exact)) <= slack([income, spent]):
            continue
        yield rule.finding(
            sentence.where,
            f"“{sentence.title}”写“{match[0]}”，本年收入{wan(income)}万元减本年支出{wan(spent)}万元应为{wan(exact)}万元",
            evidence=[
                money_fact(stated, sentence.where),
                money_fact(income, "money.income_source.total.actual"),
                money_fact(spent, "money.expenditure.total.actual"),
            ],
            fix="核对收入、支出和结余",
        )
