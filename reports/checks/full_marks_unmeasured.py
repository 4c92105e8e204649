"""满分而无从核对: full marks over indicators without a target, without an actual, or with the target copied
as actual.
"""

from __future__ import annotations

from collections.abc import Iterator

from budgets.money import plain
from indicators.dossier import Indicator
from reports.checks.registry import Check, Context, check
from reports.checks.support.sheets import sheets
from reports.checks.support.values import UPWARD, actual_of, blank
from reports.dossier import Covers
from reports.findings import Evidence, Finding, Level


@check(
    "full-marks-unmeasured",
    kind="full-marks",
    level=Level.WARNING,
    title="自评满分，而有指标没有目标值、没有完成值或照抄目标值",
    source="核对惯例：没有依据的不给分",
    needs=(Covers.INDICATORS,),
)
def full_marks_unmeasured(rule: Check, context: Context) -> Iterator[Finding]:
    for view in sheets(context):
        score = view.score
        if score is None or score < context.policy.total or not view.active:
            continue
        without_target = [item for item in view.active if blank(item.target)]
        without_actual = [item for item in view.active if blank(item.actual)]
        copied = [item for item in view.active if _copied(item)]
        if not context.dossier.covers(Covers.TARGETS):
            without_target = []
        if not (without_target or without_actual or copied):
            continue
        parts = [
            f"{len(items)}项{what}"
            for items, what in (
                (without_target, "没有年度指标值"),
                (without_actual, "没有实际完成值"),
                (copied, "完成值只有“≥”“以上”而无实测数"),
            )
            if items
        ]
        where = view.place("assessment", "score")
        yield rule.finding(
            where,
            f"{view.name}自评{plain(score)}分，而{len(view.active)}项指标中有{'、'.join(parts)}",
            evidence=[
                Evidence(value=plain(score), unit="分", where=where),
                *(
                    Evidence(value=item.name, where=view.of(item, "actual"))
                    for item in view.active
                    if item in without_target or item in without_actual or item in copied
                ),
            ],
            fix="补齐目标值和完成值后重新计分，没有依据的不计满分",
        )


def _copied(item: Indicator) -> bool:
    return actual_of(item).operator in (*UPWARD, "<=", "<") and actual_of(item).trend == ""
