"""“由60%提高到75%，提高25个百分点”, “由48起下降到42起，下降12.5%”: the change worked out again."""

from __future__ import annotations

import re
from collections.abc import Iterator

from budgets.money import percent, plain, rate
from reports.checks.registry import Check, Context, check
from reports.checks.support.statements import DOWNS, NUMBER, UNIT, UPS, decimal
from reports.checks.support.values import read_percentage
from reports.findings import Evidence, Finding, Level

WAYS = f"(?:{UPS}|{DOWNS})"
SPAN = re.compile(
    rf"[由从](?:上年|去年|年初|20\d\d年)?(?:度|末|底|同期)*的?(?P<before>{NUMBER})(?P<unit>{UNIT}){WAYS}(?:到了?|至|为)(?:20\d\d年(?:度|末|底)?的?|今年的?|本年的?)?"
    rf"(?P<after>{NUMBER})(?P<same>{UNIT})[，,（(](?:同比|共|累计|约|增幅|降幅|幅度|为|达)*{WAYS}?了?(?:约|为|达)?(?P<change>{NUMBER})(?P<kind>个百分点|%)"
)


@check(
    "from-to-change",
    kind="ratio",
    level=Level.WARNING,
    title="文字里写的“由…提高到…”与所写幅度（百分点）不符",
)
def from_to_change(rule: Check, context: Context) -> Iterator[Finding]:
    for sentence in context.text.sentences_once:
        for match in SPAN.finditer(sentence.text):
            before, after = decimal(match["before"]), decimal(match["after"])
            if match["unit"] != match["same"] or before <= 0:
                continue
            gap = abs(after - before)
            if match["kind"] == "个百分点":
                right, shown = decimal(match["change"]) == gap, f"{plain(gap)}个百分点"
            else:
                stated, exact = read_percentage(f"{match['change']}%"), rate(gap, before)
                # Of rates the points are often called per cent.
                points = match["unit"] == "%" and decimal(match["change"]) == gap
                right = points or stated is None or exact is None or stated.agrees(exact)
                shown = percent(exact)
            if right or (match["kind"] == "个百分点" and match["unit"] != "%"):
                continue
            yield rule.finding(
                sentence.where,
                f"“{sentence.title}”写“{match[0]}”，由{match['before']}{match['unit']}到{match['after']}{match['unit']}，"
                f"变动应为{shown}",
                evidence=[
                    Evidence(value=match[0], where=sentence.where),
                    Evidence(value=shown, where="计算"),
                ],
                fix="核对前后两个数和变动幅度",
            )
