"""以执行数倒填预算数: after a jump from the initial budget, 全年预算数 equals 全年执行数 to the cent."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from budgets.money import percent, rate, total, wan
from budgets.tables import TOTAL, Column
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import money_fact, money_path, rate_fact
from reports.findings import Finding, Level

JUMP = Decimal("0.20")


@check(
    "budget-set-to-actual",
    kind="basis",
    level=Level.WARNING,
    title="全年预算数与全年执行数完全相等，而与年初预算数相差20%以上",
    source="财预〔2020〕10号：执行率的分母是批复的调整后预算数，不是执行数",
)
def budget_set_to_actual(rule: Check, context: Context) -> Iterator[Finding]:
    money = context.dossier.money
    initial = money.expenditure.total(Column.INITIAL_BUDGET)
    full, spent = money.budget, money.spent
    if not initial or full is None or full != spent:
        return
    change = rate(full - initial, initial)
    documented = total(item.amount for item in money.adjustments if item.document or item.explanation)
    if change is None or abs(change) <= JUMP or documented == full - initial:
        return
    where = money_path("expenditure", TOTAL, Column.FULL_BUDGET)
    card_line = context.scorecard.line("execution")
    weight = card_line.weight if card_line else None
    yield rule.finding(
        where,
        f"全年预算数与全年执行数同为{wan(full)}万元，而年初预算数只有{wan(initial)}万元（变动{percent(change)}），"
        "执行率因此正好是100%"
        + (f"、得满分{weight.normalize():f}分" if weight else "")
        + "，疑以执行数倒填预算数",
        evidence=[
            money_fact(initial, money_path("expenditure", TOTAL, Column.INITIAL_BUDGET)),
            money_fact(full, where),
            money_fact(spent, money_path("expenditure", TOTAL, Column.ACTUAL)),
            rate_fact(change, "变动"),
        ],
        fix="按批复和追加文件填写全年预算数，并在预算调整中逐笔列出文号",
    )
