"""Pages of the report templates (报告模板): everybody reads them; the round manager copies, changes, saves and chooses."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from departments.choices import Role
from departments.models import Region
from indicators.policy import load_policy, policy_names
from indicators.scoring import score
from reports import outline_services, outlines, paper
from reports.documents import compose, to_html, to_pdf
from reports.documents.model import ReportDocument
from reports.dossier import Dossier
from reports.models import Report, Round, Submission, TemplateVersion
from reports.outline import (
    DATA_BLOCK_LABELS,
    DEFAULT_TEMPLATE,
    PRESETS,
    Outline,
    OutlineError,
    load_outline,
    outline_names,
)
from reports.policies import regions_of
from reports.template_form import TemplateForm, readable
from reports.workflow import Refused

SAMPLE_MARK = "样张"
SHOWN_REPORTS = 60


@cache
def sample() -> Dossier:
    """An invented unit's complete dossier, for trying a template out."""
    path: Path = PRESETS / "sample.json"
    return Dossier.model_validate_json(path.read_text(encoding="utf-8"))


def sample_paper(outline: Outline, dossier: Dossier | None = None) -> ReportDocument:
    """What the template prints of the sample, or of another dossier."""
    dossier = dossier or sample()
    card = score(dossier.profile, dossier.money, dossier.indicators, load_policy())
    return compose(dossier, card, (), outline, watermark=SAMPLE_MARK)


@login_required
@require_GET
def template_list(request: HttpRequest) -> HttpResponse:
    """Presets and the versions of the person's regions."""
    user = request.user
    groups = []
    labels = {choice.title: choice.outline.label for choice in outlines.presets()}
    managed = user.access.regions(Role.ROUND_MANAGER)
    for region in Region.objects.filter(pk__in=regions_of(user)):
        choices = outlines.choices(region)
        known = labels | {choice.title: choice.outline.label for choice in choices}
        rounds = Round.objects.filter(region=region).order_by("-year")
        groups.append(
            {
                "region": region,
                "choices": choices,
                "rounds": [(round, known.get(round.template, round.template)) for round in rounds],
                "manages": region.pk in managed,
            }
        )
    context = {"groups": groups, "presets": outlines.presets(), "may_copy": bool(managed)}
    return render(request, "reports/templates/list.html", context)


@login_required
@require_GET
def preset(request: HttpRequest, name: str) -> HttpResponse:
    """One of the shipped templates."""
    if name not in outline_names():
        raise Http404
    return _detail(request, load_outline(name), None)


@login_required
@require_GET
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """One version of a region's own template."""
    rows = TemplateVersion.objects.select_related("region", "created_by")
    row = get_object_or_404(rows.filter(region__in=regions_of(request.user)), pk=pk)
    return _detail(request, row.outline, row)


def _detail(request: HttpRequest, outline: Outline, row: TemplateVersion | None) -> HttpResponse:
    managed = request.user.access.regions(Role.ROUND_MANAGER)
    if row:
        managed &= {row.region_id}
    title = row.title if row else outline.name
    rounds = Round.objects.filter(region__in=managed).select_related("region").order_by("-year", "region")
    taken = set(Submission.objects.filter(report__round__in=rounds).values_list("report__round", flat=True))
    context = {
        "outline": outline,
        "heading": readable(outline.title),
        "policy": _policy_label(outline.policy),
        "row": row,
        "title": title,
        "rounds": [
            {"round": item, "chosen": item.template == title, "taken": item.pk in taken} for item in rounds
        ],
        "copy_of": f"{reverse('template-copy')}?of={title}" + (f"&region={row.region_id}" if row else ""),
        "may_copy": bool(managed),
        "sections": [
            (section, [DATA_BLOCK_LABELS[block] for block in section.data]) for section in outline.sections
        ],
        "forms": [(form, readable(form.title)) for form in outline.forms],
        "preview": to_html(sample_paper(outline)),
    }
    return render(request, "reports/templates/detail.html", context)


def _policy_label(name: str) -> str:
    return load_policy(name).label if name in policy_names() else name


@login_required
@require_GET
def copy(request: HttpRequest) -> HttpResponse:
    """The form with a template copied into it."""
    base, region = _source(request)
    return _copy_page(request, _form(base, region), base, region)


