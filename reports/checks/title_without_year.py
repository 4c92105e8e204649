"""标题没有年度: readers of a published page cannot tell which year it reports on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.findings import Evidence, Finding, Level

YEAR = re.compile(r"(?:19|20)\d\d|二[〇○零][〇○零一二三四五六七八九]{2}年")


@check(
    "title-without-year",
    kind="missing-year",
    level=Level.HINT,
    title="标题没有写评价年度",
)
def title_without_year(rule: Check, context: Context) -> Iterator[Finding]:
    title = context.dossier.title
    if not title or YEAR.search(title):
        return
    yield rule.finding(
        "title",
        f"标题“{title}”没有写年度",
        evidence=[Evidence(value=title, where="title")],
        fix=f"在标题中写明{context.dossier.year}年度",
    )
