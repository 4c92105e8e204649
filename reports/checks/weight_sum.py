"""分值合计: execution rate plus all indicators make the policy's total.

Part of a table that was seen only in part may be missing, so less than the total is wrong only in a
complete source; more
than the total is wrong anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from budgets.money import plain
from reports.checks.registry import Check, Context, check
from reports.checks.support.sheets import SheetView, sheets
from reports.checks.support.weights import added_weights, class_weights, execution_weight
from reports.dossier import Covers
from reports.findings import Evidence, Finding, Level


@check(
    "weight-sum",
    kind="weight-sum",
    level=Level.ERROR,
    title="预算执行率与各指标的分值合计不等于100分",
    source="财预〔2020〕10号自评表：总分100分",
    needs=(Covers.WEIGHTS,),
)
def weight_sum(rule: Check, context: Context) -> Iterator[Finding]:
    for view in sheets(context):
        added = added_weights(view, context)
        whole = context.policy.total
        if added is None or added == whole:
            continue
        unfilled = any(item.weight is None for item in view.sheet.indicators)
        if added < whole and (unfilled or not (context.complete or _all_seen(view, context))):
            continue
        execution = execution_weight(view, context)
        where = view.place("indicators")
        parts = "、".join(f"{name}{plain(points)}分" for name, points in class_weights(view, context).items())
        yield rule.finding(
            where,
            f"{view.name}预算执行率{plain(execution)}分与各类指标（{parts}）分值合计{plain(added)}分，"
            f"应为{plain(whole)}分",
            evidence=[
                Evidence(value=plain(added), unit="分", where=where),
                Evidence(value=plain(whole), unit="分", where="总分"),
            ],
            fix=f"调整各指标分值，使合计为{plain(whole)}分",
        )


WHOLE_REPORT = (
    Covers.PROFILE,
    Covers.EXPENDITURE,
    Covers.BUDGET,
    Covers.OFFICES,
    Covers.DUTIES,
    Covers.PROJECTS,
)


def _all_seen(view: SheetView, context: Context) -> bool:
    """Whether a source shows the whole table: it is a whole report, or the scores seen make the stated total."""
    if context.dossier.covers(*WHOLE_REPORT, Covers.SELF_SCORE, Covers.INDICATORS):
        return True
    stated = view.sheet.assessment
    scores = [item.self_score for item in view.sheet.indicators]
    if stated.score is None or stated.execution_score is None or None in scores:
        return False
    return sum(scores, stated.execution_score) == stated.score
