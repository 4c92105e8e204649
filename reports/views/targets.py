"""Pages of the approved targets (批复目标): list of a year, one unit's versions, the workbook, import with preview."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from departments.choices import Role
from departments.models import Department, Region
from departments.services import record
from indicators.models import ApprovedTargets
from reports.models import Report, Round, TargetsImport
from reports.rounds.exchange import manages
from reports.targets import services
from reports.workflow import Refused

READERS = (Role.REVIEWER, Role.ROUND_MANAGER, Role.AUDITOR)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGE = 50
MOST_COMPLAINTS = 300
MOST_UNITS = 100
"""Units and complaints listed on the preview; more are counted."""


@login_required
@require_GET
def target_list(request: HttpRequest) -> HttpResponse:
    """Departments of a region with what was approved for a year."""
    region, year = _asked(request, READERS)
    if region is None:
        return render(request, "reports/targets/list.html", {"region": None})
    departments = Department.objects.visible_to(request.user).filter(region=region, is_active=True)
    stored = ApprovedTargets.objects.visible_to(request.user).filter(department__region=region, year=year)
    holding = stored.filter(department__is_active=True).values("department").distinct()
    words, only = request.GET.get("q", "").strip()[:50], request.GET.get("only", "")
    shown = departments.filter(name__icontains=words) if words else departments
    if only == "with":
        shown = shown.filter(pk__in=holding)
    elif only == "without":
        shown = shown.exclude(pk__in=holding)
    page = Paginator(shown.order_by("budget_code", "name"), PAGE).get_page(request.GET.get("page"))
    latest = services.latest([one.pk for one in page], year)
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "region": region,
        "regions": _regions(request, READERS),
        "year": year,
        "years": _years(region, year),
        "rows": [(one, _facts(latest.get(one.pk))) for one in page],
        "page": page,
        "kept": kept.urlencode(),
        "words": words,
        "only": only,
        "total": departments.count(),
        "held": holding.count(),
        "manages": manages(request.user, region),
        "address": _address(region, year),
    }
    return render(request, "reports/targets/list.html", context)


def _facts(row: ApprovedTargets | None) -> dict[str, object] | None:
    if row is None:
        return None
    approved = row.approved
    return {
        "row": row,
        "indicators": len(approved.indicators),
        "goals": len(approved.goals),
        "weight": sum(line.weight for line in approved.indicators if line.weight is not None),
    }


@login_required
@require_GET
def unit(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """One unit's approved targets of a year: the version that holds, or an older one, and the history."""
    department = get_object_or_404(
        Department.objects.visible_to(request.user).select_related("region"), pk=pk
    )
    versions = list(
        ApprovedTargets.objects.visible_to(request.user)
        .filter(department=department, year=year)
        .select_related("by")
        .order_by("-number")
    )
    wanted = request.GET.get("version", "")
    chosen = next((row for row in versions if str(row.number) == wanted), versions[0] if versions else None)
    if wanted and (chosen is None or str(chosen.number) != wanted):
        raise Http404
    if chosen is None and not manages(request.user, department.region):
        raise Http404
    before = next((row for row in versions if chosen and row.number == chosen.number - 1), None)
    context = {
        "department": department,
        "year": year,
        "versions": versions,
        "chosen": chosen,
        "facts": _facts(chosen),
        "approved": chosen.approved if chosen else None,
        "differences": services.differences(before.approved, chosen.approved) if before else [],
        "report": Report.objects.visible_to(request.user)
        .filter(profile__department=department, profile__year=year)
        .first(),
        "reads_list": department.region_id in request.user.access.regions(*READERS),
        "manages": manages(request.user, department.region),
        "address": _address(department.region, year, department),
        "list_address": f"{reverse('targets')}?{_address(department.region, year)}",
    }
    return render(request, "reports/targets/unit.html", context)


