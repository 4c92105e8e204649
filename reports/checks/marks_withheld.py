"""达标而扣分: the target was met, marks were taken, and nobody says why."""

from __future__ import annotations

from collections.abc import Iterator

from budgets.money import plain
from reports.checks.registry import Check, Context, check
from reports.checks.support.sheets import sheets
from reports.checks.support.values import met
from reports.checks.support.words import says_nothing
from reports.findings import Evidence, Finding, Level


@check(
    "marks-withheld",
    kind="score",
    level=Level.HINT,
    title="达到年度指标值却扣了分，没有写原因",
    source="自评表：扣分的写明原因",
)
def marks_withheld(rule: Check, context: Context) -> Iterator[Finding]:
    if context.complete:
        return  # missing-reason asks for the reason in a form
    for view in sheets(context):
        for item in view.active:
            if item.weight is None or item.self_score is None or item.self_score >= item.weight:
                continue
            if met(item) is not True or not says_nothing(item.deviation_reason):
                continue
            where = view.of(item, "self_score")
            yield rule.finding(
                where,
                f"{view.call(item)}年度指标值{item.target}，完成{item.actual}，已经达到，"
                f"分值{plain(item.weight)}分只评{plain(item.self_score)}分，没有写原因",
                evidence=[Evidence(value=plain(item.self_score), unit="分", where=where)],
                fix="写明扣分原因，或核对得分",
            )
