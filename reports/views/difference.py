"""The difference of two submissions (报送版本对照), on the screen and as a file, for everybody who may read the report."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from indicators.scoring.scorecard import Scorecard
from reports import services
from reports.difference import Version, document
from reports.documents import to_html
from reports.documents.model import ReportDocument
from reports.models import Report, Submission
from reports.views.common import visible_report
from reports.views.downloads import KINDS


@login_required
@require_GET
def difference(request: HttpRequest, pk: int) -> HttpResponse:
    """Two submissions side by side; without numbers the last two."""
    report = visible_report(request, pk)
    numbers = _numbers(report)
    before, after = _chosen(request, numbers)
    services.log_reading(report=report, by=request.user)
    context = {
        "report": report,
        "numbers": numbers,
        "before": before,
        "after": after,
        "preview": to_html(_compared(report, before, after)) if before and after else None,
    }
    return render(request, "reports/difference.html", context)


@login_required
@require_GET
def download(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The comparison as a file."""
    report = visible_report(request, pk)
    before, after = _chosen(request, _numbers(report))
    if kind not in KINDS or not (before and after):
        raise Http404
    chosen = KINDS[kind]
    data = chosen.prints(_compared(report, before, after))
    services.log_export(
        report=report, by=request.user, kind=chosen.label, version=f"第{before}次与第{after}次报送对照"
    )
    response = HttpResponse(data, content_type=chosen.content_type)
    name = f"{report.department.name}_{report.year}年度自评报告对照_第{before}次_第{after}次.{kind}"
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _numbers(report: Report) -> list[int]:
    return list(Submission.objects.filter(report=report).order_by("number").values_list("number", flat=True))


def _chosen(request: HttpRequest, numbers: list[int]) -> tuple[int, int]:
    """The numbers asked for, the earlier one first; zeros when there are not two submissions."""
    if len(numbers) < 2:
        return 0, 0
    wanted = []
    for name, default in (("before", numbers[-2]), ("after", numbers[-1])):
        text = request.GET.get(name, str(default))
        if not (text.isascii() and text.isdecimal() and len(text) < 6 and int(text) in numbers):
            raise Http404
        wanted.append(int(text))
    return min(wanted), max(wanted)


def _compared(report: Report, before: int, after: int) -> ReportDocument:
    rows = {
        item.number: item for item in Submission.objects.filter(report=report, number__in=(before, after))
    }
    first, second = (
        Version(f"第{number}次报送", rows[number].dossier, Scorecard.model_validate(rows[number].scorecard))
        for number in (before, after)
    )
    made = document(first, second)
    return made.model_copy(update={"created": rows[after].submitted_at.isoformat()})
