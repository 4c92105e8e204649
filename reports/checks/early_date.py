"""报告日期早于评价年度结束: a report on 2020 that is dated March 2020."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from reports.checks.registry import Check, Context, check
from reports.findings import Evidence, Finding, Level

EARLIEST = 12
"""Month of the year itself from which such reports are begun."""


@check(
    "early-date",
    kind="year-text",
    level=Level.WARNING,
    title="报告日期在评价年度结束以前",
)
def early_date(rule: Check, context: Context) -> Iterator[Finding]:
    profile = context.dossier.profile
    if profile.prepared_on is None or profile.prepared_on >= date(profile.year, EARLIEST, 1):
        return
    shown = f"{profile.prepared_on.year}年{profile.prepared_on.month}月{profile.prepared_on.day}日"
    yield rule.finding(
        "profile.prepared_on",
        f"报告日期是{shown}，而评价的是{profile.year}年度，那时这一年还没有结束",
        evidence=[
            Evidence(value=shown, where="profile.prepared_on"),
            Evidence(value=str(profile.year), unit="年", where="profile.year"),
        ],
        fix="核对报告日期和评价年度",
    )
