"""Pages of the spot checks (抽查复核)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from departments.choices import Role
from departments.services import record
from reports import services
from reports.models import Conclusion, DrawMethod, Round, SpotCheck, SpotCheckDraw
from reports.oversight import lists, spot_checks
from reports.oversight.forms import DrawForm, ResultForm, WordsForm
from reports.views.common import attempt
from reports.views.downloads import printed
from reports.workflow import BUREAU, Party, Refused

PAGE = 50
READERS = (Role.REVIEWER, Role.ROUND_MANAGER, Role.AUDITOR)


@login_required
@require_GET
def spot_check_list(request: HttpRequest) -> HttpResponse:
    """The spot checks of a round with their progress, and how they were drawn."""
    rounds, chosen = _rounds(request)
    context: dict[str, Any] = {"rounds": rounds, "chosen": chosen}
    if chosen:
        rows = lists.checks_of(chosen, request.user)
        draws = SpotCheckDraw.objects.filter(round=chosen).select_related("by")
        context |= {
            "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
            "kept": f"round={chosen.pk}",
            "progress": lists.progress(chosen, request.user),
            "draws": [(item, spot_checks.repeated(item) == item.drawn) for item in draws],
            "manages": spot_checks.manages(request.user, chosen),
        }
    return render(request, "reports/oversight/spot_checks.html", context)


@login_required
@require_GET
def draw_form(request: HttpRequest) -> HttpResponse:
    """The form that draws a sample."""
    return _draw_page(request, _managed(request), None)


@login_required
@require_POST
def draw(request: HttpRequest) -> HttpResponse:
    """Draw a sample."""
    chosen = _managed(request)
    people = spot_checks.people_of(chosen)
    reports = spot_checks.drawable(chosen, request.user)
    form = DrawForm(request.POST, reports=[report.pk for report in reports], people=people)
    if form.is_valid():
        data = form.cleaned_data
        try:
            made = spot_checks.draw(
                round=chosen,
                by=request.user,
                method=data["method"],
                count=data["count"] or 0,
                percent=data["unit"] == "percent",
                seed=data["seed"],
                chosen=data["chosen"],
                reviewers=list(data["reviewers"]),
                due=data["due"],
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            seeded = f"，随机种子{made.seed}已记录" if made.seed else ""
            messages.success(request, f"已抽取{len(made.drawn)}份报告{seeded}")
            return redirect(f"{reverse('spot-checks')}?round={chosen.pk}")
    return _draw_page(request, chosen, form)


@login_required
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The spot checks of a round as a workbook; logged."""
    _, chosen = _rounds(request)
    if chosen is None:
        raise Http404
    document = lists.workbook(chosen, lists.checks_of(chosen, request.user))
    answer = printed(document, "xlsx", f"{chosen.region.name}_{chosen.year}年度抽查复核情况表")
    record(
        event="spot-check-export",
        sentence=f"{request.user.name}导出{chosen}的抽查复核情况表（Excel）",
        by=request.user,
        region=chosen.region,
        data={"round": chosen.pk},
    )
    return answer


@login_required
@require_GET
def spot_check(request: HttpRequest, pk: int) -> HttpResponse:
    """One spot check with its result, or the form for it."""
    return _check_page(request, _visible(request, pk), None)


