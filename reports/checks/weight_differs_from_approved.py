"""分值与批复不一致: an indicator's weight is not the one approved with the budget."""

from __future__ import annotations

from collections.abc import Iterator

from budgets.money import plain
from reports.checks.registry import Check, Context, check
from reports.checks.support.approved import pairs, same_weight, scale
from reports.checks.support.sheets import sheets
from reports.dossier import Covers
from reports.findings import Evidence, Finding, Level


@check(
    "weight-differs-from-approved",
    kind="weight-sum",
    level=Level.WARNING,
    title="指标分值与批复的绩效目标不一致",
    source="核对惯例：分值与批复一致，变动的说明理由",
    needs=(Covers.WEIGHTS,),
)
def weight_differs_from_approved(rule: Check, context: Context) -> Iterator[Finding]:
    view, factor = next(sheets(context)), scale(context)
    for line, item in pairs(context):
        if line.weight is None or item.weight is None or same_weight(line.weight, item.weight, factor):
            continue
        where = view.of(item, "weight")
        scaled = f"（按预算执行率所占分值折算后应为{plain(line.weight * factor)}分）" if factor != 1 else ""
        yield rule.finding(
            where,
            f"{view.call(item)}批复的分值是{plain(line.weight)}分{scaled}，这里是{plain(item.weight)}分",
            evidence=[
                Evidence(value=plain(item.weight), unit="分", where=where),
                Evidence(value=plain(line.weight), unit="分", where="批复的分值"),
            ],
            fix="改回批复的分值；按程序调整过的，说明批准调整的文件",
        )
