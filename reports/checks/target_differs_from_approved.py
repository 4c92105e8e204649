"""目标值与批复不一致: a target that is not the one approved with the budget."""

from __future__ import annotations

from collections.abc import Iterator

from indicators.approved import ApprovedLine
from indicators.dossier import Indicator
from indicators.values import read
from reports.checks.registry import Check, Context, check
from reports.checks.support.approved import pairs, same_target
from reports.checks.support.sheets import sheets
from reports.checks.support.values import blank, lower_is_better, target_of
from reports.dossier import Covers
from reports.findings import Evidence, Finding, Level


@check(
    "target-differs-from-approved",
    kind="low-target",
    level=Level.WARNING,
    title="年度指标值与批复的绩效目标不一致",
    source="中发〔2018〕34号：绩效目标与预算同步批复下达",
    needs=(Covers.TARGETS,),
)
def target_differs_from_approved(rule: Check, context: Context) -> Iterator[Finding]:
    view = next(sheets(context))
    for line, item in pairs(context):
        if not line.target or blank(item.target) or same_target(line, item):
            continue
        where = view.of(item, "target")
        easier = _easier(line, item)
        change = {True: "比批复放宽", False: "比批复提高", None: "与批复不一致"}[easier]
        yield rule.finding(
            where,
            f"{view.call(item)}批复的年度指标值是“{line.target}”，这里填“{item.target}”，{change}",
            evidence=[
                Evidence(value=item.target or "", where=where),
                Evidence(value=line.target, where="批复的年度指标值"),
            ],
            fix="改回批复的指标值；按程序调整过的，说明批准调整的文件",
            level=Level.HINT if easier is False else None,
        )


def _easier(line: ApprovedLine, item: Indicator) -> bool | None:
    then, now = read(line.target), target_of(item)
    if then.number is None or now.number is None or then.number == now.number or then.unit != now.unit:
        return None
    return now.number > then.number if lower_is_better(item) else now.number < then.number
