"""The queue's page, its saved views, and the report that comes next (审核队列)."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from departments.choices import Role
from departments.models import User
from reports.models import Report, SavedView
from reports.queue import paging, services
from reports.queue.bulk import acts_of
from reports.queue.filters import ORDERS, QueueFilter, kept
from reports.workflow import Refused

PAGE = 50
COUNTED = 1000
QUEUE_ROLES = (Role.REVIEWER, Role.ROUND_MANAGER, Role.AUDITOR, Role.MAIN_REVIEWER)
ALL = "all"
"""Asks for every report, past a default view."""
SESSION = "queue"
"""Where the last filter is kept, so that the report's page can lead on to the next one."""
FIRST = ("q", "status", "year", "main", "office")
CHECKS = ("mine", "free", "late", "errors", "warnings", "unexplained", "resubmitted", "older")
NUMBERS = ("gap", "review_gap")
SECOND = frozenset({"main", "office", *CHECKS[2:], *NUMBERS})
"""Filters that a phone or a first look need not show."""


def require_queue(user: User) -> None:
    """Refuse whoever has nothing to do with the queue."""
    if not user.access.holds(*QUEUE_ROLES):
        raise PermissionDenied


@login_required
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """The reports that the person may read: filtered, sorted, in pages that begin behind the last row."""
    require_queue(request.user)
    views = list(SavedView.objects.visible_to(request.user))
    if not request.GET and (default := next((item for item in views if item.is_default), None)):
        return redirect(f"{reverse('queue')}?{default.query or f'{ALL}=1'}")
    return listed(request, views=views)


def listed(
    request: HttpRequest, *, views: list[SavedView], status: int = 200, view_name: str = ""
) -> HttpResponse:
    """The page itself; ``view_name`` is what was typed into a refused form for a saved view."""
    user, data = request.user, request.GET
    found = QueueFilter(data, user=user)
    query = kept(data)
    rows = found.qs
    page = paging.page(rows, found.order, PAGE, after=data.get("after", ""), before=data.get("before", ""))
    count, more = paging.capped_count(rows, COUNTED)
    if request.session.get(SESSION) != query:
        request.session[SESSION] = query
    reviews = user.access.holds(Role.REVIEWER, Role.ROUND_MANAGER, Role.MAIN_REVIEWER)
    values = QueryDict(query)
    context = {
        "filter": found,
        # Not form.errors in the template: that is the filter of reports with errors there.
        "refused": bool(found.form.errors),
        "rows": found.rows(page.keys),
        "page": page,
        "count": count,
        "more": more,
        "kept": query,
        "filtered": bool(set(values) - {"sort"}),
        "second_used": bool(set(values) & SECOND),
        "checks": [found.form[name] for name in CHECKS],
        "numbers": [found.form[name] for name in NUMBERS],
        "firsts": [found.form[name] for name in FIRST[1:] if len(found.form[name].field.choices) > 1],
        "orders": ORDERS.values(),
        "order": found.order,
        "views": views,
        "view": next((item for item in views if item.query == query), None),
        "view_name": view_name,
        "acts": acts_of(user),
        "today": found.today,
        "heading": "报告审核" if reviews else "报告查询",
        "claimable_regions": user.access.regions(Role.REVIEWER, Role.ROUND_MANAGER),
        "keeps_offices": bool(services.offices_kept_by(user)),
    }
    return render(request, "reports/queue/list.html", context, status=status)


def next_in_queue(request: HttpRequest, report: Report) -> Report | None:
    """The report that follows in the list which the person last looked at; ``None`` if there was no list."""
    if SESSION not in request.session or not request.user.access.holds(*QUEUE_ROLES):
        return None
    found = QueueFilter(QueryDict(request.session[SESSION]), user=request.user)
    key = paging.following(found.qs, found.order, report)
    return next(iter(found.load([key])), None) if key else None


def queue_address(request: HttpRequest) -> str:
    """The queue as the person last filtered it; empty for who has none."""
    return address(request.session.get(SESSION, "")) if request.user.access.holds(*QUEUE_ROLES) else ""


# ------------------------------------------------------------------ saved views


@login_required
@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the filter of the page under a name."""
    require_queue(request.user)
    query = kept(QueryDict(request.POST.get("query", "")[:2000]))
    name, default = request.POST.get("name", ""), bool(request.POST.get("default"))
    try:
        view = services.save_view(user=request.user, name=name, query=query, default=default)
    except Refused as refusal:
        messages.error(request, str(refusal))
        request.GET = QueryDict(query)
        views = list(SavedView.objects.visible_to(request.user))
        return listed(request, views=views, status=422, view_name=name)
    messages.success(request, f"已保存筛选“{view.name}”")
    return redirect(address(view.query))


@login_required
@require_POST
def default_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the queue with this view from now on, or no longer."""
    view = services.toggle_default(view=_own_view(request, pk))
    word = "以后打开队列时先用" if view.is_default else "打开队列时不再用"
    messages.success(request, f"{word}“{view.name}”")
    return redirect(address(view.query))


@login_required
@require_POST
def delete_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a saved view."""
    view = _own_view(request, pk)
    view.delete()
    messages.success(request, f"已删除筛选“{view.name}”")
    return redirect(address(view.query))


def address(query: str) -> str:
    """The queue with a filter; without one, all reports, past a default view."""
    return f"{reverse('queue')}?{query or f'{ALL}=1'}"


def _own_view(request: HttpRequest, pk: int) -> SavedView:
    return get_object_or_404(SavedView.objects.visible_to(request.user), pk=pk)
