"""目标只有数字: a goal that consists of a figure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.checks.support.sheets import sheets
from reports.findings import Evidence, Finding, Level


@check(
    "goal-without-words",
    kind="missing-target",
    level=Level.WARNING,
    title="年度总体目标只填了数字，没有文字",
)
def goal_without_words(rule: Check, context: Context) -> Iterator[Finding]:
    for view in sheets(context):
        for number, goal in enumerate(view.sheet.goals):
            for field, label in (("expected", "预期目标"), ("actual", "实际完成情况")):
                text = getattr(goal, field).strip()
                if not re.search(r"\d", text) or re.search(r"[一-龥]{2}", text):
                    continue
                where = view.place("goals", str(number), field)
                yield rule.finding(
                    where,
                    f"{view.name}年度总体目标的{label}只填了“{text}”，没有文字",
                    evidence=[Evidence(value=text, where=where)],
                    fix="写明要做什么、做到什么程度",
                )
