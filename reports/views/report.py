"""A report's page (报告页): as it will be printed, with findings, comments, scores, versions and the audit trail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from departments.choices import Role
from departments.confirming import confirm_again
from departments.models import AuditEntry, User
from reports import paper, rechecking, reviewing, services, workflow
from reports.choices import EDITABLE, Status
from reports.documents import to_html
from reports.documents.model import Paragraph, ReportDocument, Table
from reports.dossier import Dossier
from reports.evaluation import Evaluation
from reports.findings import Finding
from reports.forms import AssignForm, CommentForm, ExtendForm, ReviewScoreForm, StepForm
from reports.models import Comment, Report, Submission, Waiver
from reports.oversight.on_report import oversight_of
from reports.places import place
from reports.queue.views import next_in_queue, queue_address
from reports.rounds.scans import may_upload
from reports.rounds.services import valid_scan
from reports.rulebook import outdated
from reports.views.common import back, keep_typed, typed_before, visible_report
from reports.workflow import BUREAU, UNIT, Party, Refused, Step

TRAIL = 200
TABS = ("findings", "comments", "card", "files", "trail")

KEYS = {
    Step.CERTIFY: "a",
    Step.SUBMIT: "a",
    Step.DEPARTMENT_PASS: "a",
    Step.APPROVE: "a",
    Step.SEND_BACK: "r",
    Step.DEPARTMENT_RETURN: "r",
    Step.RETURN: "r",
    Step.REOPEN: "r",
    Step.UNLOCK: "u",
    Step.RECALL: "u",
    Step.PUBLISH: "p",
}
"""Keys that lead to the buttons (static/js/keys.js)."""

PATH = (
    Status.DRAFT,
    Status.CERTIFIED,
    Status.DEPARTMENT_REVIEW,
    Status.SUBMITTED,
    Status.APPROVED,
    Status.PUBLISHED,
)
PATH_WORDS = {
    Status.DRAFT: "填报",
    Status.CERTIFIED: "负责人确认",
    Status.DEPARTMENT_REVIEW: "主管部门审核",
    Status.SUBMITTED: "财政局审核",
    Status.APPROVED: "审核通过",
    Status.PUBLISHED: "公开",
}


@dataclass(frozen=True)
class Spot:
    """A place of the dossier as this page links it: into the forms for who may type, else into the preview."""

    where: str
    label: str
    url: str = ""


@dataclass(frozen=True)
class FindingRow:
    """A finding with its place, the unit's explanation and, where the bureau released it, the waiver."""

    finding: Finding
    spot: Spot
    dossier: Dossier
    explanation: str = ""
    waiver: Waiver | None = None


@dataclass(frozen=True)
class CommentRow:
    """A comment with its place and what this person may do with it."""

    comment: Comment
    spot: Spot
    may_answer: bool
    may_resolve: bool


@dataclass(frozen=True)
class ButtonRow:
    """A step's button; what is missing for it, each with its place."""

    button: workflow.Button
    missing: tuple[tuple[str, Spot], ...]
    key: str


class Spots:
    """Places of one report for one person."""

    def __init__(self, report: Report, user: User, evaluation: Evaluation) -> None:
        self.report, self.dossier = report, evaluation.dossier
        self.types = report.editable and services.holds(user, report, *UNIT)

    def spot(self, where: str, label: str = "") -> Spot:
        """The place of a path; an empty one is the whole report."""
        found = place(where, self.dossier)
        return Spot(where, label or found.label, found.url(self.report.pk) if self.types and where else "")


