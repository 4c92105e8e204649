"""Pages of the overview (总览): figures and charts, ranking, problems by kind, summary report and summary table."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from departments.choices import REGION_READERS
from departments.models import Department
from reports.checks import all_checks
from reports.choices import Status
from reports.documents import to_html
from reports.models import Round, RoundSummary
from reports.overview import problems
from reports.overview.figures import READERS, fired_rules, overview, rounds_of
from reports.overview.forms import WordsForm
from reports.overview.kinds import grouped
from reports.overview.material import material_of, table_material, words_of
from reports.overview.panels import figures_of, list_address, panels
from reports.overview.ranking import ORDERS, choice_of, parts_by_key, ranked, ranks
from reports.overview.services import FIELDS, Outdated, log_export, log_reading, save_words
from reports.overview.summary import compose_summary, compose_table
from reports.rounds.exchange import manages, require_manager
from reports.views.downloads import KINDS

PAGE = 50


@login_required
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """One round in figures and charts."""
    rounds, chosen = _rounds(request)
    context: dict[str, Any] = {"rounds": rounds, "chosen": chosen, "tab": "overview"}
    if chosen:
        data = overview(request.user, chosen)
        context |= {
            "data": data,
            "tiles": list(figures_of(data)),
            "panels": panels(data),
            "address": list_address(data)(),
            "bureau": _reads_region(request, chosen),
        }
    return render(request, "reports/overview/page.html", context)


@login_required
@require_GET
def ranking(request: HttpRequest) -> HttpResponse:
    """The units ordered by a figure; also the list behind every figure of the overview."""
    rounds, chosen = _rounds(request)
    if chosen is None:
        return render(request, "reports/overview/ranking.html", {"rounds": rounds, "tab": "ranking"})
    parts = parts_by_key(request.user, chosen)
    choice = choice_of(request.GET, parts)
    found = Paginator(ranked(request.user, chosen, choice), PAGE).get_page(request.GET.get("page"))
    places = ranks(request.user, chosen, choice, found)
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "rounds": rounds,
        "chosen": chosen,
        "tab": "ranking",
        "choice": choice,
        "orders": ORDERS,
        "parts": parts.values(),
        "states": Status.choices,
        "main": Department.objects.visible_to(request.user).filter(pk=choice.main).first()
        if choice.main
        else None,
        "page": found,
        "rows": [(places.get(report.pk), report) for report in found],
        "kept": kept.urlencode(),
        "bureau": _reads_region(request, chosen),
    }
    return render(request, "reports/overview/ranking.html", context)


@login_required
@require_GET
def problem_list(request: HttpRequest) -> HttpResponse:
    """Problems by kind and rule; with ``rule`` the units behind one rule."""
    rounds, chosen = _rounds(request)
    context: dict[str, Any] = {"rounds": rounds, "chosen": chosen, "tab": "problems"}
    if chosen:
        code = request.GET.get("rule", "")
        rule = next((item for item in all_checks() if item.code == code), None)
        if code and rule is None:
            raise Http404
        context["bureau"] = _reads_region(request, chosen)
        log_reading(round_=chosen, by=request.user, what="问题清单")
        if rule:
            units = problems.units_with(request.user, chosen, code)
            context |= {
                "rule": rule,
                "page": Paginator(units, PAGE).get_page(request.GET.get("page")),
                "kept": f"round={chosen.pk}&rule={code}",
            }
        else:
            context["groups"] = grouped(fired_rules(request.user, chosen))
    return render(request, "reports/overview/problems.html", context)


@login_required
@require_GET
def problems_export(request: HttpRequest) -> HttpResponse:
    """The list of problems as a workbook; the export is logged."""
    chosen = _chosen(request)
    content = problems.workbook(request.user, chosen, grouped(fired_rules(request.user, chosen)))
    log_export(round_=chosen, by=request.user, what="问题清单（Excel）")
    return _file(content, KINDS["xlsx"].content_type, f"{_stem(chosen)}绩效自评问题清单.xlsx")


@login_required
@require_GET
def summary_page(request: HttpRequest) -> HttpResponse:
    """The summary report as it will be printed, and the form of the bureau's own words."""
    chosen = _chosen(request, whole_region=True)
    words = words_of(chosen)
    log_reading(round_=chosen, by=request.user, what="汇总分析报告")
    form = WordsForm(initial={name: getattr(words, name) for name in FIELDS} | {"version": words.version})
    return _summary(request, chosen, words, form)


