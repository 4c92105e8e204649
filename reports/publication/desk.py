"""The bureau's pages of publication: the clock of every report, what will be public of one, classified units."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from departments.choices import REGION_READERS, Role
from departments.models import Department
from reports import workflow
from reports.choices import DONE, Status
from reports.documents import to_html
from reports.models import Publication, PublicationMark, Report, Round
from reports.publication import freeze, services
from reports.publication.clock import clock_of
from reports.publication.forms import ClassifyForm, DateForm, MarkForm
from reports.publication.view import places, still_named
from reports.services import log_reading
from reports.views.common import visible_report
from reports.workflow import Refused, Step

PAGE = 50
FILTERS = {
    "waiting": ("待公开", Q(status=Status.APPROVED, profile__department__classified=False)),
    "published": ("已公开", Q(status=Status.PUBLISHED)),
    "classified": ("涉密单位", Q(profile__department__classified=True)),
}


@login_required
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Approved and published reports with their clocks, those that are due first."""
    return _overview(request, request.GET.get("round", ""))


def _overview(
    request: HttpRequest, wanted: str, *, form: DateForm | None = None, status: int = 200
) -> HttpResponse:
    user = request.user
    if not user.access.holds(*REGION_READERS):
        raise PermissionDenied
    rounds = list(
        Round.objects.filter(region__in=user.access.read_regions)
        .select_related("region")
        .order_by("-year", "region_id")
    )
    chosen = next((item for item in rounds if str(item.pk) == wanted), next(iter(rounds), None))
    state = request.GET.get("state", "")
    reports = Report.objects.visible_to(user).filter(round=chosen, status__in=sorted(DONE))
    if state in FILTERS:
        reports = reports.filter(FILTERS[state][1])
    reports = reports.with_context().order_by("status", "accounts_approved_on", "profile__department_id")
    page = Paginator(reports, PAGE).get_page(request.GET.get("page"))
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "rounds": rounds,
        "chosen": chosen,
        "state": state,
        "states": [("", "全部"), *((key, label) for key, (label, _) in FILTERS.items())],
        "page": page,
        "rows": _rows(list(page)),
        "kept": kept.urlencode(),
        "manages": chosen is not None and chosen.region_id in user.access.regions(Role.ROUND_MANAGER),
        "may_classify": user.access.holds(Role.ROUND_MANAGER, Role.ADMINISTRATOR),
        "form": form or DateForm(initial={"date": chosen and chosen.accounts_approved_on}),
    }
    return render(request, "reports/publication/overview.html", context, status=status)


def _rows(reports: list[Report]) -> list[dict[str, Any]]:
    open_ones = {
        item.report_id: item
        for item in Publication.objects.filter(report__in=reports, withdrawn_at=None)
        .select_related("region")
        .defer("search_text")
    }
    today = timezone.localdate()
    rows = []
    for report in reports:
        publication = open_ones.get(report.pk)
        published_on = publication and timezone.localdate(publication.published_at)
        rows.append(
            {
                "report": report,
                "clock": clock_of(report, today, published_on),
                "publication": publication,
                "published_on": published_on,
            }
        )
    return rows


@login_required
@require_POST
def round_date(request: HttpRequest, pk: int) -> HttpResponse:
    """决算批复日期 of a round."""
    managed = request.user.access.regions(Role.ROUND_MANAGER)
    round_ = get_object_or_404(Round, pk=pk, region__in=request.user.access.read_regions)
    if round_.region_id not in managed:
        raise PermissionDenied
    form = DateForm(request.POST)
    if not form.is_valid():
        return _overview(request, str(pk), form=form, status=422)
    try:
        services.set_round_date(round=round_, by=request.user, date=form.cleaned_data["date"])
    except Refused as refusal:
        form.add_error("date", str(refusal))
        return _overview(request, str(pk), form=form, status=422)
    messages.success(request, "决算批复日期已保存，公开期限按批复后20日计算")
    return redirect(f"{reverse('publication')}?round={pk}")


# ------------------------------------------------------------------ one report


@login_required
@require_GET
def prepare(request: HttpRequest, pk: int) -> HttpResponse:
    """What will be public of a report, exactly as the public will see it, and what is withheld."""
    report = _readable(request, pk)
    log_reading(report=report, by=request.user)
    return _page(request, report)


def _readable(request: HttpRequest, pk: int) -> Report:
    report = visible_report(request, pk)
    if not services.may_read(request.user, report):
        raise PermissionDenied
    return report


def _managed(request: HttpRequest, pk: int) -> Report:
    report = visible_report(request, pk)
    if not services.may_prepare(request.user, report):
        raise PermissionDenied
    return report


