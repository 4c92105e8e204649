"""文字里的完成率: “目标5000亩，实际完成4630亩，完成率95.6%”, worked out again from the two figures beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from budgets.money import percent, rate
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import rate_fact
from reports.checks.support.statements import NUMBER, UNIT, Figure, figures
from reports.checks.support.values import Percentage, read_percentage
from reports.checks.support.words import holds
from reports.findings import Evidence, Finding, Level

STATED = re.compile(
    rf"(?:完成率|完成比例|完成程度)(?:为|是|达到|达|：)?(?P<rate>{NUMBER}%)"
    rf"|(?:完成|达到|达|占)(?:了|年度|全年|年初|既定|预期)*(?:目标|任务|计划)(?:任务|数|值|量)?"
    rf"(?:{NUMBER}(?:{UNIT}))?的(?P<share>{NUMBER}%)"
)
AIM = re.compile(r"目标|计划|任务|指标值|预期|预计|应|[≥≤]$")
BUDGET = re.compile(r"预算|收入|支出|资金|经费|拨款")


@check(
    "stated-completion",
    kind="ratio",
    level=Level.WARNING,
    title="文字里写的完成率与同一句的目标、完成数不符",
)
def stated_completion(rule: Check, context: Context) -> Iterator[Finding]:
    for sentence in context.text.sentences_once:
        if "%" not in sentence.text:
            continue
        start = 0
        for match in STATED.finditer(sentence.text):
            passage, start = sentence.text[start : match.end()], match.end()
            written = match["rate"] or match["share"]
            pair, stated = _pair(passage), read_percentage(written)
            if pair is None or stated is None or holds(passage, "lower_is_better"):
                continue
            target, actual = pair
            exact = rate(actual.number, target.number)
            # What was exceeded is often told as 100 %.
            if exact is None or stated.agrees(exact) or _capped(stated, exact > 1):
                continue
            yield rule.finding(
                sentence.where,
                f"“{sentence.title}”写完成率{written}，而目标{target}、完成{actual}，完成率应为{percent(exact)}",
                evidence=[Evidence(value=passage[-80:], where=sentence.where), rate_fact(exact, "计算")],
                fix="核对目标、完成数和完成率",
            )


def _capped(stated: Percentage, exceeded: bool) -> bool:
    return exceeded and stated.fraction == 1


def _pair(passage: str) -> tuple[Figure, Figure] | None:
    """Target and actual: the only two figures of one unit, one of them called a target."""
    counted = [item for item in figures(passage) if item.unit not in ("%", "‰")]
    if len(counted) != 2 or len({item.unit for item in counted}) != 1:
        return None
    aims = [item for item in counted if AIM.search(item.label)]
    if len(aims) != 1 or any(BUDGET.search(item.label) for item in counted):
        return None
    return aims[0], counted[1] if counted[0] is aims[0] else counted[0]
