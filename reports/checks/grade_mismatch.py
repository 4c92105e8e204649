"""等级与得分不符: the stated grade against the policy's cut-offs; 优秀 and 优 are the same."""

from __future__ import annotations

from collections.abc import Iterator

from budgets.money import plain
from reports.checks.registry import Check, Context, check
from reports.findings import Evidence, Finding, Level


@check(
    "grade-mismatch",
    kind="grade",
    level=Level.ERROR,
    title="自评等级与得分不符",
    source="财政部：90（含）–100分为优、80（含）–90分为良、60（含）–80分为中、60分以下为差",
)
def grade_mismatch(rule: Check, context: Context) -> Iterator[Finding]:
    stated = context.dossier.indicators.assessment
    score = stated.score if stated.score is not None else context.scorecard.score
    written = stated.grade.strip()
    right = context.policy.grade(score)
    if not written or score is None or context.policy.normal_grade(written) == right:
        return
    yield rule.finding(
        "assessment.grade",
        f"自评得分{plain(score)}分，等级应为“{right}”，所写等级为“{written}”",
        evidence=[
            Evidence(value=plain(score), unit="分", where="assessment.score"),
            Evidence(value=written, where="assessment.grade"),
        ],
        fix=f"等级改为“{right}”，或核对得分",
    )
