"""年初预算数空着: the words are there and the number is not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.findings import Evidence, Finding, Level

BLANK = re.compile(r"年初预算(?:数|安排)?(?:为|是|：)?(?:_+|\s)*(?:万元|元)")


@check(
    "blank-initial",
    kind="missing-initial",
    level=Level.WARNING,
    title="文字里的年初预算数没有填数字",
)
def blank_initial(rule: Check, context: Context) -> Iterator[Finding]:
    for paragraph in context.text.paragraphs_once:
        match = BLANK.search(paragraph.text)
        if match is None:
            continue
        yield rule.finding(
            paragraph.where,
            f"“{paragraph.title}”写“{match[0]}”，年初预算数没有填数字",
            evidence=[Evidence(value=match[0], where=paragraph.where)],
            fix="填写年初预算数",
        )
