"""有的指标没有得分: some lines of a table are scored, others with weight and actual are not."""

from __future__ import annotations

from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.checks.support.sheets import sheets
from reports.checks.support.values import blank
from reports.dossier import Covers
from reports.findings import Evidence, Finding, Level


@check(
    "missing-line-score",
    kind="missing-score",
    level=Level.WARNING,
    title="有分值和完成值的指标没有得分",
    source="财预〔2020〕10号自评表：各指标得分",
    needs=(Covers.INDICATORS, Covers.WEIGHTS),
)
def missing_line_score(rule: Check, context: Context) -> Iterator[Finding]:
    # In the forms a blank score takes the computed one.
    if context.complete:
        return
    for view in sheets(context):
        if not any(item.self_score is not None for item in view.active):
            continue
        for item in view.active:
            if item.self_score is not None or item.weight is None or blank(item.actual):
                continue
            where = view.of(item, "self_score")
            yield rule.finding(
                where,
                f"{view.call(item)}有分值和完成值，没有得分",
                evidence=[Evidence(value=item.name, where=where)],
                fix="填写自评得分",
            )