@login_required
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The report's page."""
    report, user = visible_report(request, pk), request.user
    services.log_reading(report=report, by=user)
    content = paper.shown(report)
    services.record_opening(report=report, by=user, submission=content.submission)
    evaluation, spots = content.evaluation, Spots(report, user, content.evaluation)
    document = paper.document(report, content)
    comments = _comments(report, user, spots)
    waivers = {item.code: item for item in Waiver.objects.filter(report=report).select_related("by")}
    last = workflow.last_step(report)
    manages = services.holds(user, report, Party.MANAGER)
    asked = request.GET.get("tab", "")
    typed = typed_before(request, report)
    context = {
        "report": report,
        "typed": typed,
        "tabs": _tabs(len(evaluation.findings), len(comments)),
        "tab": asked
        if asked in TABS
        else "comments"
        if any(row.comment.open for row in comments)
        else TABS[0],
        "content": content,
        "evaluation": evaluation,
        "card": evaluation.scorecard,
        "review": reviewing.page(report, user, content.submission if content.latest else None),
        "reviewed_grade": evaluation.policy.grade(report.reviewed_score),
        "preview": to_html(document),
        "path": _path(report),
        "days_left": (report.due - timezone.localdate()).days if report.status in _OWED else None,
        "buttons": _buttons(report, user, content, spots),
        "stamp": workflow.stamp(report, last),
        "findings": _findings(evaluation.findings, evaluation, spots, waivers),
        "waived": _findings(evaluation.waived, evaluation, spots, waivers),
        "comments": comments,
        "open_comments": sum(row.comment.open for row in comments),
        "submissions": Submission.objects.filter(report=report)
        .select_related("submitted_by")
        .defer("dossier_json"),
        "trail": _trail(report, user),
        "oversight": oversight_of(report, user),
        "shows_publication": report.done and report.department.region_id in user.access.read_regions,
        "is_unit": services.holds(user, report, *UNIT),
        "may_type": spots.types,
        "may_waive": services.may_waive(user, report),
        "sent_back": workflow.last_sent_back(report) if report.status == Status.RETURNED else None,
        "scan": valid_scan(report),
        "may_upload_scan": may_upload(user, report),
        "older_rules": outdated(report),
        "recheck": rechecking.compared(content.submission) if content.submission else None,
        "may_recheck": services.holds(user, report, *BUREAU),
        "queue_url": queue_address(request),
    }
    if services.may_comment(user, report):
        context["comment_form"] = CommentForm(places=place_choices(document, spots))
    if services.may_score(user, report):
        stated = {"score": report.reviewed_score, "reason": report.reviewed_reason}
        context["score_form"] = ReviewScoreForm(initial=stated | typed.get("review_score", {}))
    if manages and report.status in _OWED and not report.round.closed_at:
        context["extend_form"] = ExtendForm(initial={"until": report.extended_until})
    if services.holds(user, report, *BUREAU) and report.status == Status.SUBMITTED:
        context["may_claim"] = report.assigned_to_id is None
        context["may_release"] = report.assigned_to_id == user.pk or (
            manages and report.assigned_to_id is not None
        )
        if manages:
            context["assign_form"] = AssignForm(reviewers=reviewers_of(report))
    if services.holds(user, report, *BUREAU, Party.MAIN_REVIEWER):
        context["next_report"] = next_in_queue(request, report) or next_report(report, user)
    return render(request, "reports/report.html", context)


_OWED = EDITABLE | {Status.CERTIFIED}


def _dangerous(request: HttpRequest, pk: int, step: str) -> str:
    """What is asked about once more: what everybody will read, and opening what was settled."""
    return {Step.PUBLISH: "公开报告", Step.REOPEN: "重新打开已通过的报告"}.get(step, "")


