"""方向相反: a cost target with ≥ rewards spending more; a satisfaction
target with ≤ rewards pleasing less.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from indicators.dossier import Indicator
from reports.checks.registry import Check, Context, check
from reports.checks.support.sheets import is_cost, is_satisfaction, sheets
from reports.checks.support.values import DOWNWARD, target_of
from reports.checks.support.words import holds
from reports.findings import Evidence, Finding, Level

NEGATED = re.compile("不|未|差错|逾期|投诉")
SAVING = ("节约", "降低", "节省", "压减", "下降")
SMALLER = ("办结时限", "办理时限", "上访量", "信访量", "事故起数", "事故发生率", "投诉率", "差错率", "死亡率")
"""What a unit wants as little of as possible."""
CONTROLLED = ("在职人员控制率", "经费控制率", "经费变动率", "预算调整率", "结转结余率")


@check(
    "target-direction",
    kind="direction",
    level=Level.WARNING,
    title="目标值的方向反了：成本用“≥”，满意度用“≤”",
    source="财预〔2021〕101号：成本指标一般用“≤”",
    version=2,
)
def target_direction(rule: Check, context: Context) -> Iterator[Finding]:
    for view in sheets(context):
        for item in view.active:
            way = inverted(item)
            if way is None:
                continue
            says, fix = way
            where = view.of(item, "target")
            yield rule.finding(
                where,
                f"{view.call(item)}{says}，年度指标值写“{item.target}”，方向相反",
                evidence=[Evidence(value=item.target or "", where=where)],
                fix=fix,
            )


def inverted(item: Indicator) -> tuple[str, str] | None:
    """What is better and what to type, where the target's sign points the other way."""
    operator = target_of(item).operator
    if operator is None:
        return None
    cost = is_cost(item) and not any(word in item.name for word in SAVING)
    smaller = cost or any(word in item.name for word in (*CONTROLLED, *SMALLER))
    if smaller and operator in (">=", ">"):
        return "越小越好", "改为“≤”"
    larger = holds(item.name, "higher_is_better") and not NEGATED.search(item.name)
    satisfied = is_satisfaction(item) and "不满意" not in item.name
    if operator in DOWNWARD and (satisfied or (larger and not smaller)):
        return "越大越好", "改为“≥”"
    return None
