"""没有分值: an indicator without a weight in a source that has the column; a report in prose without any is told once."""

from __future__ import annotations

from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.checks.support.sheets import sheets
from reports.dossier import Covers
from reports.findings import Evidence, Finding, Level


@check(
    "missing-weight",
    kind="missing-score",
    level=Level.ERROR,
    title="指标没有分值",
    source="财预〔2020〕10号自评表：各指标应有分值，合计100分",
    needs=(Covers.INDICATORS, Covers.WEIGHTS),
)
def missing_weight(rule: Check, context: Context) -> Iterator[Finding]:
    for view in sheets(context):
        without = [item for item in view.active if item.weight is None]
        # In a form each blank field is shown where it stands; of a report in prose it is one remark.
        if not context.complete and len(without) > 1 and len(without) == len(view.active):
            where = view.place("indicators")
            yield rule.finding(
                where,
                f"{view.name}{len(without)}项指标都没有分值",
                evidence=[Evidence(value="、".join(item.name for item in without)[:120], where=where)],
                fix="填写各指标的分值，预算执行率和全部指标合计100分",
            )
            continue
        for item in view.active:
            if item.weight is not None:
                continue
            where = view.of(item, "weight")
            yield rule.finding(
                where,
                f"{view.call(item)}没有分值",
                evidence=[Evidence(value=item.name, where=where)],
                fix="填写分值，预算执行率和全部指标合计100分",
            )
