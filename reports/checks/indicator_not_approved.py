"""批复之外的指标: the table has an indicator that was not approved with the budget."""

from __future__ import annotations

from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.checks.support.approved import added
from reports.checks.support.sheets import sheets
from reports.dossier import Covers
from reports.findings import Evidence, Finding, Level


@check(
    "indicator-not-approved",
    kind="basis",
    level=Level.WARNING,
    title="自评表里有批复的绩效目标以外的指标",
    source="财预〔2020〕10号：单位自评指标是预算批复时确定的绩效指标",
    needs=(Covers.INDICATORS,),
)
def indicator_not_approved(rule: Check, context: Context) -> Iterator[Finding]:
    view, extra = next(sheets(context)), added(context)
    if not extra:
        return
    names = "、".join(f"“{item.name}”" for item in extra)
    yield rule.finding(
        view.of(extra[0], "name"),
        f"自评表里有{len(extra)}项指标不在批复的绩效目标中：{names}",
        evidence=[Evidence(value=item.name, where=view.of(item, "name")) for item in extra],
        fix="删除批复之外的指标；按程序增加的，说明批准增加的文件",
    )
