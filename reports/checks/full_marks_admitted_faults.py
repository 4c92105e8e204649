"""满分而承认不足: full marks while the problems section admits faults of
the evaluation or the work itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from budgets.money import plain
from reports.checks.registry import Check, Context, check
from reports.checks.support.words import LANGUAGE
from reports.findings import Evidence, Finding, Level


@check(
    "full-marks-admitted-faults",
    kind="full-marks",
    level=Level.WARNING,
    title="自评满分，而“存在的主要问题”承认工作或指标有不足",
    source="核对惯例：问题与扣分应相互对应",
)
def full_marks_admitted_faults(rule: Check, context: Context) -> Iterator[Finding]:
    stated = context.dossier.indicators.assessment
    score = stated.score if stated.score is not None else context.scorecard.score
    if score is None or score < context.policy.total:
        return
    admitted = [
        (sentence, fault)
        for sentence in context.text.in_sections("problems")
        if (fault := _fault(sentence.text))
    ]
    if not admitted:
        return
    # The fault of the evaluation itself says most.
    admitted.sort(key=lambda pair: not any(word in pair[0].text for word in LANGUAGE["self_faults"]))
    quotes = [_quote(sentence.text, fault) for sentence, fault in admitted[:2]]
    grade = f"“{stated.grade}”" if stated.grade else ""
    yield rule.finding(
        "narrative.problems",
        f"自评{plain(score)}分{grade}，但“存在的主要问题”中承认："
        + "；".join(f"“{quote}”" for quote in quotes),
        evidence=[
            Evidence(value=plain(score), unit="分", where="assessment.score"),
            *(Evidence(value=quote, where="narrative.problems") for quote in quotes),
        ],
        fix="问题对应的指标应当扣分，或说明为什么不影响得分",
    )


def _fault(text: str) -> str:
    """The first word that admits a fault and is not denied (没有发现不足)."""
    for word in LANGUAGE["faults"]:
        if re.search(rf"(?<!没有)(?<!没有发现)(?<!未发现)(?<!不存在){word}", text):
            return word
    return ""


def _quote(sentence: str, fault: str) -> str:
    """The clause that admits it; one about the report's own indicators first."""
    clauses = [clause for clause in re.split(r"[，,：:]", sentence) if clause]
    own = [clause for clause in clauses if any(word in clause for word in LANGUAGE["self_faults"])]
    for clause in (*own, *clauses):
        if any(word in clause for word in LANGUAGE["faults"]):
            return clause[-40:]
    return fault
