"""Which content a report's page and downloads show (所示版本): the frozen submission, or the year as it stands."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from indicators.policy import build_policy
from indicators.scoring.scorecard import Scorecard
from reports.choices import DONE, Status
from reports.documents import compose
from reports.documents.model import ReportDocument, Verification
from reports.evaluation import Evaluation, evaluate
from reports.findings import Finding, Level
from reports.models import Report, Submission
from reports.outlines import outline_named
from reports.verification import printed

FROZEN = frozenset({Status.DEPARTMENT_REVIEW, Status.SUBMITTED}) | DONE
"""States in which what is shown is what was submitted."""


@dataclass(frozen=True)
class Shown:
    """A dossier with its results. ``submission`` is ``None`` for the unit's work in progress."""

    evaluation: Evaluation
    submission: Submission | None = None
    latest: bool = True
    certified: bool = False
    """Confirmed by the head and not yet submitted."""

    @property
    def version(self) -> str:
        """How the log and the page call this content."""
        if self.submission:
            return f"第{self.submission.number}次报送"
        return "负责人已确认、尚未报送" if self.certified else "填报中的草稿"


def shown(report: Report, number: int | None = None) -> Shown:
    """What a report shows now, or its submission of that number. Raises ``Submission.DoesNotExist``."""
    if number is None and report.status not in FROZEN:
        return Shown(evaluate(report), certified=report.status == Status.CERTIFIED)
    newest = (
        Submission.objects.filter(report=report).select_related("submitted_by").order_by("-number").first()
    )
    if number is None or (newest and newest.number == number):
        if newest is None:
            return Shown(evaluate(report))
        newest.report = report
        return Shown(frozen(newest), newest)
    submission = Submission.objects.select_related("submitted_by").get(report=report, number=number)
    submission.report = report
    return Shown(frozen(submission), submission, latest=False)


def frozen(submission: Submission) -> Evaluation:
    """A submission as it was evaluated when it was made: nothing is computed again."""
    findings = [Finding.model_validate(item) for item in submission.findings]
    return Evaluation(
        dossier=submission.dossier,
        outline=outline_named(submission.template, submission.report.round.region_id),
        policy=build_policy(submission.policy, "报送时的评分办法"),
        scorecard=Scorecard.model_validate(submission.scorecard),
        findings=tuple(finding for finding in findings if finding.level is not Level.OFF),
        waived=tuple(finding for finding in findings if finding.level is Level.OFF),
    )


def document(report: Report, content: Shown, *, with_findings: bool = False) -> ReportDocument:
    """The paper of that content: 草稿 across every page until it is approved, or is to be stamped.

    ``with_findings`` is for people who work on the report; a public file never carries them.
    """
    evaluation, submission = content.evaluation, content.submission
    # A classified unit's paper cannot be checked in public: it carries no code that leads there.
    checkable = not report.department.classified
    valid = submission is not None and content.latest and report.status in DONE and checkable
    verification = printed(submission) if submission and valid else None
    return compose(
        evaluation.dossier,
        evaluation.scorecard,
        evaluation.findings,
        evaluation.outline,
        watermark=_watermark(report, content),
        footer=_footer(report, content, verification),
        created=submission.submitted_at.isoformat() if submission else "",
        verification=verification,
        with_findings=with_findings,
    )


def _footer(report: Report, content: Shown, verification: Verification | None) -> str:
    """Line under every page: which version this is, and where it can be checked once it is approved."""
    submission = content.submission
    if submission is None:
        if not content.certified:
            return ""
        certified = f"{timezone.localtime(report.certified_at):%Y年%-m月%-d日}" if report.certified_at else ""
        return f"单位负责人{certified}确认　数据指纹 {report.certified_hash[:16]}"
    number = f"第{submission.number}次报送"
    if verification is None:
        return f"{number}　数据指纹 {submission.sha256[:16]}"
    return f"{number}　{verification.text}　核验网址 {verification.address}"


def _watermark(report: Report, content: Shown) -> str:
    if report.status == Status.CANCELLED:
        return "已取消"
    if content.submission and not content.latest:
        return "旧版"
    if content.certified and report.round.scan_required:
        return ""  # this is the paper that is signed, stamped and scanned; its fingerprint stands below
    return "" if report.status in DONE else "草稿"
