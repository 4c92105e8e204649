"""Checking a submission again by the rules of today (重新核对); the result stands beside the frozen one, never in it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db import transaction

from departments.models import User
from departments.services import record
from indicators.scoring.scorecard import Scorecard
from reports.evaluation import evaluate_dossier, kept_findings
from reports.findings import LEVEL_LABELS, Finding, Level
from reports.models import Recheck, Report, Submission
from reports.policies import differences
from reports.rulebook import CHECKED, current_of
from reports.workflow import BUREAU, NotAllowed, Refused


@dataclass(frozen=True)
class Compared:
    """What checking again changed, in sentences."""

    recheck: Recheck
    scores: tuple[str, ...]
    added: tuple[Finding, ...]
    gone: tuple[Finding, ...]

    @property
    def same(self) -> bool:
        return not (self.scores or self.added or self.gone)


def compared(submission: Submission) -> Compared | None:
    """The newest re-check of a submission beside it; ``None`` if it was never checked again."""
    recheck = Recheck.objects.filter(submission=submission).select_related("by").first()
    if recheck is None:
        return None
    before = [Finding.model_validate(item) for item in submission.findings]
    after = [Finding.model_validate(item) for item in recheck.findings]
    return Compared(
        recheck,
        tuple(
            differences(
                Scorecard.model_validate(submission.scorecard), Scorecard.model_validate(recheck.scorecard)
            )
        ),
        _without(after, before),
        _without(before, after),
    )


def _without(these: list[Finding], those: list[Finding]) -> tuple[Finding, ...]:
    """Findings of the one that the other lacks: by rule, place and level; waived ones do not count."""
    left = Counter((finding.key, finding.level) for finding in those)
    found = []
    for finding in these:
        key = (finding.key, finding.level)
        if left[key]:
            left[key] -= 1
        elif finding.level is not Level.OFF:
            found.append(finding)
    return tuple(found)


@transaction.atomic
def check_again(*, report: Report, by: User) -> Recheck:
    """Check and score the newest submission by the rules of today (重新核对), and keep the result beside it.

    Raises :class:`~reports.workflow.NotAllowed` and :class:`~reports.workflow.Refused`.
    """
    report = Report.objects.locked(report.pk)
    if not any(party.includes(by, report) for party in BUREAU):
        raise NotAllowed("没有“重新核对”的权限")
    if report.status not in CHECKED:
        raise Refused(f"报告现为“{report.get_status_display()}”，没有可以重新核对的报送版本")
    if report.nil:
        raise Refused("零报告不核对、不评分")
    submission = Submission.objects.filter(report=report).order_by("-number").first()
    if submission is None:
        raise Refused("报告还没有报送，没有可以重新核对的报送版本")
    rules = current_of(report.round)
    if report.checked_by_rules == rules:
        raise Refused("这份报告已按现行规则核对")
    evaluation = evaluate_dossier(report, submission.dossier)
    recheck = Recheck.objects.create(
        submission=submission,
        rules=rules,
        scorecard=evaluation.scorecard.model_dump(mode="json"),
        findings=kept_findings(evaluation),
        policy=evaluation.policy.label[:200],
        by=by,
    )
    Report.objects.filter(pk=report.pk).update(checked_by_rules=rules)
    result = compared(submission)
    record(
        event="report-recheck",
        sentence=f"{by.name}按现行规则重新核对第{submission.number}次报送：{summary(result)}",
        by=by,
        profile=report.profile,
        data={"report": report.pk, "submission": submission.number, "rules": rules},
    )
    return recheck


def told(report: Report) -> str:
    """What the newest re-check of a report changed, in a few words."""
    submission = Submission.objects.filter(report=report).order_by("-number").first()
    return summary(compared(submission) if submission else None)


def summary(result: Compared | None) -> str:
    """What a re-check changed, in a few words."""
    if result is None or result.same:
        return "与报送时一致"
    parts = [result.scores[0]] if result.scores else []
    for title, findings in (("新增", result.added), ("不再有", result.gone)):
        counts = Counter(finding.level for finding in findings)
        parts += [f"{title}{count}处{LEVEL_LABELS[level]}" for level, count in sorted(counts.items())]
    return "，".join(parts)
