"""The review desk (审核): comments, waivers, reviewed score, extension, assignment."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from reports import paper, services
from reports.forms import AnswerForm, AssignForm, CommentForm, ExtendForm, ReasonForm, ReviewScoreForm
from reports.models import Comment, Report, Waiver
from reports.views.common import act, back, keep_typed, visible_report
from reports.views.report import Spots, place_choices, reviewers_of

# ------------------------------------------------------------------ comments


@login_required
@require_POST
def add_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """A comment on a place of the report."""
    report, user = visible_report(request, pk), request.user
    services.require_review_side(user, report)
    content = paper.shown(report)
    choices = place_choices(paper.document(report, content), Spots(report, user, content.evaluation))
    form = CommentForm(request.POST, places=choices)
    if not form.is_valid():
        return _complain(request, report, form.complaint, "comments")
    return act(
        request,
        report,
        lambda: services.add_comment(report=report, by=user, **form.cleaned_data),
        "已提出审核意见，单位会收到通知",
        "comments",
    )


@login_required
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The unit's answer to a comment."""
    comment = _visible_comment(request, pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        services.require_unit(request.user, comment.report)
        return _complain(request, comment.report, form.complaint, "comments")
    text = form.cleaned_data["text"]
    return act(
        request,
        comment.report,
        lambda: services.answer_comment(comment=comment, by=request.user, text=text),
        "已答复，审核人会收到通知",
        "comments",
    )


@login_required
@require_POST
def resolve(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a comment."""
    comment = _visible_comment(request, pk)
    return act(
        request,
        comment.report,
        lambda: services.resolve_comment(comment=comment, by=request.user),
        "这条审核意见已了结",
        "comments",
    )


def _visible_comment(request: HttpRequest, pk: int) -> Comment:
    comment = get_object_or_404(Comment.objects.visible_to(request.user).select_related("report"), pk=pk)
    comment.report = visible_report(request, comment.report_id)
    return comment


# ------------------------------------------------------------------ waivers, score, extension, assignment


@login_required
@require_POST
def waive(request: HttpRequest, pk: int) -> HttpResponse:
    """Release the report from one rule, with a reason."""
    report = visible_report(request, pk)
    services.require_manager(request.user, report)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _complain(request, report, form.complaint, "findings")
    return act(
        request,
        report,
        lambda: services.waive(report=report, by=request.user, **form.cleaned_data),
        "已豁免这条核对规则",
        "findings",
    )


@login_required
@require_POST
def withdraw_waiver(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a waiver back."""
    waiver = get_object_or_404(Waiver.objects.visible_to(request.user), pk=pk)
    report = visible_report(request, waiver.report_id)
    return act(
        request,
        report,
        lambda: services.withdraw_waiver(waiver=waiver, by=request.user),
        "已撤销豁免",
        "findings",
    )


@login_required
@require_POST
def score(request: HttpRequest, pk: int) -> HttpResponse:
    """The reviewed score with its reason."""
    report = visible_report(request, pk)
    services.require_bureau(request.user, report)
    form = ReviewScoreForm(request.POST)
    if not form.is_valid():
        return _complain(request, report, form.complaint, "card")
    return act(
        request,
        report,
        lambda: services.set_reviewed_score(report=report, by=request.user, **form.cleaned_data),
        "复核得分已保存" if form.cleaned_data["score"] is not None else "复核得分已撤回",
        "card",
    )


@login_required
@require_POST
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    """A later deadline for this report."""
    report = visible_report(request, pk)
    services.require_manager(request.user, report)
    form = ExtendForm(request.POST)
    if not form.is_valid():
        return _complain(request, report, form.complaint)
    return act(
        request,
        report,
        lambda: services.extend(report=report, by=request.user, **form.cleaned_data),
        "已延期，单位会收到通知",
    )


@login_required
@require_POST
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the report to review."""
    report = visible_report(request, pk)
    return act(request, report, lambda: services.claim(report=report, by=request.user), "已认领，请审核")


@login_required
@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the report back to the queue."""
    report = visible_report(request, pk)
    return act(request, report, lambda: services.release(report=report, by=request.user), "已取消认领")


@login_required
@require_POST
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the report to a reviewer."""
    report = visible_report(request, pk)
    services.require_manager(request.user, report)
    form = AssignForm(request.POST, reviewers=reviewers_of(report))
    if not form.is_valid():
        return _complain(request, report, form.complaint)
    to = form.cleaned_data["to"]
    return act(
        request,
        report,
        lambda: services.assign(report=report, by=request.user, to=to),
        f"已分派给{to.name}",
    )


def _complain(request: HttpRequest, report: Report, complaint: str, tab: str = "") -> HttpResponse:
    messages.error(request, complaint or "没有保存，请检查填写的内容")
    keep_typed(request, report)
    return back(report, tab)
