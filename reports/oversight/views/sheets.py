"""Download of the review sheet (审核意见书) of a submission; logged as an export."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from reports import services
from reports.models import Submission
from reports.oversight.conclusions import decided
from reports.oversight.sheet import compose_sheet, gather, may_read
from reports.views.common import visible_report
from reports.views.downloads import KINDS, printed
from reports.workflow import NotAllowed

PRINTED = ("pdf", "docx")
"""Kinds in which papers of the oversight are given out."""


@login_required
@require_GET
def review_sheet(request: HttpRequest, pk: int, number: int, kind: str) -> HttpResponse:
    """The review sheet of the submission of that number, as PDF or Word."""
    report = visible_report(request, pk)
    if kind not in PRINTED:
        raise Http404
    if not may_read(request.user, report, number, decided(report)):
        raise NotAllowed("审核意见书在审核有结论后提供")
    rows = Submission.objects.visible_to(request.user).select_related("submitted_by")
    submission = get_object_or_404(rows, report=report, number=number)
    document = compose_sheet(gather(report, submission))
    answer = printed(
        document, kind, f"{report.department.name}_{report.year}年度自评审核意见书_第{number}次报送"
    )
    services.log_export(
        report=report, by=request.user, kind=KINDS[kind].label, version=f"第{number}次报送审核意见书"
    )
    return answer
