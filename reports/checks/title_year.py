"""标题年度: the year in the report's title against the year evaluated."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.findings import Evidence, Finding, Level

YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年")


@check("title-year", kind="year-text", level=Level.WARNING, title="标题里的年度与评价年度不符")
def title_year(rule: Check, context: Context) -> Iterator[Finding]:
    dossier = context.dossier
    years = {int(match[1]) for match in YEAR.finditer(dossier.title)}
    if not years or dossier.year in years:
        return
    yield rule.finding(
        "title",
        f"标题写“{dossier.title}”，而评价年度是{dossier.year}年",
        evidence=[Evidence(value=dossier.title, where="title")],
        fix="改正标题或年度",
    )
