"""同一段话写在两处: a long sentence that stands word for word in two paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.checks.support.text import Sentence
from reports.findings import Evidence, Finding, Level

LEAST = 24
FORMAL = re.compile(r"^无|没有|政府性基金|国有资本|年度|目标|指标|\d+(?:\.\d+)?分")
"""What reports rightly say more than once: nil statements, goals and points."""
GOALS = ("goals", "goals_overall", "goals_detail", "goals_stage")


@check(
    "repeated-passage",
    kind="copied-text",
    level=Level.WARNING,
    title="同一句话原样写在两个段落里",
)
def repeated_passage(rule: Check, context: Context) -> Iterator[Finding]:
    first: dict[str, tuple[int, Sentence]] = {}
    told: set[str] = set()
    for number, paragraph in enumerate(context.text.paragraphs):
        for sentence in paragraph.sentences:
            words = re.sub(
                r"^(?:[一二三四五六七八九十]是|[（(]?\d{1,2}[）)、.．]|[^，：]{2,8}：)", "", sentence.text
            )
            words = words.partition("。")[0]
            if len(words) < LEAST or FORMAL.search(words) or sentence.key in GOALS:
                continue
            known = first.setdefault(words, (number, sentence))
            if known[0] == number or words in told or known[1].title == sentence.title == "":
                continue
            told.add(words)
            yield rule.finding(
                sentence.where,
                f"“{sentence.title}”写的“{words[:40]}”与“{known[1].title}”里的一字不差",
                evidence=[
                    Evidence(value=words, where=known[1].where),
                    Evidence(value=words, where=sentence.where),
                ],
                fix="按各部分的内容分别写，删去照抄的话",
            )
