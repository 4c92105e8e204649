"""目标值与完成值单位不同: two units that cannot be turned into each other, or a percentage on one side
only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from indicators.values import convert
from reports.checks.registry import Check, Context, check
from reports.checks.support.sheets import sheets
from reports.checks.support.values import actual_of, target_of
from reports.findings import Evidence, Finding, Level

SPELT = re.compile("百分比|百分之|个百分点")


@check(
    "unit-mismatch",
    kind="unit",
    level=Level.WARNING,
    title="年度指标值与实际完成值的单位不一致（只有一边写“%”的为提示）",
)
def unit_mismatch(rule: Check, context: Context) -> Iterator[Finding]:
    for view in sheets(context):
        for item in view.active:
            target, actual = target_of(item), actual_of(item)
            if target.number is None or actual.number is None or actual.number == 0:
                continue
            one_sided = (target.unit == "%") != (actual.unit == "%")
            if target.unit and actual.unit:
                if convert(actual.number, actual.unit, target.unit) is not None:
                    continue
                level = None
            elif one_sided:
                level = Level.HINT if not SPELT.search(f"{item.target}{item.actual}") else None
            else:
                continue
            where = view.of(item, "actual")
            yield rule.finding(
                where,
                f"{view.call(item)}年度指标值写“{item.target}”，实际完成值写“{item.actual}”，单位不一致",
                evidence=[
                    Evidence(value=item.target or "", where=view.of(item, "target")),
                    Evidence(value=item.actual or "", where=where),
                ],
                fix="两栏使用同一个计量单位",
                level=level,
            )
