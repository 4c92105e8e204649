"""公务接待的人均费用: “接待280人次，人均650元，接待费8.2万元”, worked out again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from budgets.money import plain, round_half_up
from reports.checks.registry import Check, Context, check
from reports.checks.support.statements import NUMBER, decimal
from reports.findings import Evidence, Finding, Level

COST = re.compile(rf"公务接待费[^，,。；;\d]{{0,12}}(?P<number>{NUMBER})(?P<unit>万元|元)")
GUESTS = re.compile(
    r"(?:接待(?:来宾|来访|各类|国内|公务|人员)*(?:人次|人数)?(?:数|为|：|共|约)*(?P<count>\d[\d,]*)人(?:次)?)"
    r"|(?:\d+(?:批次|批|个批次)[，,、]?(?:共|计)?(?P<after>\d[\d,]*)人(?:次)?)"
)
EACH = re.compile(rf"人均(?:接待)?(?:费用|费|支出|标准)?(?:为|约|：)?(?P<number>{NUMBER})(?P<unit>万元|元)")
SLACK = Decimal("0.05")
"""5 %: rounding of the cost to 0.01 万元 and of the mean to whole 元."""


@check(
    "reception-per-head",
    kind="ratio",
    level=Level.WARNING,
    title="人均接待费与接待费、接待人次算出的不一致",
)
def reception_per_head(rule: Check, context: Context) -> Iterator[Finding]:
    for paragraph in context.text.paragraphs_once:
        text = paragraph.text
        if "人均" not in text:
            continue
        costs = [_yuan(match) for match in COST.finditer(text)]
        guests = [decimal(match["count"] or match["after"]) for match in GUESTS.finditer(text)]
        each = EACH.search(text)
        if each is None or not costs or not guests:
            continue
        stated = _yuan(each)
        means = [cost / number for cost in costs for number in guests if number]
        # Of several costs (budget and final accounts) one has to fit.
        if not means or any(abs(mean - stated) <= max(stated, mean) * SLACK for mean in means):
            continue
        mean = round_half_up(means[0])
        yield rule.finding(
            paragraph.where,
            f"“{paragraph.title}”写人均接待费{plain(stated)}元，而接待费{plain(costs[0])}元、{guests[0]}人次，"
            f"人均应为{plain(mean)}元",
            evidence=[
                Evidence(value=each[0], where=paragraph.where),
                Evidence(value=plain(mean), unit="元", where="计算"),
            ],
            fix="核对接待费、人次和人均数",
        )


def _yuan(match: re.Match[str]) -> Decimal:
    number = decimal(match["number"])
    return number * 10_000 if match["unit"] == "万元" else number
