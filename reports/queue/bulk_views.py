"""Steps on many reports: ask once more, do them, show how each went (批量办理)."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from departments.confirming import confirm_again
from reports.models import BulkRow, BulkRun, Report
from reports.queue import bulk
from reports.queue.filters import QueueFilter, kept
from reports.queue.forms import ActForm
from reports.queue.views import address, require_queue

PAGE = 100


def _dangerous(request: HttpRequest) -> str:
    """Many reports become public at once; the first page only lists them."""
    publishes = request.POST.get("act") == "publish" and request.POST.get("confirmed")
    return "批量公开报告" if publishes else ""


@login_required
@require_POST
@confirm_again(_dangerous)
def start(request: HttpRequest) -> HttpResponse:
    """First the list and what the act needs; with ``confirmed`` it is done."""
    require_queue(request.user)
    user, data = request.user, request.POST
    act = bulk.ACTS.get(data.get("act", ""))
    if act is None or act not in bulk.acts_of(user):
        raise PermissionDenied
    query = kept(QueryDict(data.get("query", "")[:2000]))
    reports = _chosen(request, query)
    if not reports:
        messages.error(request, "请先在左边勾选要办理的报告")
        return redirect(address(query))
    regions = user.access.regions(*act.roles)
    confirmed = bool(data.get("confirmed"))
    form = ActForm(data if confirmed else None, act=act, regions=regions)
    if confirmed and form.is_valid():
        run = bulk.start(by=user, act=act, reports=[report.pk for report in reports], params=form.params)
        if len(reports) <= bulk.AT_ONCE:
            bulk.carry_on(run.pk)
        return redirect("bulk-run", run.pk)
    context = {"act": act, "reports": reports, "form": form, "query": query, "back": address(query)}
    context["at_once"] = len(reports) <= bulk.AT_ONCE
    return render(request, "reports/queue/confirm.html", context, status=422 if confirmed else 200)


def _chosen(request: HttpRequest, query: str) -> list[Report]:
    """The ticked reports, or all of the filter, in the list's order; never one that the person may not read."""
    found = QueueFilter(QueryDict(query), user=request.user)
    if request.POST.get("everything"):
        rows = found.qs
    else:
        ticked = {int(key) for key in request.POST.getlist("report") if key.isdecimal() and len(key) < 19}
        rows = found.queryset.filter(pk__in=sorted(ticked)[: bulk.MOST])
    sign = "-" if found.order.descending else ""
    ordered = rows.order_by(f"{sign}{found.order.path}", f"{sign}pk")
    return found.load(list(ordered.values_list("pk", flat=True)[: bulk.MOST]))


@login_required
@require_GET
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it has come and how each row went; who was refused stands first, with the reason."""
    made = _own(request, pk)
    rows = (
        BulkRow.objects.filter(run=made)
        .exclude(state=BulkRow.State.WAITING)
        .select_related("report__profile__department")
        .order_by("-state", "position")
    )
    return render(
        request,
        "reports/queue/run.html",
        {
            "run": made,
            "act": bulk.ACTS[made.act],
            "progress": bulk.progress(made),
            "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
            "back": address(request.session.get("queue", "")),
        },
    )


@login_required
@require_POST
def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    """The page asks how far it has come; a run whose worker has died is queued again."""
    made = _own(request, pk)
    woken = bulk.wake(made)
    if not request.htmx:
        if woken:
            messages.success(request, "已从停下的地方继续办理")
        return redirect("bulk-run", made.pk)
    if made.finished_at:
        response = HttpResponse()
        response["HX-Redirect"] = reverse("bulk-run", args=[made.pk])
        return response
    return render(request, "reports/queue/_progress.html", {"run": made, "progress": bulk.progress(made)})


@login_required
@require_GET
def runs(request: HttpRequest) -> HttpResponse:
    """What the person has done with many reports so far."""
    require_queue(request.user)
    made = BulkRun.objects.visible_to(request.user)
    page = Paginator(made, PAGE).get_page(request.GET.get("page"))
    for item in page:
        item.label = bulk.ACTS[item.act].label
    return render(request, "reports/queue/runs.html", {"page": page})


def _own(request: HttpRequest, pk: int) -> BulkRun:
    return get_object_or_404(BulkRun.objects.visible_to(request.user), pk=pk)