@login_required
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Show the printed result of what was typed (``do=preview``, ``do=pdf``), move sections (``up-3``, ``down-3``,
    ``insert-3``), or save it as a new version."""
    base, region = _source(request)
    form = _form(base, region, request.POST)
    do = request.POST.get("do", "")
    if do.startswith(("up-", "down-", "insert-")):
        form.arrange(do)
        return _copy_page(request, form, base, region)
    if not form.is_valid(saving=do == "save") or form.outline is None:
        return _copy_page(request, form, base, region, status=422)
    if do == "pdf":
        response = HttpResponse(to_pdf(_trial(request, form.outline, region)), content_type="application/pdf")
        response.headers["Content-Disposition"] = content_disposition_header(True, "报告模板样张.pdf")
        return response
    if do != "save":
        return _copy_page(request, form, base, region, shown=_trial(request, form.outline, region))
    try:
        made = outline_services.save_version(
            region=region,
            by=request.user,
            outline=form.outline,
            based_on=base.name if base.name in outline_names() else base.full_name,
            base=base,
            change=form.change,
        )
    except Refused as refusal:
        form.faults = [str(refusal)]
        return _copy_page(request, form, base, region, status=422)
    messages.success(request, f"已保存“{made.label}”第{made.version}版，可以在下面选用")
    return redirect("template", made.pk)


def _form(base: Outline, region: Region, posted: QueryDict | None = None) -> TemplateForm:
    return TemplateForm(posted, base=base, suggested_name=outline_services.suggested_name(base.name, region))


def _reports(request: HttpRequest, region: Region):
    """Reports with which a template may be tried out: those of the region that the person reads."""
    return (
        Report.objects.visible_to(request.user)
        .filter(profile__department__region=region)
        .with_context()
        .order_by("-profile__year", "profile__department__name")
    )


def _trial(request: HttpRequest, outline: Outline, region: Region) -> ReportDocument:
    """The paper of the chosen report, of the sample when none is chosen."""
    wanted = request.POST.get("with", "")
    if not (wanted.isascii() and wanted.isdecimal() and len(wanted) < 12):
        return sample_paper(outline)
    report = get_object_or_404(_reports(request, region), pk=int(wanted))
    evaluation = paper.shown(report).evaluation
    return compose(evaluation.dossier, evaluation.scorecard, (), outline, watermark=SAMPLE_MARK)


def _copy_page(
    request: HttpRequest,
    form: TemplateForm,
    base: Outline,
    region: Region,
    *,
    shown: ReportDocument | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "base": base,
        "source": request.GET.get("of", ""),
        "region": region,
        "reports": _reports(request, region)[:SHOWN_REPORTS],
        "with": request.POST.get("with", ""),
        "preview": to_html(shown) if shown else None,
        "levels": (("1", "一、"), ("2", "（一）"), ("3", "1."), ("4", "（1）")),
    }
    return render(request, "reports/templates/copy.html", context, status=status)


def _source(request: HttpRequest) -> tuple[Outline, Region]:
    """The template that is copied and the region for which; both stand in the address."""
    managed = request.user.access.regions(Role.ROUND_MANAGER)
    if not managed:
        raise PermissionDenied
    regions = {str(region.pk): region for region in Region.objects.filter(pk__in=managed)}
    wanted = request.GET.get("region", "") or next(iter(regions))
    if wanted not in regions:
        raise Http404
    region = regions[wanted]
    try:
        return outlines.outline_named(request.GET.get("of") or DEFAULT_TEMPLATE, region), region
    except OutlineError as error:
        raise Http404 from error


@login_required
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Let a round be written by a template."""
    managed = request.user.access.regions(Role.ROUND_MANAGER)
    if not managed:
        raise PermissionDenied
    key = request.POST.get("round", "")
    round = get_object_or_404(
        Round, pk=int(key) if key.isdecimal() and len(key) < 12 else 0, region__in=managed
    )
    title = request.POST.get("template", "")
    try:
        chosen = outline_services.choose(round=round, by=request.user, title=title)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{chosen}已选用这个报告模板")
    row = outlines.version_named(title, round.region_id)
    if row:
        return redirect("template", row.pk)
    return redirect("template-preset", title) if title in outline_names() else redirect("templates")