def _page(
    request: HttpRequest,
    report: Report,
    *,
    mark_form: MarkForm | None = None,
    date_form: DateForm | None = None,
    status: int = 200,
) -> HttpResponse:
    source = freeze.source_of(report)
    versions = list(
        Publication.objects.filter(report=report)
        .select_related("region", "submission", "published_by", "withdrawn_by")
        .defer("search_text", "submission__dossier_json")
        .order_by("-number")
    )
    current = next((item for item in versions if item.withdrawn_at is None), None)
    manages = services.may_prepare(request.user, report)
    open_to_marks = report.status in services.MARKABLE and source is not None
    content = source.view if source else None
    buttons = [
        button
        for button in workflow.available(report, request.user)
        if button.step in (Step.PUBLISH, Step.WITHDRAW)
    ]
    context = {
        "report": report,
        "clock": clock_of(report, timezone.localdate(), current and timezone.localdate(current.published_at)),
        "current": current,
        "versions": versions,
        "marks": PublicationMark.objects.filter(report=report).select_related("by"),
        "manages": manages,
        "may_mark": manages and open_to_marks,
        "date_form": date_form or DateForm(initial={"date": report.accounts_approved_on}),
        "mark_form": mark_form or (MarkForm(choices=_choices(source)) if open_to_marks else None),
        "buttons": buttons,
        "stamp": workflow.stamp(report),
        "content": content,
        "named": still_named(content, source.dossier, source.marks) if content else [],
        "preview": to_html(freeze.document(source, None, content)) if content else None,
    }
    return render(request, "reports/publication/prepare.html", context, status=status)


def _choices(source: freeze.Source) -> list[tuple[str, list[tuple[str, str]]]]:
    """What can still be withheld, by group."""
    free = [place for place in places(source.dossier, source.outline) if place.where not in source.marks]
    return [
        (group, [(place.where, place.label or place.public) for place in items])
        for group, items in groupby(free, key=lambda place: place.group)
    ]


@login_required
@require_POST
def report_date(request: HttpRequest, pk: int) -> HttpResponse:
    """决算批复日期 of one unit."""
    report = _managed(request, pk)
    form = DateForm(request.POST)
    if not form.is_valid():
        return _page(request, report, date_form=form, status=422)
    try:
        services.set_report_date(report=report, by=request.user, date=form.cleaned_data["date"])
    except Refused as refusal:
        form.add_error("date", str(refusal))
        return _page(request, report, date_form=form, status=422)
    messages.success(request, "决算批复日期已保存")
    return redirect("report-publication", pk)


@login_required
@require_POST
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Withhold a part."""
    report = _managed(request, pk)
    source = freeze.source_of(report)
    form = MarkForm(request.POST, choices=_choices(source) if source else ())
    if not form.is_valid():
        return _page(request, report, mark_form=form, status=422)
    try:
        services.mark(report=report, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, report, mark_form=form, status=422)
    messages.success(request, "已标记为不公开，下面的预览已经更新")
    return redirect("report-publication", pk)


@login_required
@require_POST
def unmark(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a mark back."""
    found = get_object_or_404(PublicationMark.objects.visible_to(request.user), pk=pk)
    _managed(request, found.report_id)
    try:
        services.unmark(mark=found, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "已取消不公开标记")
    return redirect("report-publication", found.report_id)


# ------------------------------------------------------------------ classified units


@login_required
@require_GET
def classified(request: HttpRequest) -> HttpResponse:
    """Units of the region, the classified ones first."""
    return _classified(request)


def _classifying(request: HttpRequest) -> frozenset[int]:
    regions = request.user.access.regions(Role.ADMINISTRATOR, Role.ROUND_MANAGER)
    if not regions:
        raise PermissionDenied
    return regions


def _classified(
    request: HttpRequest, *, form: ClassifyForm | None = None, at: int | None = None, status: int = 200
) -> HttpResponse:
    units = Department.objects.visible_to(request.user).filter(region__in=_classifying(request))
    words = request.GET.get("q", "").strip()[:50]
    if words:
        units = units.filter(name__icontains=words)
    units = units.select_related("region", "parent").order_by("-classified", "budget_code", "name", "pk")
    page = Paginator(units, PAGE).get_page(request.GET.get("page"))
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {"page": page, "words": words, "kept": kept.urlencode(), "form": form, "at": at}
    return render(request, "reports/publication/classified.html", context, status=status)


@login_required
@require_POST
def classify(request: HttpRequest, pk: int) -> HttpResponse:
    """Name a unit classified, or lift it."""
    unit = get_object_or_404(
        Department.objects.visible_to(request.user), pk=pk, region__in=_classifying(request)
    )
    form = ClassifyForm(request.POST)
    if not form.is_valid():
        return _classified(request, form=form, at=pk, status=422)
    try:
        services.classify(department=unit, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        form.add_error("reason", str(refusal))
        return _classified(request, form=form, at=pk, status=422)
    done = "已认定为涉密单位，公开的报告已全部撤下" if form.cleaned_data["classified"] else "已取消涉密认定"
    messages.success(request, f"{unit.name}：{done}")
    return redirect("classified")
