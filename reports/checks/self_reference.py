"""自称不对: “我局” in the report of a centre."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.checks.support.words import LANGUAGE
from reports.findings import Evidence, Finding, Level


@check(
    "self-reference",
    kind="foreign-unit",
    level=Level.WARNING,
    title="自称与单位名称不符（如中心的报告自称“我局”）",
)
def self_reference(rule: Check, context: Context) -> Iterator[Finding]:
    name = context.dossier.profile.department
    if not name:
        return
    printed = context.text.printed
    whole = "\n".join(sentence.text for sentence in printed)
    for entry in LANGUAGE["self_reference"]:
        if entry["says"] not in whole or any(word in name for word in entry["needs"]):
            continue
        # "本院内", "我站在" and the like are no names.
        pattern = re.compile(rf"(?<![自基根原])({entry['says']})(?![部内外在区级势面])")
        hits = [
            sentence
            for sentence in printed
            if entry["says"] in sentence.text and pattern.search(sentence.text)
        ]
        if not hits:
            continue
        yield rule.finding(
            hits[0].where,
            f"“{hits[0].title}”自称“{entry['says']}”，而本单位是{name}，疑似照搬其他单位的报告",
            evidence=[Evidence(value=hit.excerpt(entry["says"]), where=hit.where) for hit in hits[:4]],
            fix="改为本单位的自称，并核对这一段是不是本单位的情况",
        )