@login_required
@require_POST
@confirm_again(_dangerous)
def step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Take a step; the answer is a sentence on the report's page, never an error page."""
    report = visible_report(request, pk)
    try:
        wanted = Step(step)
    except ValueError:
        raise Http404 from None
    form = StepForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.complaint or "没有办理，请重新填写理由")
        keep_typed(request, report)
        return back(report)
    try:
        receipt = workflow.apply(report, wanted, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        messages.error(request, str(refusal))
        keep_typed(request, report)
    else:
        known = "这一步已经办理，不用重复操作：" if receipt.repeated else "已办理："
        messages.success(request, f"{known}{workflow.moment(receipt.at)}，{receipt.sentence}")
    return back(report)


# ------------------------------------------------------------------ parts of the page


def _path(report: Report) -> list[dict[str, Any]]:
    """The way of a report with its current station, for the line of stations at the top."""
    through = workflow.goes_through_main_department(report)
    stations = [status for status in PATH if status is not Status.DEPARTMENT_REVIEW or through]
    now = Status.DRAFT if report.status in (Status.RETURNED, Status.CANCELLED) else Status(report.status)
    here = stations.index(now) if now in stations else 0
    return [
        {
            "label": PATH_WORDS[status],
            "state": "done" if position < here else "now" if position == here else "later",
        }
        for position, status in enumerate(stations)
    ]


def _tabs(findings: int, comments: int) -> list[tuple[str, str, int | None]]:
    """The tabs beside the preview: name, label, how many things are in it."""
    words = ("核对", "意见", "评分", "材料", "记录")
    return list(zip(TABS, words, (findings, comments, None, None, None), strict=True))


def _buttons(report: Report, user: User, content: paper.Shown, spots: Spots) -> list[ButtonRow]:
    known = None if content.submission else content.evaluation
    return [
        ButtonRow(
            button,
            tuple((refusal.text, spots.spot(refusal.where)) for refusal in button.refusals),
            KEYS.get(button.step, ""),
        )
        for button in workflow.available(report, user, known)
    ]


def _findings(
    findings: Iterable[Finding], evaluation: Evaluation, spots: Spots, waivers: dict[str, Waiver]
) -> list[FindingRow]:
    return [
        FindingRow(
            finding,
            spots.spot(finding.where),
            spots.dossier,
            evaluation.explained.get(finding.key, ""),
            waivers.get(finding.code),
        )
        for finding in findings
    ]


def _comments(report: Report, user: User, spots: Spots) -> list[CommentRow]:
    answers = services.holds(user, report, *UNIT)
    found = list(Comment.objects.filter(report=report).select_related("author", "answered_by", "resolved_by"))
    for comment in found:
        comment.report = report
    rows = [
        CommentRow(
            comment,
            spots.spot(comment.where, comment.where_label),
            may_answer=answers and comment.resolved_at is None,
            may_resolve=comment.resolved_at is None and services.may_resolve(user, comment),
        )
        for comment in found
    ]
    return sorted(
        rows, key=lambda row: (row.comment.resolved_at is not None, not row.comment.open, row.comment.pk)
    )


def _trail(report: Report, user: User) -> Any:
    entries = AuditEntry.objects.visible_to(user).filter(profile=report.profile_id)
    if not user.access.holds(Role.AUDITOR, Role.ROUND_MANAGER):
        entries = entries.exclude(event__in=services.READINGS)
    return entries[:TRAIL]


def place_choices(document: ReportDocument, spots: Spots) -> list[tuple[str, list[tuple[str, str]]]]:
    """Places that the paper shows, in its order, for the picker of a comment: grouped by section of the forms."""
    groups: dict[str, dict[str, str]] = {}
    for where in _wheres(document):
        found = place(where, spots.dossier)
        groups.setdefault(found.section_title, {}).setdefault(where, found.label)
    return [(title, list(items.items())) for title, items in groups.items()]


def _wheres(document: ReportDocument) -> Iterable[str]:
    for block in (*document.body, *(block for annex in document.annexes for block in annex.blocks)):
        match block:
            case Paragraph(where=where) if where:
                yield where
            case Table(rows=rows):
                yield from (cell.where for row in rows for cell in row.cells if cell.where)


def reviewers_of(report: Report) -> Any:
    """Who can review the report at the bureau."""
    people = workflow.parties(report)
    return User.objects.filter(pk__in=people[Party.REVIEWER] | people[Party.MANAGER])


def next_report(report: Report, user: User) -> Report | None:
    """The next one in the queue that waits for this person: one's own or nobody's, below this one, else the first."""
    waiting = (
        Report.objects.visible_to(user)
        .filter(
            Q(status=Status.DEPARTMENT_REVIEW, profile__department__parent__in=user.access.main_departments)
            | Q(
                Q(assigned_to=None) | Q(assigned_to=user),
                status=Status.SUBMITTED,
                profile__department__region__in=user.access.regions(Role.REVIEWER, Role.ROUND_MANAGER),
            )
        )
        .exclude(pk=report.pk)
        .select_related("profile__department")
        .order_by("-status_since", "-pk")
    )
    below = Q(status_since__lt=report.status_since) | Q(status_since=report.status_since, pk__lt=report.pk)
    return waiting.filter(below).first() or waiting.first()
