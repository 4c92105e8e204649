"""期限晚于评价年度: a target whose date lies after the year that is evaluated."""

from __future__ import annotations

from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.checks.support.sheets import sheets
from reports.checks.support.values import actual_of, target_of
from reports.findings import Evidence, Finding, Level


@check(
    "late-deadline",
    kind="year-text",
    level=Level.WARNING,
    title="年度指标值或完成值的日期晚于评价年度",
    source="财预〔2020〕10号：年度绩效目标以当年为限",
)
def late_deadline(rule: Check, context: Context) -> Iterator[Finding]:
    year = context.dossier.year
    for view in sheets(context):
        for item in view.active:
            for field, label, value in (
                ("target", "年度指标值", target_of(item)),
                ("actual", "实际完成值", actual_of(item)),
            ):
                if value.date is None or value.date.year <= year:
                    continue
                where = view.of(item, field)
                yield rule.finding(
                    where,
                    f"{view.call(item)}的{label}写“{value.text}”，晚于评价年度{year}年",
                    evidence=[Evidence(value=value.text, where=where)],
                    fix="改为评价年度内的日期；跨年完成的写明本年度应完成的部分",
                )
