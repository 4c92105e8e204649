"""总分与各项得分: the stated total is neither below what its lines add up
to nor above what they can reach.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from budgets.money import plain
from reports.checks.registry import Check, Context, check
from reports.checks.support.sheets import sheets
from reports.checks.support.weights import execution_weight
from reports.findings import Evidence, Finding, Level

TOLERANCE = Decimal("0.01")


@check(
    "score-sum",
    kind="score-sum",
    level=Level.ERROR,
    title="自评总分与各项得分之和对不上（总分低于各项之和的为疑点）",
    source="财预〔2020〕10号自评表：总分为各项得分之和",
)
def score_sum(rule: Check, context: Context) -> Iterator[Finding]:
    for view in sheets(context):
        stated = view.sheet.assessment
        pairs = [(item.self_score, item.weight) for item in view.active]
        pairs.append((stated.execution_score, execution_weight(view, context)))
        scored = [points for points, _ in pairs if points is not None]
        if stated.score is None or len(scored) < 2:
            continue
        lost = sum(
            (weight - points for points, weight in pairs if points is not None and weight is not None),
            Decimal(0),
        )
        # No re-scaling is known from outside when a line does not apply.
        if any(item.not_applicable for item in view.sheet.indicators):
            continue
        at_least, at_most = sum(scored, Decimal(0)), context.policy.total - lost
        slack = TOLERANCE * len(scored)
        where = view.place("assessment", "score")
        facts = [
            Evidence(value=plain(stated.score), unit="分", where=where),
            Evidence(value=plain(at_least), unit="分", where="所填得分之和"),
        ]
        if stated.score > at_most + slack:
            yield rule.finding(
                where,
                f"{view.name}自评总分{plain(stated.score)}分，而所填各项共扣{plain(lost)}分，"
                f"总分最多{plain(at_most)}分",
                evidence=facts,
                fix="核对各项得分和总分",
            )
        elif stated.score < at_least - slack:
            yield rule.finding(
                where,
                f"{view.name}所填各项得分之和{plain(at_least)}分，自评总分写{plain(stated.score)}分，"
                f"相差{plain(at_least - stated.score)}分",
                evidence=facts,
                fix="核对各项得分和总分；总分另有扣分的说明原因",
                level=Level.WARNING,
            )
