"""Pages of the report templates (报告模板): everybody reads them; the round manager copies, changes, saves and chooses."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from departments.models import Region
from indicators.policy import load_policy, policy_names
from indicators.scoring import score
from reports import outline_services, paper
from reports.documents import compose, to_html, to_pdf
from reports.documents.model import ReportDocument
from reports.dossier import Dossier
from reports.models import Report, TemplateVersion
from reports.outline import (
    DATA_BLOCK_LABELS,
    PRESETS,
    Outline,
    load_outline,
    outline_names,
)
from reports.outlines import SHELF
from reports.template_form import TemplateForm, readable
from reports.views import versions
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
    return render(request, "reports/templates/list.html", versions.list_context(SHELF, request))


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
    row = versions.visible_version(SHELF, request, pk)
    return _detail(request, row.outline, row)


def _detail(request: HttpRequest, outline: Outline, row: TemplateVersion | None) -> HttpResponse:
    context = versions.origin_context(SHELF, request, outline, row) | {
        "outline": outline,
        "heading": readable(outline.title),
        "policy": _policy_label(outline.policy),
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
    base, region = versions.source(SHELF, request)
    return _copy_page(request, _form(base, region), base, region)


@login_required
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Show the printed result of what was typed (``do=preview``, ``do=pdf``), move sections (``up-3``, ``down-3``,
    ``insert-3``), or save it as a new version."""
    base, region = versions.source(SHELF, request)
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
    return versions.saved(SHELF, request, made)


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


@login_required
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Let a round be written by a template."""
    return versions.choose(SHELF, request)
