"""Page of the lexicon of government functions (职能词库): shipped and own words, adding, retiring, trying a sentence."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from departments.choices import Role
from departments.models import AuditEntry, Department, Region
from reports import lexicon_services, lexicons
from reports.models import LexiconWord
from reports.rounds.exchange import manages
from reports.workflow import Refused

READERS = (Role.REVIEWER, Role.ROUND_MANAGER, Role.AUDITOR)


@login_required
@require_GET
def lexicon(request: HttpRequest) -> HttpResponse:
    """All functions; with a sentence, what the lexicon finds in it."""
    return _page(request, _region(request))


@login_required
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Add a word."""
    region = _managed(request)
    typed = {name: request.POST.get(name, "") for name in ("function", "kind", "word", "reason")}
    try:
        made = lexicon_services.add_word(region=region, by=request.user, **typed)
    except Refused as refusal:
        return _page(request, region, typed=typed, refused=str(refusal), status=422)
    messages.success(request, f"已在“{made.function}”中增加“{made.word}”，下次核对起生效")
    return redirect(f"{reverse('lexicon')}?region={region.pk}")


@login_required
@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a word of the region out of use."""
    if not request.user.access.holds(Role.ROUND_MANAGER):
        raise PermissionDenied
    word = get_object_or_404(LexiconWord.objects.visible_to(request.user).select_related("region"), pk=pk)
    if not manages(request.user, word.region):
        raise PermissionDenied
    reason = request.POST.get("reason", "")
    try:
        lexicon_services.retire_word(word=word, by=request.user, reason=reason)
    except Refused as refusal:
        return _page(
            request, word.region, retiring=word.pk, retire_reason=reason, refused=str(refusal), status=422
        )
    messages.success(request, f"已停用“{word.word}”，下次核对起生效")
    return redirect(f"{reverse('lexicon')}?region={word.region_id}")


def _page(request: HttpRequest, region: Region, *, status: int = 200, **more: object) -> HttpResponse:
    text = request.GET.get("text", "")
    chosen = request.GET.get("unit", "")
    units = list(
        Department.objects.visible_to(request.user)
        .filter(region=region, is_active=True)
        .values_list("pk", "name")
        .order_by("name")
    )
    unit = next((name for pk, name in units if str(pk) == chosen), "")
    rows = lexicons.rows_of(region)
    context = {
        "region": region,
        "rows": rows,
        "functions": [row.name for row in rows],
        "kinds": LexiconWord.Kind.choices,
        "manages": manages(request.user, region),
        "retired": LexiconWord.objects.visible_to(request.user)
        .filter(region=region)
        .exclude(retired_at=None)
        .select_related("retired_by")
        .order_by("-retired_at")[:20],
        "history": AuditEntry.objects.visible_to(request.user)
        .filter(event=lexicon_services.EVENT, region=region)
        .order_by("-pk")[:20],
        "text": text,
        "units": units,
        "unit": chosen,
        "too_long": len(text) > lexicons.LONGEST_TRIAL,
        "longest": lexicons.LONGEST_TRIAL,
        "heard": lexicons.hear(text, region, unit) if 0 < len(text) <= lexicons.LONGEST_TRIAL else [],
    } | more
    return render(request, "reports/checks/lexicon.html", context, status=status)


def _region(request: HttpRequest) -> Region:
    regions = list(Region.objects.filter(pk__in=request.user.access.regions(*READERS)))
    if not regions:
        raise PermissionDenied
    wanted = request.GET.get("region", "")
    region = next((one for one in regions if str(one.pk) == wanted), None)
    if wanted and region is None:
        raise Http404
    return region or regions[0]


def _managed(request: HttpRequest) -> Region:
    region = _region(request)
    if not manages(request.user, region):
        raise PermissionDenied
    return region
