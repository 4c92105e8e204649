"""Departments (单位管理) of the administrator's regions: the tree, one department."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from departments import units
from departments.choices import Role
from departments.models import Department, Region, RoleAssignment
from departments.people import Keeper
from reports.models import Report
from reports.people_forms import UnitForm, refuse

PAGE = 50


def _regions(request: HttpRequest) -> list[Region]:
    found = list(Region.objects.filter(pk__in=Keeper.of(request.user).regions))
    if not found:
        raise PermissionDenied("只有系统管理员可以管理单位")
    return found


@login_required
@require_GET
def unit_list(request: HttpRequest) -> HttpResponse:
    """Main departments with their units below them; search, in use or not."""
    regions = _regions(request)
    words, state = request.GET.get("q", "").strip(), request.GET.get("state", "on")
    found = units.kept_units(request.user)
    if words:
        found = found.filter(
            Q(name__icontains=words) | Q(budget_code__startswith=words) | Q(parent__name__icontains=words)
        )
    if state in ("on", "off"):
        found = found.filter(is_active=state == "on")
    active = Q(role_assignments__is_active=True, role_assignments__user__is_active=True)
    ordered = (
        found.annotate(
            top=Coalesce("parent__name", "name"),
            fillers=Count("role_assignments", filter=active & Q(role_assignments__role=Role.FILLER)),
            heads=Count("role_assignments", filter=active & Q(role_assignments__role=Role.UNIT_HEAD)),
        )
        .select_related("region", "parent", "office")
        .order_by("region__code", "top", F("parent__id").asc(nulls_first=True), "budget_code", "name")
    )
    page = Paginator(ordered, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "regions": regions,
        "words": words,
        "state": state,
        "kept": urlencode({"q": words, "state": state}),
    }
    return render(request, "reports/units/list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def unit_add(request: HttpRequest, region: int) -> HttpResponse:
    """A new department."""
    place = next((one for one in _regions(request) if one.pk == region), None)
    if place is None:
        raise PermissionDenied("只有本区县的系统管理员可以新增单位")
    form = UnitForm(request.POST if request.method == "POST" else None, region=place)
    if request.method == "POST" and form.is_valid():
        try:
            made = units.add_unit(region=place, by=request.user, **form.cleaned_data)
        except units.UnitRefused as error:
            refuse(form, error.errors)
        else:
            messages.success(request, f"已新增“{made.name}”。接着可以给它添加填报人和单位负责人。")
            return redirect("unit", made.pk)
    return _show(request, form, region=place)


@login_required
@require_http_methods(["GET", "POST"])
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """One department: change it, see its people and reports."""
    _regions(request)
    found = get_object_or_404(
        units.kept_units(request.user).select_related("region", "parent", "office"), pk=pk
    )
    form = UnitForm(request.POST if request.method == "POST" else None, region=found.region, unit=found)
    if request.method == "POST" and form.is_valid():
        try:
            changed = units.change_unit(unit=found, by=request.user, **form.cleaned_data)
        except units.UnitRefused as error:
            refuse(form, error.errors)
        else:
            messages.success(request, f"已保存：{'、'.join(changed)}。" if changed else "没有改动。")
            return redirect("unit", pk)
    held = RoleAssignment.objects.filter(department=found, is_active=True).select_related("user")
    below = Department.objects.filter(parent=found).order_by("-is_active", "name")
    years = Report.objects.filter(profile__department=found).order_by("-profile__year")
    return _show(
        request,
        form,
        region=found.region,
        unit=found,
        people=list(held.order_by("role", "user__name")),
        below=list(below),
        years=list(years.values_list("profile__year", flat=True)),
    )


def _show(request: HttpRequest, form: UnitForm, **context: Any) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "reports/units/unit.html", context | {"form": form}, status=status)
