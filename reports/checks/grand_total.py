"""收入总计、支出总计: the grand totals of the final accounts against their parts (公开01表, identities 1
and 2).
"""

from __future__ import annotations

from collections.abc import Iterator

from budgets.money import wan
from budgets.tables import Column
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import money_fact, money_path, slack
from reports.checks.support.balance import balance_of
from reports.findings import Finding, Level


@check(
    "grand-total",
    kind="sum",
    level=Level.ERROR,
    title="收入总计、支出总计与其组成不一致（每个加数0.01万元以内为四舍五入差）",
    source="《收入支出决算总表》（公开01表）",
)
def grand_total(rule: Check, context: Context) -> Iterator[Finding]:
    money = context.dossier.money
    sides = balance_of(money)
    if sides is None:
        return
    sources = [
        ("本年收入", sides.income),
        ("使用非财政拨款结余", sides.used_surplus),
        ("年初结转", sides.opening),
    ]
    uses = [("本年支出", sides.spent), ("结余分配", sides.allocation), ("年末结转", sides.closing)]
    for label, parts, whole_known in (
        ("收入总计", sources, sides.opening is not None),
        ("支出总计", uses, sides.closing is not None),
    ):
        row = next((row for row in money.carryover.rows if row.label == label), None)
        stated = row.actual if row else None
        if row is None or stated is None or not whole_known:
            continue
        known = [(name, amount) for name, amount in parts if amount is not None]
        added = sum(amount for _, amount in known)
        gap = abs(added - stated)
        if gap == 0:
            continue
        rounding = gap <= slack(amount for _, amount in known)
        where = money_path("carryover", row.key, Column.ACTUAL)
        shown = "加".join(f"{name}{wan(amount)}万元" for name, amount in known)
        yield rule.finding(
            where,
            f"{shown}等于{wan(added)}万元，{label}写{wan(stated)}万元，相差{wan(gap)}万元"
            + ("，属四舍五入差" if rounding else ""),
            evidence=[money_fact(stated, where), money_fact(added, "计算")],
            fix="不需要修改" if rounding else f"核对{label}及其组成",
            level=Level.HINT if rounding else None,
        )
