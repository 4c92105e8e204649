"""超额过多: far beyond the target without a reason; the target was probably set too low."""

from __future__ import annotations

import re
from collections.abc import Iterator

from budgets.money import percent
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import rate_fact
from reports.checks.support.sheets import sheets
from reports.checks.support.values import completion, lower_is_better
from reports.checks.support.words import says_nothing
from reports.findings import Evidence, Finding, Level

REASON = re.compile(r"(?<!原)因(?!素)|由于|原因")


@check(
    "over-achievement",
    kind="over-achievement",
    level=Level.WARNING,
    title="实际完成值超过年度指标值30%以上，没有说明原因",
    source="多地自评口径：超过130%的逐项说明；比例取自评分办法",
)
def over_achievement(rule: Check, context: Context) -> Iterator[Finding]:
    limits = context.policy.over_achievement
    for view in sheets(context):
        for item in view.active:
            done = completion(item)
            if done is None or lower_is_better(item) or not says_nothing(item.deviation_reason):
                continue
            # In prose the reason stands beside the value («因…频次增加»).
            if REASON.search(item.evidence):
                continue
            if done < limits.threshold or (done == limits.threshold and not limits.inclusive):
                continue
            where = view.of(item, "actual")
            yield rule.finding(
                where,
                f"{view.call(item)}年度指标值{item.target}，完成{item.actual}，是目标的{percent(done)}，"
                "没有说明原因，目标可能定得过低",
                evidence=[
                    Evidence(value=item.target or "", where=view.of(item, "target")),
                    Evidence(value=item.actual or "", where=where),
                    rate_fact(done, "完成率"),
                ],
                fix="在偏差原因中说明；目标定得过低的，下一年度按实际能力确定",
            )
