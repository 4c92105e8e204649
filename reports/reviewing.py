"""Re-evaluation line by line (单项复核): marks on the newest submission, and the reviewed total that follows from them.

The scale of deductions is part of the policy by which the submission was scored. :mod:`indicators.scoring.review` judges
every entry; here it is kept, logged and told to the unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from budgets.money import percent, plain
from departments.models import User
from departments.services import record
from indicators.policy import Deduction, Policy, build_policy
from indicators.scoring.review import Mark, Reviewed, ReviewedLine, ReviewRefused, review
from indicators.scoring.scorecard import Scorecard
from reports import services
from reports.models import Report, ReviewMark, Submission
from reports.workflow import BUREAU, UNIT, NotAllowed, Refused, parties


class WouldCombine(Refused):
    """The line has an entry already; a further one is added to it only when the reviewer says so."""


@dataclass(frozen=True)
class ReviewRow:
    """One line of the reviewed scorecard with the marks that made it."""

    line: ReviewedLine
    marks: tuple[ReviewMark, ...]

    @property
    def items(self) -> list[tuple[str, ReviewMark]]:
        """Each mark with its sentence; the entered score stands first, as in the engine."""
        ordered = sorted(self.marks, key=lambda mark: mark.score is None)
        return list(zip(self.line.deductions, ordered, strict=True))


@dataclass(frozen=True)
class ReviewPage:
    """What the report's page shows of the re-evaluation."""

    submission: Submission
    policy: Policy
    card: Scorecard
    marks: tuple[ReviewMark, ...]
    result: Reviewed | None
    may_mark: bool

    @property
    def rows(self) -> list[ReviewRow]:
        """Lines with a mark."""
        if self.result is None:
            return []
        by_line: dict[str, list[ReviewMark]] = {}
        for mark in self.marks:
            by_line.setdefault(mark.line, []).append(mark)
        return [
            ReviewRow(line, tuple(by_line[line.key])) for line in self.result.lines if line.key in by_line
        ]

    @property
    def deviation(self) -> str:
        """偏离度 as a percentage."""
        return percent(self.result.deviation) if self.result else ""

    @property
    def lowered(self) -> bool:
        """Whether a lower grade costs more than the marks themselves."""
        return bool(self.result) and self.result.final_score != self.result.reviewed_score

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Lines that can be marked, for the picker."""
        return [
            (line.key, f"{line.name}（分值{plain(line.weight)}，自评{_points(line.self_score)}）")
            for line in self.card.lines
            if line.weight is not None and line.outcome not in ("not_applicable", "excluded")
        ]

    @property
    def scale(self) -> tuple[Deduction, ...]:
        return self.policy.review.deductions


def _points(value: Decimal | None) -> str:
    return "未填" if value is None else plain(value)


def newest(report: Report) -> Submission | None:
    """The submission that is reviewed."""
    return Submission.objects.filter(report=report).order_by("-number").first()


def page(report: Report, user: User, submission: Submission | None) -> ReviewPage | None:
    """The re-evaluation of the shown submission; ``None`` where there is neither a mark nor the right to make one."""
    if submission is None:
        return None
    may = services.may_score(user, report)
    marks = tuple(ReviewMark.objects.filter(submission=submission).select_related("by"))
    if not marks and not may:
        return None
    card, policy = Scorecard.model_validate(submission.scorecard), build_policy(submission.policy)
    result = review(card, [as_mark(item) for item in marks], policy) if marks else None
    return ReviewPage(submission, policy, card, marks, result, may)


def as_mark(item: ReviewMark) -> Mark:
    """A kept entry as the engine takes it."""
    return Mark(key=item.line, rule=item.rule, amount=item.amount, score=item.score, reason=item.reason)


@transaction.atomic
def set_mark(
    *,
    report: Report,
    by: User,
    line: str,
    rule: str = "",
    points: Decimal | None = None,
    reason: str = "",
    together: bool = False,
) -> Reviewed:
    """Enter a deduction by the scale (``points`` empty: as much as the scale says) or, without a rule, a score.

    A second entry for the same line and rule replaces the first. One by another rule counts together with the first:
    it must be said by ``together``. Raises :class:`NotAllowed`, :class:`Refused` and :class:`WouldCombine`.
    """
    report = _locked(report, by, "复核单项得分")
    submission = newest(report)
    if submission is None:
        raise Refused("报告还没有报送，不能复核")
    mark = ReviewMark(
        submission=submission,
        line=line,
        rule=rule,
        amount=points if rule else None,
        score=None if rule else points,
        reason=" ".join(reason.split()),
        by=by,
    )
    if not rule and points is None:
        raise Refused("请选择扣分标准，或填写复核得分")
    others = [item for item in submission.marks.all() if (item.line, item.rule) != (line, rule)]
    result = _judge(submission, [*others, mark])
    if not together and (beside := [item for item in others if item.line == line]):
        raise WouldCombine(_together(submission, others, beside, result, line))
    submission.marks.filter(line=line, rule=rule).delete()
    mark.save()
    entered = next(item for item in result.lines if item.key == line)
    sentence = next(text for text in entered.deductions if text.endswith(f"：{mark.reason}"))
    _keep(report, by, result, f"{by.name}复核“{entered.name}”：{sentence}", line=line, rule=rule)
    return result


@transaction.atomic
def withdraw_mark(*, mark: ReviewMark, by: User) -> Report:
    """Take an entry back (撤销单项复核); a second click changes nothing."""
    report = _locked(mark.submission.report, by, "撤销单项复核")
    submission = newest(report)
    if submission is None or submission.pk != mark.submission_id:
        raise Refused("这是以前报送版本的复核，不能再改")
    if not submission.marks.filter(pk=mark.pk).delete()[0]:
        return report
    left = list(submission.marks.all())
    result = _judge(submission, left) if left else None
    card = Scorecard.model_validate(submission.scorecard)
    line = card.line(mark.line)
    words = f"{by.name}撤销对“{line.name if line else mark.line}”的复核（原理由：{mark.reason}）"
    _keep(report, by, result, words, line=mark.line, rule=mark.rule)
    return report


def _together(
    submission: Submission, others: list[ReviewMark], beside: list[ReviewMark], result: Reviewed, line: str
) -> str:
    """What a further entry on a line would come to, as a question."""
    entered = next(item for item in result.lines if item.key == line)
    before = next(item for item in _judge(submission, others).lines if item.key == line)
    said = "；".join(before.deductions)
    return (
        f"“{entered.name}”已有{len(beside)}条复核（{said}）。再记这一条会一并计算，"
        f"这一项的复核得分由{_points(before.reviewed_score)}分变为{_points(entered.reviewed_score)}分。"
        f"确实要一并计算的，请勾选后再记入；只想改原来的，请先撤销它"
    )


def _judge(submission: Submission, marks: list[ReviewMark]) -> Reviewed:
    card, policy = Scorecard.model_validate(submission.scorecard), build_policy(submission.policy)
    try:
        return review(card, [as_mark(item) for item in marks], policy)
    except ReviewRefused as refusal:
        raise Refused(str(refusal)) from None


def _keep(report: Report, by: User, result: Reviewed | None, sentence: str, **data: object) -> None:
    """The reviewed total on the report, one entry of the audit trail, and a notice to the unit."""
    count = sum(bool(line.deductions) for line in result.lines) if result else 0
    report.reviewed_score = result.reviewed_score if result else None
    report.reviewed_reason = f"按{count}项指标的单项复核计算" if result else ""
    report.save(update_fields=["reviewed_score", "reviewed_reason"])
    total = "" if report.reviewed_score is None else f"，复核得分{plain(report.reviewed_score)}分"
    sentence = f"{sentence}{total}"
    record(
        event="review-mark",
        sentence=sentence,
        by=by,
        profile=report.profile,
        data={"report": report.pk, **data},
    )
    people = parties(report)
    services.notify(
        report=report, to=set().union(*(people[party] for party in UNIT)) - {by.pk}, text=sentence
    )


def _locked(report: Report, by: User, act: str) -> Report:
    report = Report.objects.locked(report.pk)
    if not services.holds(by, report, *BUREAU):
        raise NotAllowed(f"没有“{act}”的权限")
    if not services.may_score(by, report):
        raise Refused(f"报告现为“{report.get_status_display()}”，不能复核")
    return report
