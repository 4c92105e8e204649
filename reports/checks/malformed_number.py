"""写坏的数字: two points in a number, a comma at no thousand, a letter for a digit."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.findings import Evidence, Finding, Level

BROKEN = re.compile(
    r"(?<![\d.,第])(?:\d+\.{2,}\d+|\d{1,3}(?:,\d{3})*,\d{1,2}(?:\.\d+)?|\d+\.\d+\.\d+|\d+[OoＯ]\d*|\d*[OoＯ]\d+(?:\.\d+)?)(?=万元|亿元|元|%)"
)


@check(
    "malformed-number",
    kind="digit",
    level=Level.WARNING,
    title="文字里的数字写坏了（多一个点、千分位错、字母混入）",
)
def malformed_number(rule: Check, context: Context) -> Iterator[Finding]:
    for sentence in context.text.sentences_once:
        for match in BROKEN.finditer(sentence.text):
            yield rule.finding(
                sentence.where,
                f"“{sentence.title}”里的数字写“{match[0]}”，看不出是多少",
                evidence=[Evidence(value=sentence.excerpt(match[0]), where=sentence.where)],
                fix="按原始凭证改正数字",
            )
