"""8 报告正文: one text for each section of the outline that takes one."""

from __future__ import annotations

from reports.models import NarrativeSection
from reports.outline import Outline
from reports.workspace.fields import TextField
from reports.workspace.rows import KeyedTextsPart, Part

LONGEST = 20_000


def parts(outline: Outline) -> list[Part]:
    fields = {
        section.key: TextField(
            label=section.title,
            rows=6 if section.required else 3,
            help_text=section.prompt,
            max_length=LONGEST,
        )
        for section in outline.text_sections
    }
    return [KeyedTextsPart("narrative", NarrativeSection, key="key", fields=fields)]
