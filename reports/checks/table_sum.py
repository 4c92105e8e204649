"""合计与各行之和: the rows of an exhaustive table add up to its stated total, column by column."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from budgets.dossier import Line
from budgets.money import wan
from budgets.tables import TABLES, TOTAL, TableSpec
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import column_label, money_fact, money_path, row_label, slack
from reports.findings import Finding, Level

Rows = list[tuple[Line, Decimal]]

ENOUGH = {
    "three_public": (
        frozenset({"abroad", "reception", "vehicle_running"}),
        frozenset({"abroad", "reception", "vehicle_purchase"}),
    ),
    "expenditure": (frozenset({"basic", "project"}),),
}
"""Rows after which hardly any other is to be expected: a source that states them and a larger total is asked."""

TABLES_WITH_TOTAL = tuple(spec for spec in TABLES.values() if spec.total_label and spec.exhaustive)


@check(
    "table-sum",
    kind="sum",
    level=Level.ERROR,
    title="表中各行之和与合计不一致（每个加数0.01万元以内为四舍五入差）",
    source="部门决算公开表式，收入、支出、“三公”经费各表合计等于各行之和",
)
def table_sum(rule: Check, context: Context) -> Iterator[Finding]:
    for spec in TABLES_WITH_TOTAL:
        for column in spec.columns:
            yield from _column(rule, context, spec, column)


def _column(rule: Check, context: Context, spec: TableSpec, column: str) -> Iterator[Finding]:
    table = context.dossier.money.table(spec.key)
    stated = table.stated_total.amount(column) if table.stated_total else None
    if stated is None:
        return
    rows = [(row, amount) for row in table.rows if (amount := row.amount(column)) is not None]
    if not rows or sum(amount for _, amount in rows) == stated:
        return
    rows = _nearest(rows, spec, stated)
    amounts = [amount for _, amount in rows]
    added = sum(amounts, Decimal(0))
    difference = added - stated
    filled = {row.key for row, _ in rows}
    blank = [row.label for row in spec.rows if row.key not in filled]
    # A row that was not read may hold what is missing; in a form it was left blank, and the sum does not
    # hold.
    open_ended = difference < 0 and blank and not context.complete
    named = any(filled >= group for group in ENOUGH.get(spec.key, ()))
    if difference == 0 or (open_ended and not named):
        return
    rounding = abs(difference) <= slack(amounts)
    total_path = money_path(spec.key, TOTAL, column)
    message = (
        f"{spec.label}的{column_label(column)}：各行之和{wan(added)}万元，"
        f"{spec.total_label}{wan(stated)}万元，相差{wan(abs(difference))}万元"
    )
    if rounding:
        message += "，属四舍五入差"
    elif blank and difference < 0:
        message += f"；{'、'.join(blank)}没有填写（没有发生的填0）"
    yield rule.finding(
        total_path,
        message,
        evidence=[
            money_fact(stated, total_path),
            money_fact(added, spec.label),
            *(
                money_fact(amount, f"{row.label or row_label(spec.key, row.key)}")
                for row, amount in rows
                if amount != 0
            ),
        ],
        fix="不需要修改" if rounding else "核对各行和合计，使合计等于各行之和",
        level=Level.HINT if rounding else Level.WARNING if open_ended else None,
    )


def _nearest(rows: Rows, spec: TableSpec, stated: Decimal) -> Rows:
    """The rows that the total adds up. A source may split the same money twice (基本支出、项目支出 beside functional
    classes, or 人员经费 beside 基本支出): the form's rows alone, or the unit's own alone, may be what the total means.
    """
    fixed = {row.key for row in spec.rows}
    splits = [
        rows,
        [pair for pair in rows if pair[0].key in fixed],
        [pair for pair in rows if pair[0].key not in fixed],
    ]
    return min((split for split in splits if split), key=lambda split: abs(sum(a for _, a in split) - stated))
