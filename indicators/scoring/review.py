"""Re-evaluation (复核): the reviewer's score beside the unit's own, and what follows from the distance.

A reviewer takes marks from a line by an entry of the policy's scale of deductions, or enters a score. Every deduction
names rule, amount and reason; a reviewed score lies between 0 and the weight.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from budgets.money import plain
from departments.dossier import Part
from indicators.dossier import Points
from indicators.policy import Policy
from indicators.scoring.compare import ONE, ZERO
from indicators.scoring.engine import total_of
from indicators.scoring.rounding import to_step
from indicators.scoring.scorecard import Scorecard, ScoreLine


class ReviewRefused(ValueError):
    """The reviewer's entry cannot be accepted; the message says why in Chinese."""


class Mark(Part):
    """A reviewer's entry for one line: a deduction by the scale (``rule``) or a score of its own; always a reason."""

    key: str
    """Key of the indicator, or ``execution``."""
    rule: str = ""
    """Key of an entry of the policy's scale of deductions."""
    amount: Points | None = None
    """Points taken; ``None`` takes the share that the scale gives."""
    score: Points | None = None
    """The reviewed score, where it is entered instead of a deduction."""
    reason: str = ""


class ReviewedLine(Part):
    """One line after review."""

    key: str
    name: str
    weight: Points | None = None
    self_score: Points | None = None
    reviewed_score: Points | None = None
    deductions: tuple[str, ...] = ()
    """One sentence for each deduction, with rule, amount and reason."""


class Reviewed(Part):
    """复核得分 and its grade beside the unit's own."""

    policy: str
    lines: tuple[ReviewedLine, ...] = ()
    reviewed_score: Points | None = None
    """Total of the reviewed lines; ``None`` while a line has neither an own nor a reviewed score."""
    reviewed_grade: str = ""
    self_score: Points | None = None
    self_grade: str = ""
    deviation: Decimal | None = None
    """偏离度 = (自评得分 − 复核得分) ÷ 自评得分, unrounded; ``None`` when not computable."""
    final_score: Points | None = None
    """Reviewed total after the policy's factor for a lower grade."""
    final_grade: str = ""
    reasons: tuple[str, ...] = ()


def review(card: Scorecard, marks: Iterable[Mark], policy: Policy) -> Reviewed:
    """The reviewed result. A line that the reviewer leaves alone keeps the unit's own score, else the computed one.

    Raises :class:`ReviewRefused` for an entry without a reason, beyond the weight, or on an unknown line or rule.
    """
    entries: dict[str, list[Mark]] = {}
    for mark in marks:
        if card.line(mark.key) is None:
            raise ReviewRefused(f"评分表中没有“{mark.key}”这一行")
        entries.setdefault(mark.key, []).append(mark)
    lines = [_reviewed(line, entries.get(line.key, []), policy) for line in card.lines]
    counted = [line for line in card.lines if line.outcome not in ("not_applicable", "excluded")]
    scores = {line.key: line.reviewed_score for line in lines}
    missing = [line.name for line in counted if scores[line.key] is None]
    reasons = [f"{name}：没有可以复核的得分" for name in missing]
    total = None
    weights = card.weight_total or ZERO
    if weights != policy.total:
        reasons.append(f"分值合计{plain(weights)}分，应为{plain(policy.total)}分，复核总分无法计算")
    elif not missing:
        execution = next((line.completion for line in card.lines if line.key == "execution"), None)
        total, reasons = total_of([scores[line.key] for line in counted], card.lines, execution, policy)
    grade = policy.grade(total)
    final = total
    names = [entry.name for entry in policy.grades]
    if total is not None and card.self_score is not None and policy.review.grade_drop_factors:
        drop = names.index(grade) - names.index(policy.grade(card.self_score))
        if drop > 0:
            factors = policy.review.grade_drop_factors
            factor = factors[min(drop, len(factors)) - 1]
            final = to_step(total * factor, policy.rounding)
            reasons = [
                *reasons,
                f"复核等次低于自评{drop}个等次，总分按{plain(factor * 100)}%计：{plain(final)}分",
            ]
    deviation = None
    if card.self_score and total is not None:
        deviation = (card.self_score - total) / card.self_score
    return Reviewed(
        policy=policy.title,
        lines=tuple(lines),
        reviewed_score=total,
        reviewed_grade=grade,
        self_score=card.self_score,
        self_grade=card.self_grade,
        deviation=deviation,
        final_score=final,
        final_grade=policy.grade(final),
        reasons=tuple(reasons),
    )


def _reviewed(line: ScoreLine, marks: list[Mark], policy: Policy) -> ReviewedLine:
    base = line.self_score if line.self_score is not None else line.score
    score, sentences = base, []
    scale = {entry.key: entry for entry in policy.review.deductions}
    if len([mark for mark in marks if mark.score is not None]) > 1:
        raise ReviewRefused(f"“{line.name}”填了两个复核得分")
    for mark in sorted(marks, key=lambda item: item.score is None):
        reason = " ".join(mark.reason.split())
        if not reason:
            raise ReviewRefused(f"“{line.name}”的复核意见没有写明理由")
        if line.weight is None or line.outcome in ("not_applicable", "excluded"):
            raise ReviewRefused(f"“{line.name}”不计分，不能复核")
        if mark.score is not None:
            if mark.rule or mark.amount is not None:
                raise ReviewRefused(f"“{line.name}”的复核得分和扣分只能填一种")
            if not ZERO <= mark.score <= line.weight:
                raise ReviewRefused(f"“{line.name}”的复核得分应在0到分值{plain(line.weight)}之间")
            sentences.append(f"复核得{plain(mark.score)}分：{reason}")
            score = mark.score
            continue
        entry = scale.get(mark.rule)
        if entry is None:
            raise ReviewRefused(f"“{line.name}”的扣分没有对应的扣分标准")
        if score is None:
            raise ReviewRefused(f"“{line.name}”没有得分，不能扣分，请直接填写复核得分")
        amount = line.weight * min(entry.share, ONE) if mark.amount is None else mark.amount
        if not ZERO < amount <= line.weight:
            raise ReviewRefused(f"“{line.name}”的扣分应大于0且不超过分值{plain(line.weight)}")
        amount = to_step(amount, policy.rounding)
        score = max(score - amount, ZERO)
        sentences.append(f"{entry.label}，扣{plain(amount)}分：{reason}")
    if score is not None and line.weight is not None:
        score = min(max(score, ZERO), line.weight)
    return ReviewedLine(
        key=line.key,
        name=line.name,
        weight=line.weight,
        self_score=line.self_score,
        reviewed_score=score,
        deductions=tuple(sentences),
    )
