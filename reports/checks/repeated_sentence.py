"""一句话连写两遍: the same sentence twice in one paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.findings import Evidence, Finding, Level

LEAST = 10


@check(
    "repeated-sentence",
    kind="duplicate-text",
    level=Level.WARNING,
    title="同一段里同一句话写了两遍",
)
def repeated_sentence(rule: Check, context: Context) -> Iterator[Finding]:
    for paragraph in context.text.paragraphs_once:
        seen: set[str] = set()
        for words in re.split(r"[。；！]", paragraph.text):
            if len(words) < LEAST or re.search(r"\d", words):
                continue
            if words in seen:
                yield rule.finding(
                    paragraph.where,
                    f"“{paragraph.title}”里“{words[:40]}”写了两遍",
                    evidence=[Evidence(value=words, where=paragraph.where)],
                    fix="删去重复的一句；目标与完成情况要分别写",
                )
                break
            seen.add(words)
