"""The audit log (操作日志): filtered, in pages that begin behind the last row, and as a workbook."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.views.decorators.http import require_GET

from departments.choices import Role
from departments.models import AuditEntry, User
from reports.audit_log import AUDIT_ROLES, NEWEST_FIRST, AuditFilter, entries_of, export, newest_seal
from reports.queue import paging
from reports.views.checks import XLSX

PAGE = 50
COUNTED = 1000


@login_required
@require_GET
def audit(request: HttpRequest) -> HttpResponse:
    """The log of the regions that the person watches over."""
    _require_audit(request.user)
    stated = AuditFilter(request.GET)
    valid = stated.is_valid()
    whole = request.user.access.holds(*AUDIT_ROLES)
    context = {"form": stated, "kept": "", "count": 0, "seal": newest_seal(), "whole": whole}
    if valid:
        found = entries_of(request.user, stated)
        page = paging.page(
            found,
            NEWEST_FIRST,
            PAGE,
            after=request.GET.get("after", ""),
            before=request.GET.get("before", ""),
        )
        rows = AuditEntry.objects.visible_to(request.user).select_related("department", "profile")
        by_key = rows.in_bulk(page.keys)
        context["rows"] = [by_key[key] for key in page.keys if key in by_key]
        context["page"] = page
        context["kept"] = urlencode(stated.used)
        context["count"], context["more"] = paging.capped_count(found, COUNTED)
    return render(request, "reports/audit.html", context, status=200 if valid else 422)


@login_required
@require_GET
@transaction.atomic
def audit_export(request: HttpRequest) -> HttpResponse:
    """The filtered log as a workbook; the export is logged."""
    _require_audit(request.user)
    stated = AuditFilter(request.GET)
    if not stated.is_valid():
        messages.error(request, "筛选条件有误，没有导出")
        return redirect(f"{reverse('audit')}?{request.GET.urlencode()}")
    response = HttpResponse(export(user=request.user, stated=stated), content_type=XLSX)
    name = f"操作日志_{timezone.localdate():%Y%m%d}.xlsx"
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _require_audit(user: User) -> None:
    if not user.access.holds(*AUDIT_ROLES, Role.SECURITY):
        raise PermissionDenied
