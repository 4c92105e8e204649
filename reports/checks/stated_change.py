"""文字里的增减幅度: “6.21万元，比上年减少1.29万元，下降17.2%”, worked out again from the amount and its change."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from budgets.money import percent, rate
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import rate_fact
from reports.checks.support.statements import NUMBER, UNIT, decimal, figures
from reports.checks.support.text import Sentence
from reports.checks.support.values import read_percentage
from reports.findings import Evidence, Finding, Level

CHANGE = re.compile(
    r"(?:比|较|与)(?:上年|去年|上一年|20\d\d年)[^，,。；;]{0,20}?(?P<way>增加|增长|上升|减少|下降|降低)(?:了)?"
    rf"(?P<gap>{NUMBER})(?P<unit>{UNIT})[，,（(]?(?:同比|增幅|降幅|增长|上升|增加|下降|降低|减少|幅度|率|为|了|达|约)+"
    rf"(?P<rate>{NUMBER}%)"
)
BASE = re.compile(
    rf"^[^增减上下降]{{0,12}}?(?:20\d\d年|上年|去年)(?:度|同期|决算|支出|数|的)*(?P<base>{NUMBER})"
    rf"(?:{UNIT})(?:增|减|上|下|降)"
)
"""«较2021年的2.70万元减少0.54万元»: what was before is told."""
MORE = ("增加", "增长", "上升")


@check(
    "stated-change",
    kind="ratio",
    level=Level.WARNING,
    title="文字里写的增减幅度与增减额不符",
)
def stated_change(rule: Check, context: Context) -> Iterator[Finding]:
    for sentence in context.text.sentences_once:
        if "%" not in sentence.text:
            continue
        start = 0
        for match in CHANGE.finditer(sentence.text):
            before, start = sentence.text[start : match.start()], match.end()
            base = BASE.search(match[0])
            if base is not None:
                yield from _of_base(rule, sentence, match, decimal(base["base"]))
                continue
            same = [item.number for item in figures(before) if item.unit == match["unit"]]
            stated, gap = read_percentage(match["rate"]), decimal(match["gap"])
            rates = [found for number in same if (found := _rate(number, gap, match["way"])) is not None]
            # Which of several amounts changed is not sure: it is wrong only where none of them fits.
            if not rates or stated is None or any(stated.agrees(found) for found in rates):
                continue
            yield rule.finding(
                sentence.where,
                f"“{sentence.title}”写“{match[0]}”，按{same[-1]}{match['unit']}和增减额{gap}{match['unit']}计算，"
                f"幅度应为{percent(rates[-1])}",
                evidence=[
                    Evidence(value=sentence.excerpt(match[0]), where=sentence.where),
                    rate_fact(rates[-1], "计算"),
                ],
                fix="核对本年数、增减额和幅度",
            )


def _of_base(rule: Check, sentence: Sentence, match: re.Match[str], base: Decimal) -> Iterator[Finding]:
    """The share of the amount that the sentence itself names as the former one."""
    stated, exact = read_percentage(match["rate"]), rate(decimal(match["gap"]), base)
    if stated is None or exact is None or stated.agrees(exact):
        return
    yield rule.finding(
        sentence.where,
        f"“{sentence.title}”写“{match[0]}”，按原来{base}{match['unit']}和增减额{match['gap']}{match['unit']}计算，"
        f"幅度应为{percent(exact)}",
        evidence=[Evidence(value=sentence.excerpt(match[0]), where=sentence.where), rate_fact(exact, "计算")],
        fix="核对本年数、增减额和幅度",
    )


def _rate(now: Decimal, gap: Decimal, way: str) -> Decimal | None:
    """Change as a fraction of what was before."""
    before = now - gap if way in MORE else now + gap
    return rate(gap, before) if before > 0 else None
