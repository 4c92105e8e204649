"""文字里的自评得分: a total in the text that differs from the one in the table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from budgets.money import plain
from reports.checks.registry import Check, Context, check
from reports.findings import Evidence, Finding, Level

SCORE = re.compile(
    r"(?<!\d分)(?<!分[，,）)])(?:自评(?:总)?(?:得)?分|综合得分|总得分)(?:为|是|：|共)?(\d{1,3}(?:\.\d+)?)分"
)


@check(
    "narrative-score",
    kind="score",
    level=Level.WARNING,
    title="文字里的自评得分与表中的不一致",
)
def narrative_score(rule: Check, context: Context) -> Iterator[Finding]:
    stated = context.dossier.indicators.assessment.score
    score = context.scorecard.score if stated is None else stated
    if score is None:
        return
    for sentence in context.text.sentences:
        for match in SCORE.finditer(sentence.text):
            if Decimal(match[1]) == score or "上年" in sentence.text[: match.start()]:
                continue
            yield rule.finding(
                sentence.where,
                f"“{sentence.title}”写自评得分{match[1]}分，表中为{plain(score)}分",
                evidence=[
                    Evidence(value=match[1], unit="分", where=sentence.where),
                    Evidence(value=plain(score), unit="分", where="assessment.score"),
                ],
                fix="改正文字，或删去（得分由系统写入）",
            )
