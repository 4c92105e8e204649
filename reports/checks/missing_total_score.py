"""没有自评总分: neither a stated total nor one that can be computed."""

from __future__ import annotations

from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.dossier import Covers
from reports.findings import Evidence, Finding, Level


@check(
    "missing-total-score",
    kind="missing-score",
    level=Level.ERROR,
    title="没有自评得分，也无法计算",
    source="财预〔2020〕10号自评表：总分",
    needs=(Covers.INDICATORS, Covers.WEIGHTS, Covers.SELF_SCORE),
)
def missing_total_score(rule: Check, context: Context) -> Iterator[Finding]:
    stated = context.dossier.indicators.assessment
    if stated.score is not None or context.scorecard.computable:
        return
    reasons = "；".join(context.scorecard.reasons[:3])
    claim = f"只写了等级“{stated.grade}”，" if stated.grade.strip() else ""
    yield rule.finding(
        "assessment.score",
        f"{claim}没有自评得分，系统也无法计算" + (f"：{reasons}" if reasons else ""),
        evidence=[Evidence(value=stated.grade, where="assessment.grade")] if claim else (),
        fix="补齐各指标的年度指标值、实际完成值和分值",
    )
