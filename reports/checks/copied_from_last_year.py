"""照抄上年报告: a section nearly word for word as in the unit's own report of last year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from reports.checks.registry import Check, Context, check
from reports.checks.support.text import compact
from reports.dossier import Covers
from reports.findings import Evidence, Finding, Level

# Duties, rules and methods stay the same from year to year; what was done and what went wrong does not.
SECTIONS = ("goals_stage", "performance", "problems", "measures")
NEARLY_THE_SAME = 0.9
TOO_SHORT = 40


@check(
    "copied-from-last-year",
    kind="copied-text",
    level=Level.WARNING,
    title="完成情况、问题或措施与上年报告几乎同文",
    needs=(Covers.NARRATIVE,),
)
def copied_from_last_year(rule: Check, context: Context) -> Iterator[Finding]:
    if context.prior is None:
        return
    for key, title, text in context.text.sections:
        if key not in SECTIONS:
            continue
        now = _without_years(text)
        before = _without_years(compact(context.prior.section(key)))
        if min(len(now), len(before)) < TOO_SHORT:
            continue
        alike = SequenceMatcher(None, before, now, autojunk=False)
        if alike.quick_ratio() < NEARLY_THE_SAME or alike.ratio() < NEARLY_THE_SAME:
            continue
        yield rule.finding(
            f"narrative.{key}",
            f"“{title}”与{context.prior.year}年报告几乎同文（相似度{alike.ratio():.0%}）",
            evidence=[
                Evidence(value=text[:60], where=f"narrative.{key}"),
                Evidence(value=compact(context.prior.section(key))[:60], where=f"{context.prior.year}年"),
            ],
            fix="写本年度的情况",
        )


def _without_years(text: str) -> str:
    return re.sub(r"(?:19|20)\d\d年", "某年", text)
