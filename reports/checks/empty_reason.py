"""原因栏填“0”“无”: an answer that says nothing where a cause is asked for."""

from __future__ import annotations

from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.checks.support.sheets import sheets
from reports.checks.support.values import met
from reports.checks.support.words import says_nothing
from reports.findings import Evidence, Finding, Level


@check(
    "empty-reason",
    kind="missing-text",
    level=Level.WARNING,
    title="偏差原因只填“0”“无”等，没有内容",
    source="自评表：未完成的写明偏差原因分析及改进措施",
)
def empty_reason(rule: Check, context: Context) -> Iterator[Finding]:
    for view in sheets(context):
        for item in view.active:
            text = item.deviation_reason.strip()
            if not text or not says_nothing(text):
                continue
            lost = item.weight is not None and item.self_score is not None and item.self_score < item.weight
            needed = lost or met(item) is False
            # Without a deviation "无" is a fair answer; a figure is not an answer to the question why.
            if not needed and not text.strip("0. "):
                level = Level.HINT
            elif needed:
                level = None
            else:
                continue
            where = view.of(item, "deviation_reason")
            yield rule.finding(
                where,
                f"{view.call(item)}的偏差原因填“{text}”，"
                + ("没有说明原因" if needed else "不是原因，没有偏差的不填"),
                evidence=[Evidence(value=text, where=where)],
                fix="写明没有达到的原因和改进措施；没有偏差的留空",
                level=level,
            )