@login_required
@require_POST
def summary_save(request: HttpRequest) -> HttpResponse:
    """Save the bureau's own words; what is refused is shown again as typed."""
    chosen = _chosen(request, whole_region=True)
    require_manager(request.user, chosen.region_id, "修改汇总报告")
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _summary(request, chosen, words_of(chosen), form, status=422)
    values = {name: form.cleaned_data[name] for name in FIELDS}
    try:
        save_words(round_=chosen, by=request.user, version=form.cleaned_data["version"], values=values)
    except Outdated as outdated:
        form.add_error(None, str(outdated))
        form.data = form.data.copy()
        form.data["version"] = str(outdated.saved.version)
        return _summary(request, chosen, outdated.saved, form, status=422, theirs=outdated.saved)
    messages.success(request, "已保存，预览和下载的文件都用新的内容")
    return redirect(f"{reverse('overview-summary')}?round={chosen.pk}")


def _summary(
    request: HttpRequest,
    chosen: Round,
    words: RoundSummary,
    form: WordsForm,
    status: int = 200,
    theirs: RoundSummary | None = None,
) -> HttpResponse:
    material = material_of(request.user, chosen, words)
    context = {
        "rounds": rounds_of(request.user),
        "chosen": chosen,
        "tab": "summary",
        "bureau": True,
        "form": form,
        "words": words,
        "theirs": [
            (RoundSummary._meta.get_field(name).verbose_name, getattr(theirs, name))
            for name in FIELDS
            if theirs and getattr(theirs, name)
        ],
        "manages": manages(request.user, chosen.region_id),
        "preview": to_html(compose_summary(material)),
    }
    return render(request, "reports/overview/summary.html", context, status=status)


@login_required
@require_GET
def summary_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The summary report as Word or PDF; the export is logged."""
    chosen = _chosen(request, whole_region=True)
    if kind not in ("pdf", "docx"):
        raise Http404
    content = KINDS[kind].prints(compose_summary(material_of(request.user, chosen)))
    log_export(round_=chosen, by=request.user, what=f"汇总分析报告（{KINDS[kind].label}）")
    return _file(content, KINDS[kind].content_type, f"{_stem(chosen)}绩效自评汇总分析报告.{kind}")


@login_required
@require_GET
def summary_table(request: HttpRequest) -> HttpResponse:
    """The summary table as a workbook with live formulas; the export is logged."""
    chosen = _chosen(request)
    content = KINDS["xlsx"].prints(compose_table(table_material(request.user, chosen)))
    log_export(round_=chosen, by=request.user, what="自评汇总表（Excel）")
    return _file(content, KINDS["xlsx"].content_type, f"{_stem(chosen)}绩效自评汇总表.xlsx")


def _rounds(request: HttpRequest) -> tuple[list[Round], Round | None]:
    """The person's rounds and the one asked for (else the newest). Raises 403 without a reading role, 404."""
    if not request.user.access.holds(*READERS):
        raise PermissionDenied
    rounds = list(rounds_of(request.user))
    asked = request.GET.get("round", "")
    if not asked:
        return rounds, rounds[0] if rounds else None
    chosen = next((item for item in rounds if str(item.pk) == asked), None)
    if chosen is None:
        raise Http404
    return rounds, chosen


def _chosen(request: HttpRequest, *, whole_region: bool = False) -> Round:
    """The round asked for; ``whole_region`` refuses a main department, which sees its own units only."""
    _, chosen = _rounds(request)
    if whole_region and not request.user.access.regions(*REGION_READERS):
        raise PermissionDenied
    if chosen is None:
        raise Http404
    if whole_region and not _reads_region(request, chosen):
        raise PermissionDenied
    return chosen


def _reads_region(request: HttpRequest, chosen: Round) -> bool:
    return chosen.region_id in request.user.access.read_regions


def _stem(chosen: Round) -> str:
    return f"{chosen.region.name}_{chosen.year}年度"


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
