"""What the views share: fetching what the person may see, and doing an act with a sentence as the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from departments.choices import Role
from departments.models import Region
from reports.models import Report
from reports.reach import visible_with_context
from reports.workflow import Refused


def visible_report(request: HttpRequest, pk: int) -> Report:
    """The report with department and round, or 404 where the person may not know that it exists."""
    report = visible_with_context(request.user, pk)
    if report is None:
        raise Http404
    return report


def managed_region(request: HttpRequest) -> Region:
    """The region that the address names, else the first one whose round manager the person is."""
    managed = request.user.access.regions(Role.ROUND_MANAGER)
    if not managed:
        raise PermissionDenied
    wanted = request.GET.get("region", "")
    regions = {str(region.pk): region for region in Region.objects.filter(pk__in=managed)}
    if not wanted:
        return next(iter(regions.values()))
    if wanted not in regions:
        raise Http404
    return regions[wanted]


def attempt(request: HttpRequest, doing: Callable[[], Any], done: str) -> bool:
    """Do it and say how it went, on the next page: ``done``, or why it was refused."""
    try:
        doing()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, done)
    return True


def act(
    request: HttpRequest, report: Report, doing: Callable[[], Any], done: str, tab: str = ""
) -> HttpResponse:
    """Do it, say how it went, and lead back: to the page that the form names as ``next``, else to the report's page."""
    if not attempt(request, doing, done):
        keep_typed(request, report)
        return back(report, tab)
    came_from = request.POST.get("next", "")
    here = came_from.startswith("/")  # redirect() would take a single word for the name of a route
    if here and url_has_allowed_host_and_scheme(
        came_from, {request.get_host()}, require_https=request.is_secure()
    ):
        return redirect(came_from)
    return back(report, tab)


def back(report: Report, tab: str = "") -> HttpResponse:
    """To the report's page with one of its tabs open."""
    address = reverse("report", args=[report.pk])
    return redirect(f"{address}?tab={tab}" if tab else address)


def keep_typed(request: HttpRequest, report: Report) -> None:
    """Keep what was typed into a refused form until the report's page is shown again, so that nothing is lost."""
    fields = {key: value for key, value in request.POST.items() if key != "csrfmiddlewaretoken"}
    match = request.resolver_match
    request.session["typed"] = {"report": report.pk, "form": match.url_name, "fields": fields | match.kwargs}


def typed_before(request: HttpRequest, report: Report) -> dict[str, dict[str, Any]]:
    """What :func:`keep_typed` kept for this report, by the form's name (``comment_add``); given once."""
    if "typed" not in request.session:
        return {}
    kept = request.session.pop("typed")
    return {kept["form"].replace("-", "_"): kept["fields"]} if kept["report"] == report.pk else {}
