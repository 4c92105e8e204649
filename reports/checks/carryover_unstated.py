"""结转结余没有交代: income and expenditure differ, and the carry-over that would explain it is not stated."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from budgets.money import wan
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import money_fact
from reports.checks.support.balance import Sides, balance_of
from reports.checks.surplus_stated import STATED as SURPLUS
from reports.findings import Finding, Level


@check(
    "carryover-unstated",
    kind="balance",
    level=Level.WARNING,
    title="收支有差额而没有写明年初或年末结转结余",
    source="《收入支出决算总表》（公开01表）：收入总计等于支出总计",
)
def carryover_unstated(rule: Check, context: Context) -> Iterator[Finding]:
    sides = balance_of(context.dossier.money)
    if sides is None or (sides.opening is not None and sides.closing is not None):
        return
    if abs(sides.gap) <= sides.slack:
        return
    # «当年收支结余…»: what is left is told, and another rule works it out again.
    if sides.opening is None and sides.closing is None and SURPLUS.search(context.text.whole):
        return
    gap = wan(abs(sides.gap))
    given = f"本年收入{wan(sides.income)}万元"
    if sides.opening is not None:
        given += f"，年初结转和结余{wan(sides.opening)}万元"
    given += f"，本年支出{wan(sides.spent)}万元"
    if sides.gap < 0:
        says = "多支出" + f"{gap}万元，没有说明是否使用了上年结转结余"
        where = "money.carryover.opening.actual"
    elif sides.closing is None:
        due = _by_total(context, sides) or abs(sides.gap)
        says = f"应有年末结转和结余{wan(due)}万元，没有写明"
        where = "money.carryover.closing.actual"
    else:
        says = f"应余{gap}万元，而年末结转和结余写的是{wan(sides.closing)}万元"
        if sides.closing != 0:
            says = f"除年末结转和结余{wan(sides.closing)}万元外，还有{gap}万元没有去向"
        where = "money.carryover.closing.actual"
    yield rule.finding(
        where,
        f"{given}，{says}",
        evidence=[
            money_fact(sides.income, "本年收入合计"),
            money_fact(sides.spent, "money.expenditure.total.actual"),
            money_fact(abs(sides.gap), "差额"),
        ],
        fix="补填年初、年末结转和结余，或核对收入、支出合计",
    )


def _by_total(context: Context, sides: Sides) -> Decimal | None:
    """Closing carry-over by 支出总计, where that is stated (it may differ by a rounding)."""
    for row in context.dossier.money.carryover.rows:
        if row.label in ("支出总计", "总支出") and row.actual is not None:
            return row.actual - sides.spent - (sides.allocation or 0)
    return None
