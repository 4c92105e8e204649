"""与其他单位同文: passages that another department of the district has nearly in the same words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.checks.support.around import Copied
from reports.checks.support.text import compact
from reports.findings import Evidence, Finding, Level

SHOWN = 300
"""Characters of a passage that are shown of each side."""


@check(
    "copied-passage",
    kind="copied-text",
    level=Level.WARNING,
    title="与本区其他单位的报告几乎同文",
    source="核对惯例：与本区同一年度的报告逐句比对",
)
def copied_passage(rule: Check, context: Context) -> Iterator[Finding]:
    by_section: dict[str, list[Copied]] = defaultdict(list)
    for copied in context.copies:
        by_section[copied.section].append(copied)
    for key, title, text in context.text.sections:
        # The comparison may be older than the text: what has been rewritten counts no longer.
        found = [item for item in by_section.get(key, ()) if compact(item.text[:SHOWN])[:40] in text]
        if not found:
            continue
        others = list(dict.fromkeys(item.other for item in found))
        named = "、".join(f"“{name}”" for name in others[:3]) + (
            f"等{len(others)}个单位" if len(others) > 3 else ""
        )
        yield rule.finding(
            f"narrative.{key}",
            f"“{title}”有{max(len(item.text) for item in found)}字与{named}的报告几乎同文，请核对是谁照搬了谁",
            evidence=[
                evidence
                for item in found[:3]
                for evidence in (
                    Evidence(value=item.text[:SHOWN], where=f"narrative.{key}"),
                    Evidence(value=item.other_text[:SHOWN], where=f"{item.other}“{item.other_title}”"),
                )
            ],
            fix="改写为本单位自己的情况",
        )
