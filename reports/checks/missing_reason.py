"""没有偏差原因: the target was missed or points were lost, and no cause is given."""

from __future__ import annotations

from collections.abc import Iterator

from budgets.money import plain
from reports.checks.registry import Check, Context, check
from reports.checks.support.sheets import sheets
from reports.checks.support.values import met
from reports.checks.support.words import says_nothing
from reports.dossier import EVERYTHING
from reports.findings import Evidence, Finding, Level


@check(
    "missing-reason",
    kind="missing-text",
    level=Level.WARNING,
    title="未达到年度指标值或扣了分，没有写偏差原因",
    source="自评表：未完成的写明偏差原因分析及改进措施",
    needs=EVERYTHING,
)
def missing_reason(rule: Check, context: Context) -> Iterator[Finding]:
    for view in sheets(context):
        for item in view.active:
            missed = met(item) is False
            lost = item.weight is not None and item.self_score is not None and item.self_score < item.weight
            if not (missed or lost) or not says_nothing(item.deviation_reason):
                continue
            # "0" or "无" in the field is empty-reason's finding.
            if item.deviation_reason.strip():
                continue
            what = f"年度指标值{item.target}，完成{item.actual}" if missed else ""
            if lost and not missed:
                what = f"分值{plain(item.weight)}分，自评{plain(item.self_score)}分"
            where = view.of(item, "deviation_reason")
            yield rule.finding(
                where,
                f"{view.call(item)}{what}，没有写偏差原因和改进措施",
                evidence=[
                    Evidence(value=item.target or "", where=view.of(item, "target")),
                    Evidence(value=item.actual or "", where=view.of(item, "actual")),
                ],
                fix="写明没有达到的原因、责任股室和完成时间",
            )
