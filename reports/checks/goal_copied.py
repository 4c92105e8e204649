"""完成情况照抄目标: expected and actual nearly in the same words, without a fact."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from reports.checks.registry import Check, Context, check
from reports.checks.support.sheets import sheets
from reports.checks.support.text import compact
from reports.findings import Evidence, Finding, Level

NEARLY_THE_SAME = 0.9
TOO_SHORT = 12


@check(
    "goal-copied",
    kind="duplicate-text",
    level=Level.WARNING,
    title="年度总体目标的完成情况与预期目标几乎同文",
)
def goal_copied(rule: Check, context: Context) -> Iterator[Finding]:
    for view in sheets(context):
        for number, goal in enumerate(view.sheet.goals):
            expected, actual = compact(goal.expected), compact(goal.actual)
            if min(len(expected), len(actual)) < TOO_SHORT:
                continue
            # No more can agree than the shorter one has.
            if 2.0 * min(len(expected), len(actual)) / (len(expected) + len(actual)) < NEARLY_THE_SAME:
                continue
            alike = SequenceMatcher(None, expected, actual, autojunk=False)
            if alike.quick_ratio() < NEARLY_THE_SAME or alike.ratio() < NEARLY_THE_SAME:
                continue
            where = view.place("goals", str(number), "actual")
            yield rule.finding(
                where,
                f"{view.name}年度总体目标第{number + 1}项的实际完成情况与预期目标几乎同文，没有写完成的事实",
                evidence=[
                    Evidence(value=goal.expected, where=view.place("goals", str(number), "expected")),
                    Evidence(value=goal.actual, where=where),
                ],
                fix="写实际完成了什么、完成多少",
            )
