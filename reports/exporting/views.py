"""Pages of the bulk export (批量导出): order and confirm, watch, stop, try again, download."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from departments.choices import REGION_READERS
from departments.confirming import confirm_again
from reports.choices import Status
from reports.exporting import recovery, services
from reports.exporting.files import KINDS
from reports.exporting.forms import ExportForm
from reports.exporting.progress import progress_of
from reports.models import ExportJob, ItemState
from reports.views.common import attempt
from reports.workflow import Refused

ON_A_PAGE = 20
SHOWN_FAILURES = 300
SECONDS_A_REPORT = {"pdf": 0.35, "docx": 0.35, "xlsx": 0.35, "json": 0.01, services.FINDINGS: 0.1}
"""Rough times on one core of an office server (docs/exports.md), for the estimate before there is a measured one."""
SECONDS_TO_READ = 0.3


@login_required
@require_GET
def exports(request: HttpRequest) -> HttpResponse:
    """The exports that the person may see, and the form for a new one."""
    _require_reader(request)
    initial = {}
    if "round" in request.GET:  # on the way back from the confirmation
        initial = {name: request.GET.get(name) for name in ("round", "main_department")}
        initial |= {name: request.GET.getlist(name) for name in ("statuses", "kinds")}
    return _list(request, ExportForm(user=request.user, initial=initial))


@login_required
@require_http_methods(["GET", "POST"])
@confirm_again("批量导出报告")
def new(request: HttpRequest) -> HttpResponse:
    """GET says how much a choice is and asks once more; POST orders it."""
    _require_reader(request)
    form = ExportForm(request.POST if request.method == "POST" else request.GET, user=request.user)
    if not form.is_valid():
        return _list(request, form, status=422)
    if request.method == "POST":
        try:
            job = services.order(by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return _list(request, form, status=422)
        return redirect("export", uid=job.uid)
    return _confirm(request, form)


def _confirm(request: HttpRequest, form: ExportForm) -> HttpResponse:
    chosen = form.cleaned_data
    scope = {name: chosen[name] for name in ("round", "statuses", "main_department")}
    found = services.chosen_reports(user=request.user, **scope)
    by_state = dict(found.order_by().values_list("status").annotate(number=Count("pk")))
    reports = sum(by_state.values())
    if not reports:
        form.add_error("statuses", "所选范围内没有报告，请换一个状态或主管部门")
        return _list(request, form, status=422)
    kinds = [kind for kind in services.KIND_LABELS if kind in chosen["kinds"]]
    documents = [kind for kind in kinds if kind in KINDS]
    seconds = reports * (SECONDS_TO_READ + sum(SECONDS_A_REPORT[kind] for kind in kinds))
    context = {
        "form": form,
        "round": chosen["round"],
        "main_department": chosen["main_department"],
        "states": [
            (Status(status).label, by_state.get(status, 0))
            for status in services.EXPORTABLE
            if status in chosen["statuses"]
        ],
        "drafts": sum(
            number for status, number in by_state.items() if status not in (Status.APPROVED, Status.PUBLISHED)
        ),
        "kinds": [services.KIND_LABELS[kind] for kind in kinds],
        "reports": reports,
        "files": reports * len(documents) + 2 + (services.FINDINGS in kinds),
        "minutes": max(1, round(seconds / 60)),
        "keep_days": services.keep_days(),
    }
    return render(request, "reports/exporting/confirm.html", context)


def _list(request: HttpRequest, form: ExportForm, status: int = 200) -> HttpResponse:
    jobs = ExportJob.objects.visible_to(request.user).select_related("round__region", "by", "main_department")
    page = Paginator(jobs.with_counts().order_by("-pk"), ON_A_PAGE).get_page(request.GET.get("page"))
    for job in page:
        job.description, job.over = services.describe(job), services.expired(job)
    context = {"form": form, "page": page, "kept": "", "keep_days": services.keep_days()}
    return render(request, "reports/exporting/list.html", context, status=status)


@login_required
@require_GET
def export(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One export with true figures; htmx fetches its middle again and again while it is open."""
    job = _job(request, uid)
    if job.open and recovery.revive(job):
        job.refresh_from_db(fields=["state", "lease_owner", "lease_until"])
    failures = job.items.filter(state=ItemState.FAILED).select_related("report__profile__department")
    context: dict[str, Any] = {
        "job": job,
        "progress": progress_of(job),
        "failures": failures[:SHOWN_FAILURES],
        "description": services.describe(job),
        "over": services.expired(job),
        "mine": job.by_id == request.user.pk,
        "keep_days": services.keep_days(),
    }
    part = "htmx" in request.GET
    return render(
        request, "reports/exporting/_progress.html" if part else "reports/exporting/job.html", context
    )


@login_required
@require_POST
def cancel(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Stop an export."""
    job = _job(request, uid)
    return _act(request, job, lambda: services.cancel(job=job, by=request.user), "已取消这次导出")


@login_required
@require_POST
def retry(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Try again what failed."""
    job = _job(request, uid)
    return _act(request, job, lambda: services.retry(job=job, by=request.user), "已重新提交没有完成的报告")


@login_required
@require_GET
def download(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The archive, as an attachment; each download is logged."""
    job = _job(request, uid)
    try:
        path = services.fetch(job=job, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("export", uid=job.uid)
    response = FileResponse(path.open("rb"), content_type="application/zip")
    response.headers["Content-Disposition"] = content_disposition_header(True, job.file_name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _act(request: HttpRequest, job: ExportJob, doing: Any, done: str) -> HttpResponse:
    attempt(request, doing, done)
    return redirect("export", uid=job.uid)


def _job(request: HttpRequest, uid: UUID) -> ExportJob:
    """The job, or 404 where the person may not know that it exists."""
    jobs = ExportJob.objects.visible_to(request.user)
    return get_object_or_404(jobs.select_related("round__region", "by", "main_department"), uid=uid)


def _require_reader(request: HttpRequest) -> None:
    if not request.user.access.holds(*REGION_READERS):
        raise PermissionDenied
