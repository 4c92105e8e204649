"""文字里没有预算而有支出: “年初预算0万元，支出决算310.00万元” without a reason."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.checks.support.statements import NUMBER, decimal
from reports.findings import Evidence, Finding, Level

NOTHING = re.compile(
    rf"(?:年初)?预算(?:数)?(?:为|是|安排)?0(?:\.0+)?万元[，,]支出(?:决算)?(?:数)?(?:为|是)?(?P<number>{NUMBER})万元"
)
REASON = re.compile(r"原因|由于|追加|上级|下达|结转|因为")


@check(
    "text-without-budget",
    kind="ratio",
    level=Level.WARNING,
    title="文字里年初预算为0而有支出，没有说明",
    source="预算法：未列入预算的不得支出",
)
def text_without_budget(rule: Check, context: Context) -> Iterator[Finding]:
    for paragraph in context.text.paragraphs_once:
        for match in NOTHING.finditer(paragraph.text):
            if not decimal(match["number"]) or REASON.search(paragraph.text[match.end() :]):
                continue
            yield rule.finding(
                paragraph.where,
                f"“{paragraph.title}”写“{match[0]}”，没有预算而有支出，没有说明原因",
                evidence=[Evidence(value=match[0], where=paragraph.where)],
                fix="说明资金来源和预算调整情况",
            )
