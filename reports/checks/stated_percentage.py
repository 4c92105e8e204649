"""文字里的完成率: “完成年初预算100%” beside the difference between actual and budget, or beside both
amounts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from budgets.money import percent, rate
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import rate_fact
from reports.checks.support.statements import decimal, explained
from reports.checks.support.values import read_percentage
from reports.findings import Evidence, Finding, Level

AMOUNT = r"(\d[\d,]*(?:\.\d+)?)万元"
DONE = re.compile(r"完成(?:年初|全年|调整)?预算(?:数)?的?(\d+(?:\.\d+)?%)")
SPENT = re.compile(r"支出(?:决算)?(?:数)?(?:为|合计|共|：)?" + AMOUNT)
BUDGET = re.compile(r"(?:年初|全年|调整)?预算(?:数)?(?:为|合计|共|：|是)?" + AMOUNT)
MORE = re.compile(r"决算数(大于|小于)(?:年初|全年)?预算数" + AMOUNT)


@check(
    "stated-percentage",
    kind="ratio",
    level=Level.WARNING,
    title="文字里的预算完成率与同一段的金额不符",
    version=2,
)
def stated_percentage(rule: Check, context: Context) -> Iterator[Finding]:
    for paragraph in context.text.paragraphs:
        key, title, text = paragraph.key, paragraph.title, paragraph.text
        for match in DONE.finditer(text):
            passage = text[max(0, match.start() - 60) : match.end() + 60]
            spent, budget = _last(SPENT, text[: match.start()]), _last(BUDGET, text[: match.start()])
            gap = MORE.search(text[match.end() : match.end() + 60])
            if spent is not None and gap is not None:
                difference = decimal(gap[2])
                budget = spent - difference if gap[1] == "大于" else spent + difference
            stated, exact = read_percentage(match[1]), rate(spent, budget)
            if stated is None or exact is None or stated.agrees(exact):
                continue
            # The budget may stand behind: «支出5.85万元，完成预算的73.13%，预算8万元».
            inverse = rate(budget, spent)
            turned = inverse is not None and inverse < 1 and stated.agrees(inverse)
            if gap is None and not turned and explained(stated, text, ("万元",)):
                continue
            yield rule.finding(
                f"narrative.{key}",
                f"“{title}”写{match[0]}，而支出{spent}万元、预算{budget}万元，完成率应为{percent(exact)}",
                evidence=[Evidence(value=passage, where=f"narrative.{key}"), rate_fact(exact, "计算")],
                fix="核对完成率和金额",
            )


def _last(pattern: re.Pattern[str], text: str) -> Decimal | None:
    """The nearest amount of that kind before, in the same paragraph's reach."""
    found = pattern.findall(text[-80:])
    return decimal(found[-1]) if found else None
