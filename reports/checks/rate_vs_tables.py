"""指标完成值与本报告数据不符: common indicators whose value follows from figures of the same dossier."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from budgets.dossier import Money
from budgets.money import percent, plain, rate
from budgets.tables import TOTAL, Column
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import rate_fact
from reports.checks.support.sheets import sheets
from reports.checks.support.values import read_percentage
from reports.dossier import Dossier
from reports.findings import Evidence, Finding, Level


def _controlled(money: Money, table: str, row: str) -> Decimal | None:
    lines = money.table(table)
    budget = lines.amount(row, Column.FULL_BUDGET)
    if budget is None:
        budget = lines.amount(row, Column.INITIAL_BUDGET)
    return rate(lines.amount(row, Column.ACTUAL), budget)


@dataclass(frozen=True)
class Common:
    names: tuple[str, ...]
    formula: str
    value: Callable[[Dossier], Decimal | None]


COMMON = (
    Common(
        ("在职人员控制率", "财政供养人员控制率", "人员控制率"),
        "在职人数÷编制数",
        lambda dossier: rate(dossier.profile.staff_on_posts, dossier.profile.authorized_posts),
    ),
    Common(
        ("三公经费控制率",),
        "“三公”经费决算÷预算",
        lambda dossier: _controlled(dossier.money, "three_public", TOTAL),
    ),
    Common(
        ("公用经费控制率",),
        "公用经费决算÷预算",
        lambda dossier: _controlled(dossier.money, "running_costs", TOTAL),
    ),
    Common(
        ("政府采购执行率",),
        "政府采购决算÷预算",
        lambda dossier: _controlled(dossier.money, "procurement", "procurement"),
    ),
    Common(
        ("预算完成率", "预算执行率"),
        "全年执行数÷全年预算数",
        lambda dossier: dossier.money.execution_rate,
    ),
)


@check(
    "rate-vs-tables",
    kind="ratio",
    level=Level.WARNING,
    title="共性指标的完成值与本报告的数据算出的不一致",
    source="财预〔2013〕53号共性指标的计算公式",
)
def rate_vs_tables(rule: Check, context: Context) -> Iterator[Finding]:
    view = next(sheets(context))
    for item in view.active:
        name = item.name.translate({ord(sign): None for sign in "“”\"' "})
        common = next((entry for entry in COMMON if name in entry.names), None)
        stated = read_percentage(item.actual)
        exact = common.value(context.dossier) if common else None
        if common is None or stated is None or exact is None or stated.agrees(exact):
            continue
        where = view.of(item, "actual")
        yield rule.finding(
            where,
            f"{view.call(item)}的完成值写{item.actual}，按本报告数据（{common.formula}）计算为{percent(exact)}",
            evidence=[
                Evidence(value=plain(stated.fraction * 100), unit="%", where=where),
                rate_fact(exact, common.formula),
            ],
            fix="核对完成值和所用的数据",
        )
