"""The difference of two submissions, or of one and last year's approved report (报送版本对照), on the screen and as a file.

For everybody who may read the report.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from indicators.scoring.scorecard import Scorecard
from reports import services
from reports.choices import DONE
from reports.difference import Version, document
from reports.documents import to_html
from reports.documents.model import ReportDocument
from reports.models import Report, Submission
from reports.views.common import visible_report
from reports.views.downloads import KINDS, printed

LAST_YEAR = "last-year"


@dataclass(frozen=True)
class Side:
    """A version that can be chosen; ``value`` stands in the address."""

    value: str
    name: str
    submission: int


@dataclass(frozen=True)
class Sides:
    """What can be compared, and the two that are: the earlier one first."""

    before_choices: list[Side]
    after_choices: list[Side]
    before: Side | None = None
    after: Side | None = None


@login_required
@require_GET
def difference(request: HttpRequest, pk: int) -> HttpResponse:
    """Two versions side by side; without a choice the last two submissions, else the only one and last year's report."""
    report = visible_report(request, pk)
    sides = _sides(request, report)
    services.log_reading(report=report, by=request.user)
    context = {
        "report": report,
        "sides": sides,
        "preview": to_html(_compared(sides)) if sides.after else None,
    }
    return render(request, "reports/difference.html", context)


@login_required
@require_GET
def download(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The comparison as a file."""
    report = visible_report(request, pk)
    sides = _sides(request, report)
    if kind not in KINDS or not sides.after:
        raise Http404
    words = f"{sides.before.name}与{sides.after.name}对照"
    answer = printed(_compared(sides), kind, f"{report.department.name}_{report.year}年度自评报告_{words}")
    services.log_export(report=report, by=request.user, kind=KINDS[kind].label, version=words)
    return answer


def _sides(request: HttpRequest, report: Report) -> Sides:
    rows = Submission.objects.filter(report=report).order_by("number").values_list("number", "pk")
    own = [Side(str(number), f"第{number}次报送", key) for number, key in rows]
    last = _last_year(request, report)
    earlier = [*([last] if last else []), *own]
    if not own or len(earlier) < 2:
        return Sides(earlier, own)
    before = _asked(request, "before", earlier, own[-2] if len(own) > 1 else earlier[0])
    after = _asked(request, "after", own, own[-1])
    if before in own and own.index(before) > own.index(after):
        before, after = after, before
    return Sides(earlier, own, before, after)


def _last_year(request: HttpRequest, report: Report) -> Side | None:
    """The newest submission of the same department's approved report of the year before."""
    found = (
        Report.objects.visible_to(request.user)
        .filter(
            profile__department=report.profile.department_id, profile__year=report.year - 1, status__in=DONE
        )
        .first()
    )
    newest = (
        found
        and Submission.objects.filter(report=found).order_by("-number").values_list("pk", flat=True).first()
    )
    return Side(LAST_YEAR, f"{report.year - 1}年度审核通过的报告", newest) if newest else None


def _asked(request: HttpRequest, name: str, sides: list[Side], default: Side) -> Side:
    text = request.GET.get(name)
    if text is None:
        return default
    found = next((side for side in sides if side.value == text), None)
    if found is None:
        raise Http404
    return found


def _compared(sides: Sides) -> ReportDocument:
    rows = Submission.objects.in_bulk([sides.before.submission, sides.after.submission])
    first, second = (
        Version(
            side.name,
            rows[side.submission].dossier,
            Scorecard.model_validate(rows[side.submission].scorecard),
        )
        for side in (sides.before, sides.after)
    )
    made = document(first, second)
    return made.model_copy(update={"created": rows[sides.after.submission].submitted_at.isoformat()})
