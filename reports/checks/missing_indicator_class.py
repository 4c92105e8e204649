"""缺少一类指标: the policy gives a class points and the sheet has no indicator for it."""

from __future__ import annotations

from collections.abc import Iterator

from budgets.money import plain
from reports.checks.registry import Check, Context, check
from reports.checks.support.sheets import sheets
from reports.dossier import EVERYTHING
from reports.findings import Finding, Level


@check(
    "missing-indicator-class",
    kind="missing-target",
    level=Level.WARNING,
    title="评分办法规定分值的一类指标一个也没有设",
    source="财预〔2020〕10号：产出、效益、满意度指标",
    needs=EVERYTHING,
)
def missing_indicator_class(rule: Check, context: Context) -> Iterator[Finding]:
    view = next(sheets(context))
    found = {
        section.name
        for item in view.sheet.indicators
        if (section := context.policy.section(item.level1, item.level2)) is not None
    }
    for section in context.policy.sections:
        if section.weight and section.name not in found:
            yield rule.finding(
                view.place("indicators"),
                f"没有设置{section.name}（评分办法规定{plain(section.weight)}分）",
                fix=f"补充{section.name}；确实不适用的说明理由",
            )
