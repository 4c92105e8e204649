"""日历上没有的日期: 13月, 2月30日."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from reports.checks.registry import Check, Context, check
from reports.findings import Evidence, Finding, Level

DATE = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)年(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})[日号])?")


@check(
    "impossible-date",
    kind="year-text",
    level=Level.WARNING,
    title="写了日历上没有的日期",
)
def impossible_date(rule: Check, context: Context) -> Iterator[Finding]:
    for sentence in context.text.sentences_once:
        for match in DATE.finditer(sentence.text):
            try:
                date(int(match["year"]), int(match["month"]), int(match["day"] or 1))
            except ValueError:
                yield rule.finding(
                    sentence.where,
                    f"“{sentence.title}”写“{match[0]}”，没有这个日期",
                    evidence=[Evidence(value=sentence.excerpt(match[0]), where=sentence.where)],
                    fix="核对日期",
                )