@login_required
@require_GET
def workbook(request: HttpRequest) -> HttpResponse:
    """The workbook to fill in, with what is stored."""
    region, year = _asked(request, (Role.ROUND_MANAGER,))
    if region is None:
        raise Http404
    only = _only(request, region)
    name = f"{only.name if only else region.name}_{year}年度批复绩效目标.xlsx"
    record(
        event="targets-workbook",
        sentence=f"{request.user.name}下载“{name}”",
        by=request.user,
        region=region,
        department=only,
    )
    response = HttpResponse(services.workbook(region, year, only), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Choose the workbook, or read it."""
    region, year = _asked(request, (Role.ROUND_MANAGER,))
    if region is None:
        raise Http404
    only = _only(request, region)
    context = {
        "region": region,
        "year": year,
        "only": only,
        "address": _address(region, year, only),
        "list_address": f"{reverse('targets')}?{_address(region, year)}",
        "limit": services.largest() // (1024 * 1024),
        "waiting": TargetsImport.objects.visible_to(request.user)
        .filter(region=region, by=request.user, done_at=None)
        .first(),
    }
    if request.method != "POST":
        return render(request, "reports/targets/import.html", context)
    file = request.FILES.get("file")
    try:
        if file is None:
            raise Refused("请先选择文件")
        if file.size > services.largest():
            raise Refused(f"“{file.name}”超过{context['limit']} MB，没有读取")
        item = services.take_in(
            region=region, year=year, name=file.name or "", data=file.read(), by=request.user, only=only
        )
    except Refused as refusal:
        return render(request, "reports/targets/import.html", context | {"refused": str(refusal)}, status=422)
    return redirect("targets-import-preview", item.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What the workbook would write; with a post, write it."""
    if not request.user.access.holds(Role.ROUND_MANAGER):
        raise PermissionDenied
    item = get_object_or_404(
        TargetsImport.objects.visible_to(request.user).select_related("region", "department"),
        pk=pk,
        by=request.user,
    )
    if not manages(request.user, item.region):
        raise PermissionDenied
    back = f"{reverse('targets')}?{_address(item.region, item.year)}"
    if item.done_at is not None:
        messages.info(request, f"“{item.name}”已经导入过")
        return redirect(back)
    refused, reason, status = "", request.POST.get("reason", ""), 200
    if request.method == "POST":
        try:
            made = services.write_in(
                item=item, by=request.user, token=request.POST.get("token", ""), reason=reason
            )
        except Refused as refusal:
            refused, status = str(refusal), 409 if isinstance(refusal, services.Stale) else 422
        else:
            messages.success(
                request,
                f"已导入：新增{len(made.new)}个单位，更换{len(made.changed)}个单位，{len(made.unchanged)}个单位不变",
            )
            return redirect(back)
    complaints = services.complaints_of(item)
    context = {
        "item": item,
        "complaints": complaints[:MOST_COMPLAINTS],
        "complaint_count": len(complaints),
        "plan": None if complaints else services.plan(item.region, item.year, services.sets_of(item)),
        "most": MOST_UNITS,
        "refused": refused,
        "reason": reason,
        "longest": services.LONGEST_REASON,
        "again": f"{reverse('targets-import')}?{_address(item.region, item.year, item.department)}",
        "list_address": back,
    }
    return render(request, "reports/targets/preview.html", context, status=status)


# ------------------------------------------------------------------ what the address asks for


def _regions(request: HttpRequest, roles: tuple[Role, ...]) -> list[Region]:
    return list(Region.objects.filter(pk__in=request.user.access.regions(*roles)))


def _asked(request: HttpRequest, roles: tuple[Role, ...]) -> tuple[Region | None, int]:
    """Region and year of the address, among those of the person's roles; the newest round's year where none is asked."""
    if not request.user.access.holds(*roles):
        raise PermissionDenied
    regions = _regions(request, roles)
    wanted = request.GET.get("region", "")
    region = next((one for one in regions if str(one.pk) == wanted), None)
    if wanted and region is None:
        raise Http404
    region = region or (regions[0] if regions else None)
    year = request.GET.get("year", "")
    if year:
        if not (year.isdecimal() and len(year) == 4 and int(year) in services.YEARS):
            raise Http404
        return region, int(year)
    newest = Round.objects.filter(region=region).order_by("-year").first()
    return region, newest.year if newest else timezone.localdate().year


def _years(region: Region, year: int) -> list[int]:
    """Years to choose from: those of the rounds and of what was imported, this year and the next."""
    today = timezone.localdate().year
    known = set(Round.objects.filter(region=region).values_list("year", flat=True))
    known |= set(
        ApprovedTargets.objects.filter(department__region=region)
        .order_by()
        .values_list("year", flat=True)
        .distinct()
    )
    return sorted({*known, year, today, today + 1}, reverse=True)


def _only(request: HttpRequest, region: Region) -> Department | None:
    """The one unit that the address names."""
    wanted = request.GET.get("department", "")
    if not wanted:
        return None
    if not wanted.isdecimal():
        raise Http404
    return get_object_or_404(
        Department.objects.visible_to(request.user), pk=wanted, region=region, is_active=True
    )


def _address(region: Region, year: int, only: Department | None = None) -> str:
    return f"region={region.pk}&year={year}" + (f"&department={only.pk}" if only else "")
