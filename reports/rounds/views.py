"""Pages of the round (自评任务): who reads the region sees them, the round manager (绩效股) acts on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from departments.choices import REGION_READERS, Role
from departments.confirming import confirm_again
from departments.models import Region
from reports.choices import OWED, Status
from reports.models import Report, Round, StampedScan
from reports.rounds import calendar, reading, scans, services, tasks
from reports.rounds.exchange import manages, require_manager
from reports.rounds.forms import (
    AddForm,
    ChangeForm,
    CloseForm,
    ExtendManyForm,
    LeaveOutForm,
    OpenForm,
    RemindForm,
    ReopenForm,
)
from reports.services import log_export
from reports.views.common import back, managed_region, visible_report
from reports.workflow import Refused

PAGE = 50
GET_OR_POST = require_http_methods(["GET", "POST"])


def _round(request: HttpRequest, pk: int) -> Round:
    return get_object_or_404(Round.objects.visible_to(request.user).select_related("region"), pk=pk)


def _managed(request: HttpRequest, pk: int, act: str) -> Round:
    """The round, for its manager; 403 for others who read it, 404 for everybody else."""
    round = _round(request, pk)
    require_manager(request.user, round.region_id, act)
    return round


# ------------------------------------------------------------------ list and page


@login_required
@require_GET
def round_list(request: HttpRequest) -> HttpResponse:
    """The rounds of the person's regions, newest first."""
    user = request.user
    if not user.access.holds(*REGION_READERS):
        raise PermissionDenied
    rounds = list(
        Round.objects.visible_to(user).select_related("region").order_by("-year", "region__code")[:100]
    )
    figures = reading.progress(rounds)
    managed = Region.objects.filter(pk__in=user.access.regions(Role.ROUND_MANAGER))
    context = {
        "rows": [(item, figures.get(item.pk, reading.Progress())) for item in rounds],
        "managed": managed,
        "today": timezone.localdate(),
    }
    return render(request, "reports/rounds/list.html", context)


@login_required
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One round: what it asks for, how far it is, and every unit with what can be done for it."""
    return _detail_page(request, _round(request, pk))


def _detail_page(request: HttpRequest, round: Round, reopening: ReopenForm | None = None) -> HttpResponse:
    user = request.user
    state = request.GET.get("state", "")
    words = request.GET.get("q", "").strip()[:50]
    found = reading.reports_of(user, round, state, words)
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "round": round,
        "figures": reading.progress([round]).get(round.pk, reading.Progress()),
        "policy": reading.policy_label(round),
        "template": reading.template_label(round),
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "kept": kept.urlencode(),
        "state": state,
        "states": reading.STATES,
        "words": words,
        "filtered": bool(state or words),
        "manages": manages(user, round.region_id),
        "history": reading.history(round),
        "today": timezone.localdate(),
        "owed": OWED,
        "reopening": reopening,
    }
    return render(request, "reports/rounds/detail.html", context, status=422 if reopening else 200)


# ------------------------------------------------------------------ opening and adding


@login_required
@GET_OR_POST
def open_year(request: HttpRequest) -> HttpResponse:
    """The form of a new round; ``do=preview`` shows what will be made, ``do=open`` makes it, ``do=edit`` goes back."""
    region = managed_region(request)
    if request.method == "GET":
        return _open_page(request, OpenForm(region=region), region)
    form = OpenForm(request.POST, region=region)
    wanted = request.POST.get("do", "preview")
    if wanted == "edit":
        form.is_valid()
        return _open_page(request, form, region)
    if not form.is_valid():
        return _open_page(request, form, region, status=422)
    data = form.cleaned_data
    if wanted != "open":
        return _preview(request, form, region)
    try:
        round = services.open_year(
            region=region,
            by=request.user,
            year=data["year"],
            departments=data["departments"],
            policy=data["policy"],
            template=data["template"],
            terms=form.terms,
            carry_over=data["carry_over"],
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _open_page(request, form, region, status=422)
    _say_begun(request, tasks.begin(round, request.user), f"已布置{round}")
    return redirect("round", round.pk)


def _open_page(request: HttpRequest, form: OpenForm, region: Region, status: int = 200) -> HttpResponse:
    context = {"form": form, "region": region, "ticked": form.ticked}
    return render(request, "reports/rounds/open.html", context, status=status)


def _preview(request: HttpRequest, form: OpenForm, region: Region) -> HttpResponse:
    data = form.cleaned_data
    departments = list(data["departments"])
    context = {
        "form": form,
        "region": region,
        "data": data,
        "policy": dict(form.fields["policy"].choices)[data["policy"]],
        "template": dict(form.fields["template"].choices)[data["template"]],
        "plan": reading.plan(region, data["year"], departments, carry_over=data["carry_over"]),
        "days": (data["deadline"] - timezone.localdate()).days,
        "hidden": [
            (key, value)
            for key in request.POST
            if key not in ("csrfmiddlewaretoken", "do")
            for value in request.POST.getlist(key)
        ],
    }
    return render(request, "reports/rounds/preview.html", context)


def _say_begun(request: HttpRequest, made: services.Begun, what: str) -> None:
    count = made.carried + made.empty
    rest = f"，其余{made.left}份正在后台建立" if made.left else ""
    messages.success(
        request,
        f"{what}：新建报告{count}份，其中从上年度带入{made.carried}份、空白{made.empty}份{rest}。单位已收到通知",
    )


@login_required
@GET_OR_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Units that join later; ``do=preview`` first, ``do=add`` makes their reports."""
    round = _managed(request, pk, "增加单位")
    without = set(Report.objects.filter(round=round).values_list("profile__department", flat=True))
    without |= set(round.awaiting)
    bound = request.POST if request.method == "POST" else None
    form = AddForm(bound, round=round, without=without)
    context = {"round": round, "form": form, "ticked": form.ticked}
    if bound is None:
        return render(request, "reports/rounds/add.html", context)
    if not form.is_valid():
        return render(request, "reports/rounds/add.html", context, status=422)
    chosen = list(form.cleaned_data["departments"])
    if request.POST.get("do") != "add":
        context["plan"] = reading.plan(round.region, round.year, chosen, carry_over=round.carry_over)
        return render(request, "reports/rounds/add.html", context)
    try:
        services.add_departments(round=round, by=request.user, departments=chosen)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return render(request, "reports/rounds/add.html", context, status=422)
    _say_begun(request, tasks.begin(round, request.user), f"已增加{len(chosen)}个单位")
    return redirect("round", round.pk)


