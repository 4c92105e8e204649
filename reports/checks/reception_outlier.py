"""公务接待明显异常: more parties than guests, or a mean far above any standard of official meals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from budgets.money import plain, round_half_up
from reports.checks.registry import Check, Context, check
from reports.checks.support.statements import NUMBER, decimal
from reports.findings import Evidence, Finding, Level

COST = re.compile(rf"公务接待费(?!用?预算)[^，,。；;\d]{{0,12}}(?P<number>{NUMBER})(?P<unit>万元|元)")
GUESTS = re.compile(r"(?P<parties>\d[\d,]*)(?:个)?批次?[，,、（]?(?:共计|共|计)?(?P<guests>\d[\d,]*)人次?")
MOST = Decimal(1000)
"""元 a head; no standard of official reception comes near it."""


@check(
    "reception-outlier",
    kind="outlier",
    level=Level.WARNING,
    title="公务接待人均超过1000元，或批次多于人次",
)
def reception_outlier(rule: Check, context: Context) -> Iterator[Finding]:
    for paragraph in context.text.paragraphs_once:
        if "接待" not in paragraph.text:
            continue
        guests = GUESTS.search(paragraph.text)
        if guests is None:
            continue
        parties, people = decimal(guests["parties"]), decimal(guests["guests"])
        evidence = [Evidence(value=guests[0], where=paragraph.where)]
        if parties > people:
            yield rule.finding(
                paragraph.where,
                f"“{paragraph.title}”写接待{parties}批次、{people}人次，批次多于人次",
                evidence=evidence,
                fix="核对接待批次和人次",
            )
        costs = [
            decimal(match["number"]) * (10_000 if match["unit"] == "万元" else 1)
            for match in COST.finditer(paragraph.text)
        ]
        if not people or not costs or min(costs) / people <= MOST:
            continue
        mean = plain(round_half_up(min(costs) / people))
        yield rule.finding(
            paragraph.where,
            f"“{paragraph.title}”写公务接待费{plain(min(costs))}元、{people}人次，人均{mean}元，明显偏高",
            evidence=[*evidence, Evidence(value=mean, unit="元", where="计算")],
            fix="核对接待费和人次，属实的写明原因",
        )
