"""方向相反: a cost target with ≥ rewards spending more; a satisfaction
target with ≤ rewards pleasing less.
"""

from __future__ import annotations

from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.checks.support.sheets import is_cost, is_satisfaction, sheets
from reports.checks.support.values import DOWNWARD, target_of
from reports.findings import Evidence, Finding, Level

SAVING = ("节约", "降低", "节省", "压减", "下降")
CONTROLLED = ("在职人员控制率", "经费控制率", "经费变动率", "预算调整率", "结转结余率")


@check(
    "target-direction",
    kind="direction",
    level=Level.WARNING,
    title="目标值的方向反了：成本用“≥”，满意度用“≤”",
    source="财预〔2021〕101号：成本指标一般用“≤”",
)
def target_direction(rule: Check, context: Context) -> Iterator[Finding]:
    for view in sheets(context):
        for item in view.active:
            operator = target_of(item).operator
            if operator is None:
                continue
            cost = is_cost(item) and not any(word in item.name for word in SAVING)
            smaller = cost or any(word in item.name for word in CONTROLLED)
            if smaller and operator in (">=", ">"):
                says, fix = "越小越好", "改为“≤”"
            elif is_satisfaction(item) and "不满意" not in item.name and operator in DOWNWARD:
                says, fix = "越大越好", "改为“≥”"
            else:
                continue
            where = view.of(item, "target")
            yield rule.finding(
                where,
                f"{view.call(item)}{says}，年度指标值写“{item.target}”，方向相反",
                evidence=[Evidence(value=item.target or "", where=where)],
                fix=fix,
            )
