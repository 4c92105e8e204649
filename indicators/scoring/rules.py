"""The rules (评分方式) by which one indicator is scored. Each answers unrounded points and a sentence with its numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from budgets.money import percent, plain, round_half_up
from indicators.policy import (
    Bands,
    Intervals,
    PassLine,
    Policy,
    QualitativeBand,
    Rule,
    Step,
    Stepped,
    YesNo,
)
from indicators.scoring.compare import ONE, ZERO, Aligned, completion, met
from indicators.scoring.rounding import points, to_step
from indicators.values import convert

PRO_RATA = "pro-rata"
EIGHT_PLACES = Decimal("1E-8")


@dataclass(slots=True)
class Scored:
    """Result of a rule. ``score`` is unrounded; ``None`` means unscorable, and ``basis`` says why."""

    score: Decimal | None
    basis: str
    rule: str
    met: bool = False
    completion: Decimal | None = None
    flags: list[str] = field(default_factory=list)


def quantitative(
    rule: Rule | None, weight: Decimal, pair: Aligned, policy: Policy, words: str, implied: bool
) -> Scored:
    """Score by ``rule``. ``words`` opens the sentence; ``implied`` means that the target has no written sign."""
    equal_above = implied or policy.equal_above == "met"
    degree = completion(pair.comparison, pair.target, pair.high, pair.actual)
    reached = met(pair.comparison, pair.target, pair.high, pair.actual, equal_above=equal_above)
    if pair.comparison == "=" and not equal_above and pair.actual > pair.target > 0:
        degree = pair.target / pair.actual
    notes = "".join(f"（{note}）" for note in pair.notes) if pair.notes else ""
    head = f"{words}{notes}，"
    kind = PRO_RATA
    if rule is not None:
        kind = rule.kind
        special = _special(rule, weight, pair, head, reached, degree)
        if special is not None:
            return special
    if degree >= ONE:
        return _full(kind, weight, pair, policy, head, reached, degree)
    if pair.target <= 0 and (pair.comparison != "range" or pair.high <= 0):
        text = "未达到目标；指标值不是正数，无法按比例计算，不得分"
        return Scored(ZERO, head + text, kind, reached, degree, pair.flags)
    score = weight * min(degree, ONE)
    shown = to_step(score, policy.rounding)
    text = f"按比例 {points(weight)}×{_fraction(pair, degree)}={shown:f}"
    return Scored(score, head + text, kind, reached, degree, pair.flags)


def _special(
    rule: Rule, weight: Decimal, pair: Aligned, head: str, reached: bool, degree: Decimal
) -> Scored | None:
    """Rules that do not end in a proportion; ``None`` leaves the line to it."""
    if isinstance(rule, YesNo):
        score = weight if reached else ZERO
        text = f"达到目标，得满分{points(weight)}" if reached else "未达到目标，不得分"
        return Scored(score, head + text, rule.kind, reached, degree, pair.flags)
    if isinstance(rule, Bands):
        return _banded(
            rule.steps,
            degree,
            weight,
            head,
            rule.kind,
            reached,
            degree,
            pair.flags,
            "完成程度" + percent(degree),
        )
    if isinstance(rule, PassLine) and degree < rule.line:
        text = f"完成程度{percent(degree)}，低于及格线{percent(rule.line)}，不得分"
        return Scored(ZERO, head + text, rule.kind, reached, degree, pair.flags)
    return None


def _fraction(pair: Aligned, degree: Decimal) -> str:
    if degree == 0:
        return f"0/{plain(pair.target)}"
    if pair.comparison in ("<=", "<"):
        return f"{plain(pair.target)}/{_short(pair.actual)}"
    if pair.actual > pair.high:
        return f"{plain(pair.high)}/{_short(pair.actual)}"
    return f"{_short(pair.actual)}/{plain(pair.target)}"


def _short(number: Decimal) -> str:
    """A converted number may have endless digits; eight places are enough to check the sentence."""
    text = plain(number)
    return text if len(text) <= 12 else plain(round_half_up(number, EIGHT_PLACES))


def _full(
    kind: str,
    weight: Decimal,
    pair: Aligned,
    policy: Policy,
    head: str,
    reached: bool,
    degree: Decimal,
) -> Scored:
    over = policy.over_achievement
    beyond = degree > over.threshold or (over.inclusive and degree == over.threshold)
    if not (beyond and pair.comparison in over.comparisons):
        text = f"达到目标，得满分{points(weight)}" if reached else f"按比例得{points(weight)}，尚未达到目标"
        return Scored(weight, head + text, kind, reached, degree, pair.flags)
    flags = [*pair.flags, "over-achieved"]
    text = f"完成程度{percent(degree)}，{'达到' if degree == over.threshold else '超过'}{percent(over.threshold)}"
    if over.consequence == "flag":
        score, text = weight, f"{text}，得满分{points(weight)}，请说明超额原因"
    elif over.consequence == "zero":
        score, text = ZERO, f"{text}，按规定不得分"
    elif over.consequence == "fixed":
        score = max(weight - over.points, ZERO)
        text = f"{text}，按规定扣{points(over.points)}分，得{to_step(score, policy.rounding):f}"
    else:
        score = weight * max(ONE - (degree - over.threshold), ZERO)
        text = f"{text}，按超出部分比例扣分，得{to_step(score, policy.rounding):f}"
    return Scored(score, head + text, kind, reached, degree, flags)


def stepped(
    rule: Stepped, weight: Decimal, limit: Decimal, actual: Decimal, unit: str, policy: Policy, head: str
) -> Scored:
    """每超（少）一档扣分."""
    excess = actual - limit if rule.side == "above" else limit - actual
    side = "超过" if rule.side == "above" else "低于"
    if excess <= 0:
        return Scored(
            weight, f"{head}，未{side}{plain(limit)}{unit}，得满分{points(weight)}", rule.kind, True
        )
    steps = excess / rule.every
    if rule.part_step != "proportional":
        whole = steps.to_integral_value(rounding="ROUND_FLOOR")
        steps = whole if rule.part_step == "completed" or whole == steps else whole + 1
    score = max(weight - steps * rule.points, ZERO)
    text = (
        f"{head}，{side}{plain(limit)}{unit}计{_short(excess)}{unit}，每{plain(rule.every)}{unit}扣{points(rule.points)}分，"
        f"{points(weight)}−{_short(steps)}×{points(rule.points)}，得{to_step(score, policy.rounding):f}"
    )
    return Scored(score, text, rule.kind, False)


def intervals(rule: Intervals, weight: Decimal, actual: Decimal, head: str) -> Scored:
    """区间赋分 by the actual value itself; met when it gives full marks."""
    shown = f"{_short(actual)}{rule.unit}"
    scored = _banded(rule.steps, actual, weight, head + "，", rule.kind, False, None, [], shown)
    scored.met = scored.score == weight
    return scored


def _banded(
    steps: tuple[Step, ...],
    value: Decimal,
    weight: Decimal,
    head: str,
    kind: str,
    reached: bool,
    degree: Decimal | None,
    flags: list[str],
    shown: str,
) -> Scored:
    for step in steps:
        low, high = step.at_least, step.at_most
        if (low is not None and value >= low) or (high is not None and value <= high):
            score = weight * step.share if step.share is not None else min(step.points or ZERO, weight)
            unit = "%" if shown.startswith("完成程度") else ""
            bound = (low if low is not None else high) or ZERO
            bound_text = percent(bound) if unit else plain(bound)
            words = f"{shown}，{'不低于' if low is not None else '不超过'}{bound_text}，按档得{plain(score)}"
            return Scored(score, head + words, kind, reached, degree, flags)
    return Scored(ZERO, f"{head}{shown}，不在任何得分档内，不得分", kind, reached, degree, flags)


def in_unit(number: Decimal, unit: str | None, into: str) -> Decimal | None:
    """Actual value in a rule's unit; a bare number is taken as being in it."""
    return number if unit is None else convert(number, unit, into)


