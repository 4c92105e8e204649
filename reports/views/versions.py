"""What the pages of policies and of templates have in common: lists, origin of a version, copying, choosing for a round."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from departments.choices import Role
from departments.models import Region
from indicators.models import PolicyVersion
from reports import version_services
from reports.models import Round, Submission, TemplateVersion
from reports.policies import regions_of
from reports.rounds.exchange import manages
from reports.versions import Content, Shelf, label_of, named, own, presets, version_named
from reports.views.common import managed_region
from reports.workflow import Refused

LONGEST_KEY = 11
"""Digits of a key in an address; a longer number is no key of ours and would not fit the database."""


def list_context(shelf: Shelf, request: HttpRequest) -> dict[str, Any]:
    """Presets and the versions of the person's regions, each region with what its rounds go by."""
    user, shipped = request.user, presets(shelf)
    groups = []
    for region in Region.objects.filter(pk__in=regions_of(user)):
        choices = own(shelf, region)
        labels = {choice.title: choice.label for choice in (*shipped, *choices)}
        rounds = Round.objects.filter(region=region).order_by("-year")
        groups.append(
            {
                "region": region,
                "choices": choices,
                "rounds": [(item, labels.get(title := getattr(item, shelf.field), title)) for item in rounds],
                "manages": manages(user, region),
            }
        )
    may_copy = user.access.holds(Role.ROUND_MANAGER)
    return {"shelf": shelf, "groups": groups, "presets": shipped, "may_copy": may_copy}


def visible_version(shelf: Shelf, request: HttpRequest, pk: int) -> PolicyVersion | TemplateVersion:
    """A version of one of the person's regions, else 404."""
    rows = shelf.model.objects.select_related("region", "created_by")
    return get_object_or_404(rows.filter(region__in=regions_of(request.user)), pk=pk)


def origin_context(
    shelf: Shelf, request: HttpRequest, content: Content, row: PolicyVersion | TemplateVersion | None
) -> dict[str, Any]:
    """Where it comes from, and what its round manager may do with it."""
    managed = request.user.access.regions(Role.ROUND_MANAGER)
    if row:
        managed &= {row.region_id}
    title = row.title if row else content.name
    rounds = Round.objects.filter(region__in=managed).select_related("region").order_by("-year", "region")
    taken = set(Submission.objects.filter(report__round__in=rounds).values_list("report__round", flat=True))
    return {
        "shelf": shelf,
        "row": row,
        "title": title,
        "based_on": label_of(shelf, row.based_on, row.region_id) if row else "",
        "rounds": [
            {"round": item, "chosen": getattr(item, shelf.field) == title, "taken": item.pk in taken}
            for item in rounds
        ],
        "choose_url": reverse(f"{shelf.field}-choose"),
        "copy_of": f"{reverse(f'{shelf.field}-copy')}?of={title}"
        + (f"&region={row.region_id}" if row else ""),
        "may_copy": bool(managed),
        "sees_source": request.user.access.holds(Role.ADMINISTRATOR, Role.ROUND_MANAGER),
    }


def source(shelf: Shelf, request: HttpRequest) -> tuple[Content, Region]:
    """What is copied and the region for which; both stand in the address."""
    region = managed_region(request)
    try:
        return named(shelf, request.GET.get("of") or shelf.names()[0], region), region
    except shelf.error as error:
        raise Http404 from error


def saved(shelf: Shelf, request: HttpRequest, made: PolicyVersion | TemplateVersion) -> HttpResponse:
    """To the page of the version that was just made."""
    taken = Submission.objects.filter(report__round__region=made.region_id).values("report__round")
    free = Round.objects.filter(region=made.region_id).exclude(pk__in=taken).exists()
    use = "可以在下面选用" if free else "布置新年度的自评任务时可以选用"
    messages.success(request, f"已保存“{made.label}”第{made.version}版，{use}")
    return redirect(shelf.field, made.pk)


def choose(shelf: Shelf, request: HttpRequest) -> HttpResponse:
    """Let a round go by what the form names."""
    managed = request.user.access.regions(Role.ROUND_MANAGER)
    if not managed:
        raise PermissionDenied
    key = request.POST.get("round", "")
    known = key.isascii() and key.isdecimal() and len(key) <= LONGEST_KEY
    round_ = get_object_or_404(Round, pk=int(key) if known else 0, region__in=managed)
    title = request.POST.get(shelf.field, "")
    try:
        chosen = version_services.choose(shelf, round=round_, by=request.user, title=title)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{chosen}已选用这个{shelf.thing}")
    row = version_named(shelf, title, round_.region_id)
    if row:
        return redirect(shelf.field, row.pk)
    return redirect(f"{shelf.field}-preset", title) if title in shelf.names() else redirect(shelf.listing)
