"""得分超过分值: a line, the execution rate or the total above what it can give."""

from __future__ import annotations

from collections.abc import Iterator

from budgets.money import plain
from reports.checks.registry import Check, Context, check
from reports.checks.support.sheets import sheets
from reports.checks.support.weights import execution_weight
from reports.findings import Evidence, Finding, Level


@check(
    "score-over-weight",
    kind="score",
    level=Level.ERROR,
    title="自评得分超过分值或超过100分",
    source="财预〔2020〕10号自评表：得分不超过分值",
)
def score_over_weight(rule: Check, context: Context) -> Iterator[Finding]:
    for view in sheets(context):
        stated = view.sheet.assessment
        lines = [
            (view.call(item), item.self_score, item.weight, view.of(item, "self_score"))
            for item in view.active
            if item.self_score is not None and item.weight is not None
        ]
        lines += [
            (f"{view.name}预算执行率", stated.execution_score, execution_weight(view, context),
             view.place("assessment", "execution_score")),
            (f"{view.name}自评总分", stated.score, context.policy.total, view.place("assessment", "score")),
        ]  # fmt: skip
        for label, points, limit, where in lines:
            if points is None or limit is None or points <= limit:
                continue
            yield rule.finding(
                where,
                f"{label}得{plain(points)}分，超过分值{plain(limit)}分",
                evidence=[
                    Evidence(value=plain(points), unit="分", where=where),
                    Evidence(value=plain(limit), unit="分", where="分值"),
                ],
                fix=f"得分改为不超过{plain(limit)}分",
            )
