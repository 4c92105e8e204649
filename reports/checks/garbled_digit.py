"""数字里混有字母: a letter O or l typed, or recognised, in the place of a figure (1O0 次)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.checks.support.sheets import sheets
from reports.findings import Evidence, Finding, Level

GARBLED = re.compile(
    r"\d[OoＯlI|]+\d|(?<![A-Za-z])[OoＯlI]\d+(?![A-Za-z\d.]*[A-Za-z])|\d[OoＯ](?=[^A-Za-z]|$)|\d\.{2,}\d|\d[，,]{2,}\d"
)


@check(
    "garbled-digit",
    kind="digit",
    level=Level.WARNING,
    title="目标值、完成值的数字里混有字母或多余的符号",
)
def garbled_digit(rule: Check, context: Context) -> Iterator[Finding]:
    for view in sheets(context):
        for item in view.active:
            for field, label in (("target", "年度指标值"), ("actual", "实际完成值")):
                text = getattr(item, field) or ""
                found = GARBLED.search(text)
                if found is None:
                    continue
                where = view.of(item, field)
                yield rule.finding(
                    where,
                    f"{view.call(item)}的{label}写“{text}”，“{found[0]}”不是数字，可能是识别或录入的错误",
                    evidence=[Evidence(value=text, where=where)],
                    fix="对照原件改正",
                )
