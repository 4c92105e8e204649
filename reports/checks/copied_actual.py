"""完成值照抄目标: an actual value with ≥ or ≤ is a bound, not what was measured."""

from __future__ import annotations

from collections.abc import Iterator

from indicators.values import fold
from reports.checks.registry import Check, Context, check
from reports.checks.support.sheets import sheets
from reports.checks.support.values import DOWNWARD, UPWARD, actual_of
from reports.findings import Evidence, Finding, Level


@check(
    "copied-actual",
    kind="unit",
    level=Level.WARNING,
    title="实际完成值照抄目标值，带“≥”“≤”（只写“以上”而无实测数的为提示）",
    source="自评表：全年完成值填实际完成的数值",
)
def copied_actual(rule: Check, context: Context) -> Iterator[Finding]:
    for view in sheets(context):
        for item in view.active:
            actual = actual_of(item)
            if actual.operator not in (*UPWARD, *DOWNWARD) or actual.trend:
                continue
            where = view.of(item, "actual")
            same = item.target is not None and fold(item.target) == fold(item.actual or "")
            yield rule.finding(
                where,
                f"{view.call(item)}的实际完成值写“{item.actual}”"
                + ("，照抄年度指标值" if same else "")
                + "，不是实测的完成数",
                evidence=[
                    Evidence(value=item.actual or "", where=where),
                    Evidence(value=item.target or "", where=view.of(item, "target")),
                ],
                fix="填写实际完成的数值，不带“≥”“≤”“以上”",
                level=None if same else Level.HINT,
            )
