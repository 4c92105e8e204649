"""项目报告的话: a project report's words in a department's report (“本项目”, “项目实施单位”)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.dossier import Covers
from reports.findings import Evidence, Finding, Level

SECTIONS = ("problems", "measures", "performance", "purpose", "goals_stage")
WORDS = re.compile(r"本项目(?!部)|该项目(?!部)|项目实施单位|项目绩效评价小组")


@check(
    "project-words",
    kind="foreign-project",
    level=Level.WARNING,
    title="整体支出报告里写的是某个项目",
    needs=(Covers.NARRATIVE,),
)
def project_words(rule: Check, context: Context) -> Iterator[Finding]:
    dossier = context.dossier
    if "项目支出" in dossier.document_kind or dossier.money.projects or dossier.indicators.projects:
        return
    hits = [
        (sentence, match[0])
        for sentence in context.text.in_sections(*SECTIONS)
        if (match := WORDS.search(sentence.text))
    ]
    if not hits:
        return
    sentence, word = hits[0]
    yield rule.finding(
        sentence.where,
        f"“{sentence.title}”写“{word}”，而本报告评价的是部门整体支出，也没有填写任何项目，疑似照搬项目支出报告",
        evidence=[Evidence(value=hit.excerpt(found), where=hit.where) for hit, found in hits[:4]],
        fix="改写为部门整体的情况，或补充项目资金",
    )
