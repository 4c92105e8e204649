"""说法与数字相反: “目标≤30%，实际31.2%，完成目标”, or a met target that the text calls missed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.checks.support.statements import outcomes
from reports.checks.support.text import Sentence, compact
from reports.checks.support.values import met
from reports.findings import Evidence, Finding, Level

MISSED = re.compile(r"(?:未能?|没有)(?:按时|如期|全部|全面)*(?:完成|达到|实现)|未达标|不达标")
REACHED = re.compile(
    r"(?:超额|全面|全部|圆满|按时|顺利|已|较好|均)*(?:完成|达到|实现)(?:了)?(?:年度|全年|年初|预期|既定|绩效)*(?:目标|任务|计划)"
    r"(?!值|率|数|的)(?!\d)|(?<!未)(?<!没有)(?:达到|完成|实现|超过)了?(?:年度|年初|预期|绩效)*(?:目标值|指标值)(?=$|[，,、])|(?:目标|任务|计划)(?:已|均|都|全面|全部|圆满|顺利|如期)*(?:完成|达到|实现)(?!率|值|数|的)|超额完成|达标"
)

LISTED = re.compile(r"^(?:年度)?(?:未完成|已完成|(?<!未)完成)的(?:绩效|年度)?(?:目标|指标|任务)")
"""A heading over targets that were reached, or were not."""


@check(
    "claimed-outcome",
    kind="direction",
    level=Level.WARNING,
    title="文字里说完成（未完成）目标，而同一句的数字相反",
)
def claimed_outcome(rule: Check, context: Context) -> Iterator[Finding]:
    seen: set[str] = set()
    for heading, sentence in _under_headings(context):
        for item in outcomes(sentence.text):
            if item.passage in seen:
                continue
            seen.add(item.passage)
            missed = MISSED.search(item.rest)
            said = missed or REACHED.search(item.rest)
            claim = said[0] if said else heading
            as_missed = missed is not None if said else "未完成" in heading
            if not claim or item.met is not as_missed:
                continue
            verdict = "达到了" if item.met else "没有达到"
            yield rule.finding(
                sentence.where,
                f"“{sentence.title}”{'说' if said else '列在'}“{claim}”{'' if said else '之下'}，"
                f"而目标{item.wanted}、实际{item.actual}{item.unit}，{verdict}目标",
                evidence=[Evidence(value=f"{item.passage}{item.rest}"[:80], where=sentence.where)],
                fix="核对完成数，或改正说法",
            )
    yield from _of_indicators(rule, context, seen)


def _under_headings(context: Context) -> Iterator[tuple[str, Sentence]]:
    """Sentences with the words above them that say what is listed: «未完成的绩效目标»."""
    heading, place = "", ""
    for paragraph in context.text.paragraphs:
        title = next((item for item in reversed(paragraph.titles) if LISTED.search(item)), "")
        if LISTED.search(paragraph.text) and len(paragraph.text) <= 24:
            heading, place = paragraph.text, paragraph.key
            continue
        if paragraph.key != place:
            heading = ""
        for sentence in paragraph.sentences:
            yield (LISTED.search(title or heading) or [""])[0], sentence


def _of_indicators(rule: Check, context: Context, seen: set[str]) -> Iterator[Finding]:
    """A value below the target that another chapter states: «社会消费品零售总额增长5.2%，完成年度目标»."""
    if not context.dossier.origins:
        return
    words = {
        one.where: compact(one.words) for one in context.dossier.origins if one.where.endswith(".actual")
    }
    for view in context.sheets:
        for item in view.active:
            where = view.of(item, "actual")
            source = words.get(where, "")
            if met(item) is not False or not item.actual or not source:
                continue
            told = next((part for part in re.split(r"[。；;]", source) if compact(item.actual) in part), "")
            if any(True for _ in outcomes(told)):
                continue
            rest = told.partition(compact(item.actual))[2]
            claim = REACHED.search(rest)
            if claim is None or MISSED.search(rest) or any(passage in told for passage in seen):
                continue
            yield rule.finding(
                where,
                f"{view.call(item)}说“{claim[0]}”，而年度指标值{item.target}、完成{item.actual}，没有达到目标",
                evidence=[
                    Evidence(value=told[-80:], where=where),
                    Evidence(value=item.target or "", where=view.of(item, "target")),
                ],
                fix="核对完成数，或改正说法",
            )
