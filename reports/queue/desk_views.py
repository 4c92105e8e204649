"""Beside the queue: business offices, who is looking at a report, checking a report again."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from departments.models import BusinessOffice, Region
from reports import rechecking
from reports import services as desk
from reports.queue import services
from reports.queue.forms import OfficeForm
from reports.views.common import act, visible_report

# ------------------------------------------------------------------ business offices


@login_required
@require_GET
def offices(request: HttpRequest) -> HttpResponse:
    """The business offices of the bureau with their people and the number of departments."""
    regions = Region.objects.filter(pk__in=_kept_regions(request))
    made = (
        BusinessOffice.objects.visible_to(request.user)
        .filter(region__in=regions)
        .annotate(count=Count("departments"))
        .prefetch_related("members")
    )
    by_region = [(region, [item for item in made if item.region_id == region.pk]) for region in regions]
    homeless = {
        region.pk: region.departments.filter(office=None, is_active=True).count() for region in regions
    }
    context = {"regions": [(region, items, homeless[region.pk]) for region, items in by_region]}
    return render(request, "reports/queue/offices.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def add_office(request: HttpRequest, region: int) -> HttpResponse:
    """A new business office."""
    return _edit(request, get_object_or_404(Region, pk=region, pk__in=_kept_regions(request)), None)


@login_required
@require_http_methods(["GET", "POST"])
def office(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, people and departments of a business office."""
    made = _office(request, pk)
    return _edit(request, made.region, made)


@login_required
@require_POST
def delete_office(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a business office away."""
    made = _office(request, pk)
    services.remove_office(office=made, by=request.user)
    messages.success(request, f"已撤销“{made.name}”，它的归口单位现在没有股室")
    return redirect("offices")


def _edit(request: HttpRequest, region: Region, made: BusinessOffice | None) -> HttpResponse:
    form = OfficeForm(request.POST if request.method == "POST" else None, region=region, office=made)
    if request.method == "POST" and form.is_valid():
        kept = services.keep_office(office=made, region=region, by=request.user, **form.cleaned_data)
        messages.success(request, f"已保存“{kept.name}”")
        return redirect("offices")
    chosen = {str(value) for value in form["departments"].value() or []}
    rows = [
        (item, str(item.pk) in chosen)
        for item in form.fields["departments"].queryset.select_related("office", "parent")
    ]
    rows.sort(key=lambda row: ((row[0].parent or row[0]).name, row[0].parent is not None, row[0].name))
    context = {"form": form, "office": made, "region": region, "rows": rows}
    context["members"] = {str(value) for value in form["members"].value() or []}
    return render(
        request, "reports/queue/office.html", context, status=422 if request.method == "POST" else 200
    )


def _kept_regions(request: HttpRequest) -> frozenset[int]:
    if not (regions := services.offices_kept_by(request.user)):
        raise PermissionDenied
    return regions


def _office(request: HttpRequest, pk: int) -> BusinessOffice:
    regions = _kept_regions(request)
    found = BusinessOffice.objects.visible_to(request.user).filter(region__in=regions)
    return get_object_or_404(found.select_related("region"), pk=pk)


# ------------------------------------------------------------------ one report


@login_required
@require_POST
def presence(request: HttpRequest, pk: int) -> HttpResponse:
    """The page says that it is still open, and learns who else has it open."""
    report = visible_report(request, pk)
    others = services.be_present(report=report, user=request.user)
    return render(request, "reports/queue/_presence.html", {"others": others})


@login_required
@require_POST
def check_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Check the newest submission by the rules of today."""
    report = visible_report(request, pk)
    desk.require_bureau(request.user, report)
    return act(
        request,
        report,
        lambda: rechecking.check_again(report=report, by=request.user),
        "已按现行规则重新核对，结果在报送时的结果旁边",
        "findings",
    )
