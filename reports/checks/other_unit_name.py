"""别的单位的名称: another department of the region is what a sentence on the unit's own work is about."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.checks.support.text import Sentence
from reports.checks.support.words import clause_subject
from reports.dossier import Covers
from reports.findings import Evidence, Finding, Level

SECTIONS = ("problems", "measures", "performance", "goals_stage")
ACTS_ON_US = re.compile(
    r"^(?:、|和|及|等|的?(?:要求|规定|部署|下达|拨付|批复|安排|组织|检查|审核|审计|考核|印发|指导|支持|通知|统一))"
)


@check(
    "other-unit-name",
    kind="foreign-unit",
    level=Level.WARNING,
    title="写本单位情况的段落里出现了本区别的单位",
    source="核对惯例：与本区单位名录比对",
    needs=(Covers.NARRATIVE,),
)
def other_unit_name(rule: Check, context: Context) -> Iterator[Finding]:
    profile = context.dossier.profile
    own = (profile.department, profile.main_department)
    region = profile.region_name
    for name in context.region_departments:
        short = name.removeprefix(profile.city_name).removeprefix(region)
        if len(short) < 3 or any(short in mine for mine in own) or short in context.text.identity:
            continue
        hits = [
            sentence
            for sentence in context.text.in_sections(*SECTIONS)
            if _about(sentence, name) or _about(sentence, short)
        ]
        if not hits:
            continue
        yield rule.finding(
            hits[0].where,
            f"“{hits[0].title}”写的是“{name}”，本单位是{profile.department}，疑似照搬其他单位的报告",
            evidence=[Evidence(value=hit.excerpt(short), where=hit.where) for hit in hits[:4]],
            fix="改写为本单位自己的情况",
        )


def _about(sentence: Sentence, name: str) -> bool:
    before, found, after = sentence.text.partition(name)
    return bool(found) and clause_subject(before) and not ACTS_ON_US.match(after)
