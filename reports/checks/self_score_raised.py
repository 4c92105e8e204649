"""自评得分高于系统评分: raised above the computed score. It may be lowered freely and raised only with a
reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from budgets.money import plain
from reports.checks.registry import Check, Context, check
from reports.checks.support.words import says_nothing
from reports.findings import Evidence, Finding, Level

TOLERANCE = Decimal("0.01")


@check(
    "self-score-raised",
    kind="score",
    level=Level.WARNING,
    title="自评得分高于系统评分（没有写理由的为错误）",
    source="本系统规定：自评得分可以低于系统评分，高于系统评分的要写理由",
)
def self_score_raised(rule: Check, context: Context) -> Iterator[Finding]:
    stated = context.dossier.indicators.assessment
    computed = context.scorecard.score
    if stated.score is None or computed is None or stated.score - computed <= TOLERANCE:
        return
    silent = says_nothing(stated.raise_reason)
    yield rule.finding(
        "assessment.score",
        f"自评得分{plain(stated.score)}分，系统评分{plain(computed)}分，"
        f"高{plain(stated.score - computed)}分，"
        + ("没有写理由" if silent else f"理由：{stated.raise_reason.strip()}"),
        evidence=[
            Evidence(value=plain(stated.score), unit="分", where="assessment.score"),
            Evidence(value=plain(computed), unit="分", where="系统评分"),
        ],
        fix="填写高于系统评分的理由，或改为不高于系统评分",
        level=Level.ERROR if silent and context.complete else None,
    )