@login_required
@require_POST
def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on making reports that are still to be made, should the worker have been stopped."""
    round = _managed(request, pk, "布置自评任务")
    _say_begun(request, tasks.begin(round, request.user), "继续建立报告")
    return redirect("round", round.pk)


# ------------------------------------------------------------------ settings, closing


@login_required
@GET_OR_POST
def settings(request: HttpRequest, pk: int) -> HttpResponse:
    """Other dates or requirements."""
    round = _managed(request, pk, "修改自评任务")
    if request.method == "POST":
        form = ChangeForm(request.POST)
        if form.is_valid():
            try:
                changed = services.change(
                    round=round, by=request.user, terms=form.terms, reason=form.cleaned_data["reason"]
                )
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                said = f"已修改：{'；'.join(changed)}" if changed else "没有改动"
                messages.success(request, said)
                return redirect("round", round.pk)
    else:
        names = ("opens", "deadline", "department_review", "scan_required")
        form = ChangeForm(initial={name: getattr(round, name) for name in names})
    context = {
        "round": round,
        "form": form,
        "policy": reading.policy_label(round),
        "template": reading.template_label(round),
        "figures": reading.progress([round]).get(round.pk, reading.Progress()),
    }
    return render(request, "reports/rounds/settings.html", context, status=422 if form.errors else 200)


@login_required
@GET_OR_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """What is still open and how it is treated; then closing."""
    round = _managed(request, pk, "关闭自评任务")
    form = CloseForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            services.close(round=round, by=request.user, note=form.cleaned_data["note"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{round}已关闭")
            return redirect("round", round.pk)
    still_open = [
        (services.TREATMENT[name], list(_in_states(request, round, states)))
        for name, states in services.OPEN_STATES.items()
    ]
    context = {"round": round, "form": form, "still_open": [row for row in still_open if row[1]]}
    return render(request, "reports/rounds/close.html", context, status=422 if form.errors else 200)


def _in_states(request: HttpRequest, round: Round, states: tuple[Status, ...]) -> Any:
    found = Report.objects.visible_to(request.user).filter(round=round, status__in=states)
    return found.with_context().order_by("profile__department__budget_code", "profile__department__name")


@login_required
@require_POST
@confirm_again("重新开放自评任务")
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a closed round again, with a reason."""
    round = _managed(request, pk, "重新开放自评任务")
    form = ReopenForm(request.POST)
    if not form.is_valid():
        return _detail_page(request, round, reopening=form)
    try:
        services.reopen(round=round, by=request.user, reason=form.cleaned_data["reason"])
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{round}已重新开放，未报送的单位已收到通知")
    return redirect("round", round.pk)


# ------------------------------------------------------------------ acts on chosen units


@dataclass(frozen=True)
class Act:
    """Something that is done for several ticked units: asked first, then done with a list of results."""

    title: str
    button: str
    form: type[forms.Form]
    states: frozenset[Status]
    """Units in other states are shown as passed over."""


EXTENDABLE = frozenset(OWED)
CANCELLABLE = frozenset(Status) - {Status.APPROVED, Status.PUBLISHED, Status.CANCELLED}
ACTS = {
    "remind": Act("催报", "发送催报", RemindForm, frozenset(OWED)),
    "extend": Act("延期", "确定延期", ExtendManyForm, EXTENDABLE),
    "cancel": Act("取消（不参加本次自评）", "确定取消", LeaveOutForm, CANCELLABLE),
}


