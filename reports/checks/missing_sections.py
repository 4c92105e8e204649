"""必填章节为空: a required section of the outline without text."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from reports.checks.registry import Check, Context, check
from reports.checks.support.words import says_nothing
from reports.dossier import Covers, Dossier
from reports.findings import Finding, Level
from reports.outline import Outline, load_outline, outline_names


@check(
    "missing-sections",
    kind="missing-text",
    level=Level.ERROR,
    title="报告的必填章节没有内容",
    source="报告提纲模板的必填章节",
    needs=(Covers.NARRATIVE,),
)
def missing_sections(rule: Check, context: Context) -> Iterator[Finding]:
    dossier = context.dossier
    present = {section.key for section in dossier.narrative}
    for section in (context.outline or _outline(dossier)).sections:
        # Another place's report may lack the heading; a heading without text is blank anywhere.
        if not section.required or (section.key not in present and not context.complete):
            continue
        if says_nothing(dossier.section(section.key)):
            yield rule.finding(
                f"narrative.{section.key}",
                f"“{section.title}”没有填写",
                fix=section.prompt,
            )


def _outline(dossier: Dossier) -> Outline:
    """The shipped outline that has most of the dossier's sections."""
    keys = {section.key for section in dossier.narrative}
    return max(_shipped(), key=lambda pair: len(keys & pair[1]))[0]


@cache
def _shipped() -> tuple[tuple[Outline, frozenset[str]], ...]:
    """The presets with the keys of their sections, the default first."""
    outlines = [load_outline(), *(load_outline(name) for name in outline_names())]
    return tuple((item, frozenset(section.key for section in item.sections)) for item in outlines)
