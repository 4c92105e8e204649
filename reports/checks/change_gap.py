"""增减额: “8,934.12万元，与上年8,120.44万元相比，增加713.68万元”, worked out again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from reports.checks.registry import Check, Context, check
from reports.checks.support.statements import NUMBER, decimal
from reports.findings import Evidence, Finding, Level

GAP = re.compile(
    rf"(?P<now>{NUMBER})(?P<unit>万元|亿元|元|人|个)(?P<end>[，。]?)(?:与|比|较)(?:上年|去年|20\d\d年)(?:度|同期|决算|预算|数|的|为|支出|收入)*(?P<then>{NUMBER})(?P=unit)"
    rf"(?:相比)?[^。；\d]{{0,16}}?(?P<way>增加|减少)(?:了)?(?P<gap>{NUMBER})(?P=unit)"
)
SLACK = Decimal("0.02")
AMOUNT = re.compile(rf"(?P<number>{NUMBER})(?=(?P<unit>万元|亿元|元|人|个)|$)")


@check(
    "change-gap",
    kind="sum",
    level=Level.WARNING,
    title="文字里写的增减额不等于两年的差额",
)
def change_gap(rule: Check, context: Context) -> Iterator[Finding]:
    for paragraph in context.text.paragraphs_once:
        for match in GAP.finditer(paragraph.text):
            now, then, gap = (decimal(match[name]) for name in ("now", "then", "gap"))
            exact = now - then if match["way"] == "增加" else then - now
            if abs(exact - gap) <= SLACK or _of_another(paragraph.text[: match.start("unit")], match):
                continue
            yield rule.finding(
                paragraph.where,
                f"“{paragraph.title}”写“{match[0]}”，两年的差额应为{exact}{match['unit']}",
                evidence=[Evidence(value=match[0], where=paragraph.where)],
                fix="核对两年的数和增减额",
            )


def _of_another(before: str, match: re.Match[str]) -> bool:
    """Whether the comparison is of an amount told before the last one: one of them fits, or a new sentence leaves it open."""
    told = [
        decimal(item["number"]) for item in AMOUNT.finditer(before) if item["unit"] in {None, match["unit"]}
    ]
    then, gap = decimal(match["then"]), decimal(match["gap"])
    sign = 1 if match["way"] == "增加" else -1
    if any(abs(sign * (now - then) - gap) <= SLACK for now in told):
        return True
    last = before[before.rfind("。") + 1 :]
    return match["end"] == "。" and len(AMOUNT.findall(last)) > 1
