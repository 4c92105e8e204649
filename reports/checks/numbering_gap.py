"""序号跳号: items 1, 2, 3, 5 – one was lost on the way, or the numbers are wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from reports.checks.registry import Check, Context, check
from reports.findings import Evidence, Finding, Level

MARK = re.compile(r"^(?:[（(](?P<bracket>\d{1,2})[）)]|(?P<plain>\d{1,2})[、.．](?!\d))")
LONGEST_GAP = 2
"""A larger jump begins another list."""


@check(
    "numbering-gap",
    kind="count",
    level=Level.HINT,
    title="分条列举的序号中间缺号",
)
def numbering_gap(rule: Check, context: Context) -> Iterator[Finding]:
    for titles, group in groupby(context.text.paragraphs, key=lambda item: (item.key, item.titles)):
        before: dict[str, int] = {}
        for paragraph in group:
            match = MARK.match(paragraph.text)
            if match is None:
                continue
            style = match.lastgroup or ""
            number, last = int(match[style]), before.get(style)
            before[style] = number
            if last is None or not 1 < number - last <= LONGEST_GAP + 1:
                continue
            yield rule.finding(
                f"narrative.{titles[0]}",
                f"“{paragraph.title}”的序号从{last}跳到{number}，中间缺{'、'.join(map(str, range(last + 1, number)))}",
                evidence=[Evidence(value=paragraph.text[:40], where=paragraph.where)],
                fix="补上漏掉的内容，或改正序号",
            )
