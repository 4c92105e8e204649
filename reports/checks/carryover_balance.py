"""收支平衡: 收入 + 使用非财政拨款结余 + 年初结转 = 支出 + 结余分配 + 年末结转 (公开01表, identities 1–3)."""

from __future__ import annotations

from collections.abc import Iterator

from budgets.money import wan
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import money_fact
from reports.checks.support.balance import balance_of
from reports.findings import Finding, Level


@check(
    "carryover-balance",
    kind="balance",
    level=Level.ERROR,
    title="收入加年初结转与支出加年末结转不平衡",
    source="《收入支出决算总表》（公开01表）：收入总计等于支出总计",
)
def carryover_balance(rule: Check, context: Context) -> Iterator[Finding]:
    sides = balance_of(context.dossier.money)
    if sides is None or sides.opening is None or sides.closing is None or sides.gap == 0:
        return
    rounding = abs(sides.gap) <= sides.slack
    yield rule.finding(
        "money.carryover.closing.actual",
        f"本年收入{wan(sides.income)}万元，年初结转和结余{wan(sides.opening)}万元，来源共{wan(sides.sources)}万元；"
        f"本年支出{wan(sides.spent)}万元，年末结转和结余{wan(sides.closing)}万元，去向共{wan(sides.uses)}万元，"
        f"相差{wan(abs(sides.gap))}万元" + ("，属四舍五入差" if rounding else ""),
        evidence=[
            money_fact(sides.sources, "收入总计"),
            money_fact(sides.uses, "支出总计"),
            money_fact(sides.closing, "money.carryover.closing.actual"),
        ],
        fix="不需要修改" if rounding else "核对收入、支出和年初、年末结转结余，两边总计应相等",
        level=Level.HINT if rounding else None,
    )
