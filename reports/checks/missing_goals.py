"""没有年度总体目标: expected or actual part blank."""

from __future__ import annotations

from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.checks.support.sheets import sheets
from reports.checks.support.words import says_nothing
from reports.dossier import Covers
from reports.findings import Finding, Level


@check(
    "missing-goals",
    kind="missing-text",
    level=Level.ERROR,
    title="年度总体目标的预期目标或实际完成情况没有填写",
    source="《部门整体支出绩效自评表》年度总体目标栏",
    needs=(Covers.GOALS,),
)
def missing_goals(rule: Check, context: Context) -> Iterator[Finding]:
    for view in sheets(context):
        goals = view.sheet.goals
        if not goals:
            yield rule.finding(
                view.place("goals"), f"{view.name}年度总体目标没有填写", fix="填写预期目标和实际完成情况"
            )
        for number, goal in enumerate(goals):
            # A report in words states the goals in one place and what came of them in another.
            fields = (("expected", "预期目标", goal.expected), ("actual", "实际完成情况", goal.actual))
            for field, label, text in fields if context.complete else fields[:1]:
                if says_nothing(text):
                    yield rule.finding(
                        view.place("goals", str(number), field),
                        f"{view.name}年度总体目标第{number + 1}项的{label}没有填写",
                        fix=f"填写{label}",
                    )