def band_of(share: Decimal, policy: Policy) -> QualitativeBand:
    """The qualitative band in which a share of the weight lies; a boundary belongs to the upper band."""
    for band in policy.qualitative.bands:
        if share >= band.low:
            return band
    return policy.qualitative.bands[-1]


CHOOSE = "定性指标请选择完成档次并说明依据"


def qualitative(
    weight: Decimal,
    target: str,
    actual: str,
    own: Decimal | None,
    evidence: str,
    policy: Policy,
    kind: str = "qualitative",
) -> Scored:
    """定性指标 in bands: the wording chooses the band, the unit's own score the place inside it.

    Source: 财预〔2020〕10号 (three bands), wording not seen; see the policy's evidence.
    """
    bands = policy.qualitative.bands
    wording = _wording(actual)
    band = next((band for band in bands if wording in band.phrases), None)
    if band is None and wording == _wording(target):
        band = bands[0]
    head = f"目标“{target}”，完成“{actual}”，"
    if own is None:
        setting = policy.qualitative.full_marks
        if band is bands[0] and (setting == "always" or (setting == "with_evidence" and evidence.strip())):
            flags = [] if evidence.strip() else ["no-evidence"]
            return Scored(weight, f"{head}属“{band.name}”，得满分{points(weight)}", kind, True, None, flags)
        return Scored(None, f"{head}{CHOOSE}", kind)
    flags = [] if evidence.strip() else ["no-evidence"]
    low, high = (ZERO, weight) if band is None else (weight * band.low, weight * band.high)
    score = min(max(own, low), high)
    if band is None:
        band = band_of(score / weight if weight else ONE, policy)
    text = f"{head}属“{band.name}”（{percent_range(band)}），按自评得分{points(own)}分计"
    if score != own:
        flags.append("clamped")
        text += f"，超出该档，取{points(score)}"
    if "no-evidence" in flags:
        text += "，未附依据"
    return Scored(score, text, kind, band is bands[0], None, flags)


def percent_range(band: QualitativeBand) -> str:
    """Limits of a band as text."""
    return f"分值的{plain(band.low * 100)}%–{plain(band.high * 100)}%"


def _wording(text: str) -> str:
    return text.strip().strip("。；;，,.“”\"'！! ")
