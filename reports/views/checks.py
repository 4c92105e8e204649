"""Pages of the checks (核对规则): which fire most in a round, their levels, and all findings of a district as a workbook."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from departments.choices import Role
from departments.models import AuditEntry
from departments.services import record
from reports.checks import Check, all_checks
from reports.district_findings import delivered, latest_submissions, rule_rows, workbook
from reports.findings import LEVEL_LABELS, Level
from reports.forms import CheckLevelForm
from reports.level_services import EVENT, set_level
from reports.levels import levels_of
from reports.models import CheckLevel, Round
from reports.workflow import Refused

READERS = (Role.REVIEWER, Role.ROUND_MANAGER, Role.AUDITOR)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@require_GET
def check_list(request: HttpRequest) -> HttpResponse:
    """Every rule with its level and how often it fired in the round."""
    rounds, chosen = _rounds(request)
    rows, read = [], 0
    if chosen:
        changed = CheckLevel.objects.filter(region=chosen.region_id)
        reasons = {row.code: row.reason for row in changed}
        rows = rule_rows(request.user, chosen, levels_of(chosen.region_id), reasons)
        read = delivered(request.user, chosen)
    level = request.GET.get("level", "")
    if level in set(Level):
        rows = [row for row in rows if row.level == level]
    context = {
        "rounds": rounds,
        "chosen": chosen,
        "rows": rows,
        "read": read,
        "firing": sum(1 for row in rows if row.findings),
        "levels": LEVEL_LABELS.items(),
        "level": level,
        "manages": _manages(request, chosen),
    }
    return render(request, "reports/checks/list.html", context)


@login_required
@require_GET
def check_level(request: HttpRequest, code: str) -> HttpResponse:
    """One rule: what it looks for, its level in the region, and the form that changes it."""
    _, chosen = _rounds(request)
    return _rule_page(request, _rule(code), chosen, CheckLevelForm())


@login_required
@require_POST
def change_level(request: HttpRequest, code: str) -> HttpResponse:
    """Change the level of a rule for the region, with a reason."""
    _, chosen = _rounds(request)
    rule = _rule(code)
    if chosen is None or not _manages(request, chosen):
        raise PermissionDenied
    form = CheckLevelForm(request.POST)
    if form.is_valid():
        try:
            level = set_level(region=chosen.region, code=code, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, f"已把“{rule.title}”的级别调整为“{LEVEL_LABELS[level]}”，下次核对起生效"
            )
            return redirect(f"{reverse('check-level', args=[code])}?round={chosen.pk}")
    return _rule_page(request, rule, chosen, form, status=422)


def _rule(code: str) -> Check:
    rule = next((item for item in all_checks() if item.code == code), None)
    if rule is None:
        raise Http404
    return rule


def _rule_page(
    request: HttpRequest, rule: Check, chosen: Round | None, form: CheckLevelForm, status: int = 200
) -> HttpResponse:
    levels = levels_of(chosen.region_id) if chosen else {}
    history = AuditEntry.objects.visible_to(request.user).filter(event=EVENT, data__code=rule.code)
    context = {
        "rule": rule,
        "chosen": chosen,
        "form": form,
        "level": levels.get(rule.code, rule.level),
        "levels": LEVEL_LABELS.items(),
        "history": history.filter(region=chosen.region_id).order_by("-pk")[:20] if chosen else (),
        "manages": _manages(request, chosen),
    }
    return render(request, "reports/checks/level.html", context, status=status)


@login_required
@require_GET
def findings_export(request: HttpRequest) -> HttpResponse:
    """All findings of the round's latest submissions as a workbook; the export is logged."""
    _, chosen = _rounds(request)
    if chosen is None:
        raise Http404
    content = workbook(latest_submissions(chosen, request.user))
    record(
        event="findings-export",
        sentence=f"{request.user.name}导出{chosen}的全部核对结果（Excel）",
        by=request.user,
        region=chosen.region,
        data={"round": chosen.pk},
    )
    response = HttpResponse(content, content_type=XLSX)
    name = f"{chosen.region.name}_{chosen.year}年度核对结果.xlsx"
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _rounds(request: HttpRequest) -> tuple[list[Round], Round | None]:
    """Rounds of the regions that the person reads as a whole, and the one asked for (else the newest)."""
    if not request.user.access.holds(*READERS):
        raise PermissionDenied
    rounds = list(
        Round.objects.filter(region__in=request.user.access.regions(*READERS)).select_related("region")
    )
    asked = request.GET.get("round", "")
    if not asked:
        return rounds, rounds[0] if rounds else None
    chosen = next((item for item in rounds if str(item.pk) == asked), None)
    if chosen is None:
        raise Http404
    return rounds, chosen


def _manages(request: HttpRequest, chosen: Round | None) -> bool:
    return chosen is not None and chosen.region_id in request.user.access.regions(Role.ROUND_MANAGER)