@login_required
@require_POST
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Ask for what the act needs (first POST), do it and show what became of each unit (``confirm``)."""
    chosen_act = ACTS.get(name)
    if chosen_act is None:
        raise Http404
    round = _managed(request, pk, chosen_act.title)
    reports = list(_chosen(request, round))
    if not reports:
        messages.error(request, "请先勾选单位")
        return redirect("round", round.pk)
    if round.closed_at and name != "cancel":
        messages.error(request, f"{round}已经关闭，请先重新开放")
        return redirect("round", round.pk)
    affected = [report for report in reports if report.status in chosen_act.states]
    if not affected:
        messages.error(request, f"勾选的单位都不能{chosen_act.title}：报告的状态不符")
        return redirect("round", round.pk)
    confirmed = "confirm" in request.POST
    initial = {"text": services.default_reminder(round)} if name == "remind" else {}
    form = chosen_act.form(request.POST if confirmed else None, initial=initial)
    today = timezone.localdate()
    context = {
        "round": round,
        "act": chosen_act,
        "name": name,
        "form": form,
        "reports": affected,
        "passed_over": [report for report in reports if report.status not in chosen_act.states],
        "reminded_today": [report for report in affected if report.reminded_on == today],
        "today": today,
    }
    if not confirmed or not form.is_valid():
        return render(request, "reports/rounds/act.html", context, status=422 if confirmed else 200)
    try:
        context["results"] = DOING[name](request, round, affected, form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return render(request, "reports/rounds/act.html", context, status=422)
    context["done"] = sum(result.done for result in context["results"])
    return render(request, "reports/rounds/results.html", context)


def _chosen(request: HttpRequest, round: Round) -> Any:
    """The ticked units, or every one that owes."""
    if request.POST.get("all") == "owed":
        return reading.reports_of(request.user, round, "owed")
    keys = [key for key in request.POST.getlist("report") if key.isascii() and key.isdecimal()]
    return reading.reports_of(request.user, round).filter(pk__in=keys)


def _remind(request: HttpRequest, round: Round, reports: list[Report], data: dict) -> list[services.Outcome]:
    found = services.remind(
        round=round, reports=reports, by=request.user, text=data["text"], again=data["again"]
    )
    return [
        *(services.Outcome(report, True, "已通知") for report in found.sent),
        *(
            services.Outcome(report, False, "没有可通知的账号，请电话催报并补建账号")
            for report in found.nobody
        ),
        *(services.Outcome(report, False, "今天已经催报过，没有重复发送") for report in found.today_already),
        *(services.Outcome(report, False, "刚刚已经报送，不用催报") for report in found.not_owing),
    ]


def _extend(request: HttpRequest, round: Round, reports: list[Report], data: dict) -> list[services.Outcome]:
    return services.extend(reports=reports, by=request.user, until=data["until"], reason=data["reason"])


def _cancel(request: HttpRequest, round: Round, reports: list[Report], data: dict) -> list[services.Outcome]:
    return services.leave_out(reports=reports, by=request.user, reason=data["reason"])


DOING: dict[str, Callable[[HttpRequest, Round, list[Report], dict], list[services.Outcome]]] = {
    "remind": _remind,
    "extend": _extend,
    "cancel": _cancel,
}


# ------------------------------------------------------------------ calendar and scan


@login_required
@require_GET
def round_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """The round's last days, extensions counted in, for the bureau's calendar."""
    round = _round(request, pk)
    return _ics(
        reading.round_days(round),
        f"{round.year}年度绩效自评",
        reverse("round", args=[pk]),
        f"{round}截止日期",
    )


@login_required
@require_GET
def report_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """The report's last day for the unit's calendar."""
    report = visible_report(request, pk)
    name = f"{report.department.name}{report.year}年度自评截止日期"
    return _ics([reading.report_day(report)], name, reverse("report", args=[pk]), name)


def _ics(days: list[reading.Due], name: str, page: str, file: str) -> HttpResponse:
    response = HttpResponse(calendar.ics(days, name=name, page=page), content_type=calendar.CONTENT_TYPE)
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{file}.ics")
    return response


@login_required
@require_POST
def scan_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """The stamped scan of the certified report."""
    report = visible_report(request, pk)
    upload = request.FILES.get("file")
    try:
        if upload is None:
            scans.services.require_unit(request.user, report)
            raise Refused("请先选择扫描好的PDF文件")
        kept = scans.add_scan(report=report, upload=upload, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"已上传盖章扫描件“{kept.name}”，可以报送了")
    return back(report)


@login_required
@require_GET
def scan_download(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A stamped scan as a file, never shown inside the page; logged like every export."""
    report = visible_report(request, pk)
    scan = get_object_or_404(StampedScan.objects.visible_to(request.user), report=report, pk=number)
    try:
        file = scan.file.open("rb")
    except FileNotFoundError:
        raise Http404("文件不在服务器上") from None
    log_export(report=report, by=request.user, kind="盖章扫描件", version=scan.name[:80])
    name = f"{report.department.name}_{report.year}年度_盖章扫描件.pdf"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/pdf")