@login_required
@require_POST
def record_result(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the result."""
    check = _visible(request, pk)
    if not services.holds(request.user, check.report, *BUREAU):
        raise PermissionDenied
    form = ResultForm(request.POST)
    if form.is_valid():
        try:
            spot_checks.record(check=check, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "抽查结果已登记，单位会收到通知")
            return redirect("spot-check", pk)
    return _check_page(request, check, form)


@login_required
@require_POST
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a spot check to a reviewer."""
    check = _visible(request, pk)
    _require_manager(request, check)
    text = request.POST.get("to", "")
    people = {str(person.pk): person for person in spot_checks.people_of(check.report.round)}
    if text not in people:
        messages.error(request, "请选择抽查人")
        return _back(request, check)
    return _act(
        request,
        check,
        lambda: spot_checks.assign(check=check, by=request.user, to=people[text]),
        f"已指派{people[text].name}",
    )


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a spot check back."""
    check = _visible(request, pk)
    _require_manager(request, check)
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _check_page(request, check, None, withdrawing=form)
    return _act(
        request,
        check,
        lambda: spot_checks.withdraw(check=check, by=request.user, **form.cleaned_data),
        "已撤销这项抽查",
    )


# ------------------------------------------------------------------ common


def _rounds(request: HttpRequest) -> tuple[list[Round], Round | None]:
    regions = request.user.access.regions(*READERS)
    if not regions:
        raise PermissionDenied
    rounds = list(Round.objects.filter(region__in=regions).select_related("region"))
    asked = request.GET.get("round") or request.POST.get("round") or ""
    if not asked:
        return rounds, rounds[0] if rounds else None
    chosen = next((item for item in rounds if str(item.pk) == asked), None)
    if chosen is None:
        raise Http404
    return rounds, chosen


def _managed(request: HttpRequest) -> Round:
    _, chosen = _rounds(request)
    if chosen is None:
        raise Http404
    if not spot_checks.manages(request.user, chosen):
        raise PermissionDenied
    return chosen


def _draw_page(request: HttpRequest, chosen: Round, form: DrawForm | None) -> HttpResponse:
    reports = spot_checks.drawable(chosen, request.user)
    by_report = {one.report: one for one in spot_checks.candidates(reports)}
    context = {
        "chosen": chosen,
        "form": form or DrawForm(initial={"method": DrawMethod.RISK, "count": 20, "unit": "percent"}),
        "methods": DrawMethod.choices,
        "rows": [(report, by_report[report.pk]) for report in reports],
        "people": spot_checks.people_of(chosen),
        "ticked": set(form.data.getlist("chosen")) if form else set(),
        "picked": set(form.data.getlist("reviewers")) if form else set(),
    }
    return render(request, "reports/oversight/draw.html", context, status=422 if form else 200)


def _check_page(
    request: HttpRequest, check: SpotCheck, form: ResultForm | None, withdrawing: WordsForm | None = None
) -> HttpResponse:
    user, report = request.user, check.report
    services.log_reading(report=report, by=user)
    manages = services.holds(user, report, Party.MANAGER)
    initial = {"score": check.score, "conclusion": check.conclusion, "findings": check.findings}
    context = {
        "check": check,
        "report": report,
        "deviation": lists.deviation(check),
        "form": form or ResultForm(initial=initial),
        "withdrawing": withdrawing,
        "conclusions": Conclusion.choices,
        "may_record": not check.withdrawn_at and spot_checks.may_record(user, check),
        "may_issue": check.recorded_at is not None and services.holds(user, report, *BUREAU),
        "manages": manages and check.open,
        "people": spot_checks.people_of(report.round) if manages and check.open else (),
        "notices": check.rectifications.select_related("round"),
        "inside": services.holds(user, report, *BUREAU) or user.access.holds(Role.AUDITOR),
    }
    status = 422 if form or withdrawing else 200
    return render(request, "reports/oversight/spot_check.html", context, status=status)


def _visible(request: HttpRequest, pk: int) -> SpotCheck:
    rows = SpotCheck.objects.visible_to(request.user).with_context().select_related("submission")
    return get_object_or_404(rows.defer("submission__dossier_json", "submission__scorecard"), pk=pk)


def _require_manager(request: HttpRequest, check: SpotCheck) -> None:
    if not services.holds(request.user, check.report, Party.MANAGER):
        raise PermissionDenied


def _act(request: HttpRequest, check: SpotCheck, doing: Callable[[], Any], done: str) -> HttpResponse:
    attempt(request, doing, done)
    return _back(request, check)


def _back(request: HttpRequest, check: SpotCheck) -> HttpResponse:
    """To the list where the form stood in it, else to the spot check."""
    if request.POST.get("next") == "list":
        return redirect(f"{reverse('spot-checks')}?round={check.report.round_id}")
    return redirect("spot-check", check.pk)
