"""不可能超过100%的比率: satisfaction, pass and coverage rates above 100 %."""

from __future__ import annotations

from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.checks.support.sheets import sheets
from reports.checks.support.values import read_percentage
from reports.checks.support.words import holds
from reports.findings import Evidence, Finding, Level


@check(
    "rate-over-hundred",
    kind="ratio",
    level=Level.WARNING,
    title="满意度、合格率、覆盖率等超过100%",
)
def rate_over_hundred(rule: Check, context: Context) -> Iterator[Finding]:
    for view in sheets(context):
        for item in view.active:
            if not holds(item.name, "bounded_rates"):
                continue
            for field, label in (("target", "年度指标值"), ("actual", "实际完成值")):
                text = getattr(item, field)
                value = read_percentage(text)
                if value is None or value.fraction <= 1:
                    continue
                where = view.of(item, field)
                yield rule.finding(
                    where,
                    f"{view.call(item)}的{label}写“{text}”，这类比率不会超过100%",
                    evidence=[Evidence(value=text or "", where=where)],
                    fix="核对分子、分母和计量单位",
                )
