"""问题没有对应措施: more numbered problems than numbered measures."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.findings import Evidence, Finding, Level

ITEM = re.compile(
    r"(?:^|[。；;：:\n])(?:[（(]?[一二三四五六七八九十]{1,2}[）)、]|[一二三四五六七八九]是|[（(]?\d{1,2}[）)、.．](?!\d))"
)


@check(
    "fewer-measures",
    kind="missing-text",
    level=Level.HINT,
    title="改进措施的条数少于存在的问题",
    source="核对惯例：问题、扣分、措施一一对应",
)
def fewer_measures(rule: Check, context: Context) -> Iterator[Finding]:
    problems, measures = _items(context, "problems"), _items(context, "measures")
    # Only lists can be counted; one paragraph may answer several problems.
    if problems < 2 or not 1 <= measures < problems:
        return
    yield rule.finding(
        "narrative.measures",
        f"“存在的主要问题”写了{problems}条，改进措施只有{measures}条，有的问题没有对应的措施",
        evidence=[
            Evidence(value=str(problems), unit="条", where="narrative.problems"),
            Evidence(value=str(measures), unit="条", where="narrative.measures"),
        ],
        fix="每个问题写一条措施，说明由谁、什么时候完成",
    )


def _items(context: Context, key: str) -> int:
    text = "\n".join(paragraph.text for paragraph in context.text.paragraphs if paragraph.key == key)
    return len(ITEM.findall(text))
