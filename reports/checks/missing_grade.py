"""没有等级: a published report states its points and no grade. In a form
the grade follows from the points.
"""

from __future__ import annotations

from collections.abc import Iterator

from budgets.money import plain
from reports.checks.registry import Check, Context, check
from reports.findings import Evidence, Finding, Level


@check(
    "missing-grade",
    kind="missing-grade",
    level=Level.WARNING,
    title="报告只写得分，没有等级",
    source="财预〔2020〕10号：评价结果采取评分和评级相结合的方式",
)
def missing_grade(rule: Check, context: Context) -> Iterator[Finding]:
    stated = context.dossier.indicators.assessment
    if context.complete or stated.score is None or stated.grade.strip():
        return
    # A table of a province that does not grade has no place for it; a report in words has.
    if "报告" not in context.dossier.document_kind:
        return
    grade = context.scorecard.self_grade
    yield rule.finding(
        "assessment.grade",
        f"只写自评得分{plain(stated.score)}分，没有等级" + (f"，按分数线应为“{grade}”" if grade else ""),
        evidence=[Evidence(value=plain(stated.score), unit="分", where="assessment.score")],
        fix="写明自评等级",
    )
