"""执行率空着: the words are there and the number is not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.findings import Evidence, Finding, Level

BLANK = re.compile(r"执行率(?:为|是|达到|达|：)(?:_+)?(?:%|[，。；]|$)")


@check(
    "blank-rate",
    kind="missing-rate",
    level=Level.WARNING,
    title="文字里的执行率没有填数字",
)
def blank_rate(rule: Check, context: Context) -> Iterator[Finding]:
    for paragraph in context.text.paragraphs_once:
        match = BLANK.search(paragraph.text)
        if match is None:
            continue
        yield rule.finding(
            paragraph.where,
            f"“{paragraph.title}”写“{match[0]}”，执行率没有填数字",
            evidence=[Evidence(value=match[0], where=paragraph.where)],
            fix="填写执行率",
        )
