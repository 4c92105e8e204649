"""The inbox (站内通知): a person's own notices, marked read by POST."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from reports import services
from reports.models import Notice

PAGE = 30


@login_required
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """All notices, unread ones first seen by their mark."""
    notices = Notice.objects.filter(user=request.user)
    page = Paginator(notices, PAGE).get_page(request.GET.get("page"))
    unread = notices.filter(read_at=None).count()
    return render(request, "reports/inbox.html", {"page": page, "unread": unread})


@login_required
@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one notice read; go to its report when the button says so."""
    notice = get_object_or_404(Notice, pk=pk, user=request.user)
    services.mark_read(user=request.user, notice=notice.pk)
    if "open" in request.POST and notice.report_id:
        return redirect("report", pk=notice.report_id)
    return redirect("inbox")


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all notices read."""
    count = services.mark_read(user=request.user)
    messages.success(request, f"已把{count}条通知标为已读" if count else "没有未读的通知")
    return redirect("inbox")
