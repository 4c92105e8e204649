"""占位符和填表提示: XX, 待补充, （200字以内） and the like left in the report."""

from __future__ import annotations

from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.checks.support.sheets import sheets
from reports.checks.support.words import placeholder_in
from reports.findings import Evidence, Finding, Level


@check(
    "placeholder-text",
    kind="template-text",
    level=Level.WARNING,
    title="报告里留有占位符或填表提示",
    version=2,
)
def placeholder_text(rule: Check, context: Context) -> Iterator[Finding]:
    # Nearly every report has none: one search over all of it tells, before any place is named.
    if not placeholder_in("\0".join(_words(context))):
        return
    told: set[str] = set()
    for where, label, text in _texts(context):
        found = placeholder_in(text)
        if found:
            yield rule.finding(
                where,
                f"{label}里留有“{found}”，是占位符或填表提示，没有填写实际内容",
                evidence=[Evidence(value=found, where=where)],
                fix="换成实际内容，或删去提示",
            )
            told.add(found)
    # Forms of which only the words were read, and passages that became data.
    for paragraph in context.text.paragraphs:
        found = placeholder_in(paragraph.text)
        if found and found not in told and paragraph.text not in context.text.whole:
            told.add(found)
            yield rule.finding(
                paragraph.where,
                f"“{paragraph.title}”里留有“{found}”，是占位符或填表提示，没有填写实际内容",
                evidence=[Evidence(value=found, where=paragraph.where)],
                fix="换成实际内容，或删去提示",
            )


def _words(context: Context) -> Iterator[str]:
    """The same texts as :func:`_texts`, without their places."""
    dossier = context.dossier
    yield from (section.text for section in dossier.narrative)
    for view in sheets(context):
        for goal in view.sheet.goals:
            yield goal.expected
            yield goal.actual
        for item in view.sheet.indicators:
            yield from (
                item.name,
                item.target or "",
                item.actual or "",
                item.evidence,
                item.deviation_reason,
                item.improvement,
            )
    yield from (dossier.money.execution_explanation, dossier.money.frugality)
    yield from (item.explanation for item in dossier.money.adjustments)
    yield from (item.text for item in dossier.explanations)
    yield from (item.words for item in dossier.unread)
    yield from (item.text for item in context.text.paragraphs)


def _texts(context: Context) -> Iterator[tuple[str, str, str]]:
    dossier = context.dossier
    for section in dossier.narrative:
        yield f"narrative.{section.key}", f"“{section.title}”", section.text
    for view in sheets(context):
        for number, goal in enumerate(view.sheet.goals):
            yield view.place("goals", str(number), "expected"), f"{view.name}预期目标", goal.expected
            yield view.place("goals", str(number), "actual"), f"{view.name}实际完成情况", goal.actual
        for item in view.sheet.indicators:
            call = view.call(item)
            yield view.of(item, "name"), call, item.name
            yield view.of(item, "target"), f"{call}的年度指标值", item.target or ""
            yield view.of(item, "actual"), f"{call}的实际完成值", item.actual or ""
            yield view.of(item, "evidence"), f"{call}的佐证材料", item.evidence
            yield view.of(item, "deviation_reason"), f"{call}的偏差原因", item.deviation_reason
            yield view.of(item, "improvement"), f"{call}的改进措施", item.improvement
    money = dossier.money
    yield "money.execution_explanation", "预算执行偏差说明", money.execution_explanation
    yield "money.frugality", "厉行节约保障措施", money.frugality
    for item in money.adjustments:
        yield "money.adjustments", "预算调整的说明", item.explanation
    for explanation in dossier.explanations:
        yield "explanations", "情况说明", explanation.text
    told = "".join(section.text for section in dossier.narrative)
    for lost in dossier.unread:
        if lost.words not in told:
            yield "narrative", f"“{lost.source.rsplit(chr(0x3000))[-1]}”", lost.words
