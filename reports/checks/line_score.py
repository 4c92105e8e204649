"""单项得分高于应得分: the line's own score is above what target and actual give. A lower own score is the
unit's right.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from budgets.money import percent, plain, round_half_up
from indicators.dossier import Indicator
from reports.checks.registry import Check, Context, check
from reports.checks.support.sheets import SheetView, sheets
from reports.checks.support.values import completion, met
from reports.checks.target_direction import inverted
from reports.findings import Evidence, Finding, Level

TOLERANCE = Decimal("0.05")


@check(
    "line-score",
    kind="score",
    level=Level.WARNING,
    title="指标没有达到年度指标值，自评得分却高于按比例应得的分",
    source="财预〔2020〕10号：未完成的按完成值与指标值的比例计分",
    version=2,
)
def line_score(rule: Check, context: Context) -> Iterator[Finding]:
    for view in sheets(context):
        wrong_way = {item.key for item in view.active if inverted(item)}
        for item in view.active:
            if item.self_score is None:
                continue
            # A target whose sign points the wrong way is told as such; the points then mean nothing.
            if item.key in wrong_way:
                continue
            due = _due(view, item)
            if due is None or item.self_score - due <= TOLERANCE:
                continue
            if item.weight is not None and item.self_score > item.weight:
                continue
            where = view.of(item, "self_score")
            done = completion(item)
            yield rule.finding(
                where,
                f"{view.call(item)}年度指标值{item.target}，完成{item.actual}"
                + (f"（完成率{percent(done)}）" if done is not None else "")
                + f"，应得{plain(due)}分，自评{plain(item.self_score)}分",
                evidence=[
                    Evidence(value=plain(item.self_score), unit="分", where=where),
                    Evidence(value=plain(due), unit="分", where="按比例"),
                    Evidence(value=item.target or "", where=view.of(item, "target")),
                    Evidence(value=item.actual or "", where=view.of(item, "actual")),
                ],
                fix="按比例计分，或说明依据的评分办法",
            )


def _due(view: SheetView, item: Indicator) -> Decimal | None:
    """Points that follow from target and actual, by the engine and by plain proportion: the higher of the
    two.
    """
    done = completion(item)
    if item.weight is None or done is None or met(item) is not False:
        return None
    plainly = round_half_up(item.weight * max(Decimal(0), min(done, Decimal(1))))
    line = view.card.line(item.key) if view.card else None
    return plainly if line is None or line.score is None else max(plainly, line.score)
