"""缺少批复的指标: an indicator approved with the budget does not appear in the table."""

from __future__ import annotations

from collections.abc import Iterator

from indicators.policy import bare
from reports.checks.registry import Check, Context, check
from reports.checks.support.approved import absent
from reports.checks.support.sheets import sheets
from reports.dossier import Covers
from reports.findings import Evidence, Finding, Level


@check(
    "approved-indicator-missing",
    kind="missing-target",
    level=Level.WARNING,
    title="批复的绩效指标没有列入自评表，或改了名称",
    source="财预〔2020〕10号：单位自评指标是预算批复时确定的绩效指标",
    needs=(Covers.INDICATORS,),
)
def approved_indicator_missing(rule: Check, context: Context) -> Iterator[Finding]:
    view = next(sheets(context))
    if not view.sheet.indicators:
        return
    gone = [line for line, became in absent(context) if became is None]
    for line, became in absent(context):
        if became is None:
            continue
        where = view.of(became, "name")
        yield rule.finding(
            where,
            f"批复的指标“{line.name}”在自评表里写成“{became.name}”",
            evidence=[
                Evidence(value=became.name, where=where),
                Evidence(value=line.name, where="批复的三级指标"),
            ],
            fix="指标名称与批复一致；按程序调整过的，说明批准调整的文件",
        )
    if gone:
        names = "、".join(
            f"{bare(line.level2)}指标“{line.name}”" if line.level2 else f"“{line.name}”" for line in gone
        )
        yield rule.finding(
            view.place("indicators"),
            f"批复的绩效指标中有{len(gone)}项没有列入自评表：{names}",
            evidence=[
                Evidence(value=f"{line.name} {line.target}".strip(), where="批复的三级指标") for line in gone
            ],
            fix="补上这些指标并填写完成情况；本年度不适用的，填上并勾选“本年度不适用”",
        )
