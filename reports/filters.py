"""Filters of the queue (django-filter); every choice list and every row starts from ``visible_to``."""

from __future__ import annotations

from typing import Any

import django_filters
from crispy_forms.helper import FormHelper
from django import forms
from django.db.models import F, Q, QuerySet

from departments.models import Department, User
from departments.querysets import readable_by
from reports.choices import OWED, Status
from reports.models import Report

STATES = [*Status.choices, ("owed", "未报送（填报中、已确认、已退回）")]
LATE = Q(status__in=OWED) & (
    Q(extended_until=None, round__deadline__lt=F("today")) | Q(extended_until__lt=F("today"))
)
"""Needs the day as the annotation ``today``."""


class QueueFilter(django_filters.FilterSet):
    """State, year, main department, and four yes-or-no questions."""

    q = django_filters.CharFilter(label="单位名称", method="by_name", max_length=50)
    status = django_filters.ChoiceFilter(
        label="状态", choices=STATES, method="by_state", empty_label="全部状态"
    )
    year = django_filters.ChoiceFilter(label="年度", field_name="profile__year", empty_label="全部年度")
    main = django_filters.ModelChoiceFilter(
        label="主管部门",
        queryset=Department.objects.none(),
        field_name="profile__department__parent",
        empty_label="全部主管部门",
    )
    mine = django_filters.BooleanFilter(label="只看我认领的", method="by_mine", widget=forms.CheckboxInput)
    late = django_filters.BooleanFilter(label="只看逾期未报", method="by_late", widget=forms.CheckboxInput)
    found = django_filters.BooleanFilter(
        label="只看有错误或疑点的", method="by_found", widget=forms.CheckboxInput
    )

    class Meta:
        model = Report
        fields: list[str] = []

    def __init__(self, data: Any, queryset: QuerySet, *, user: User) -> None:
        super().__init__(data, queryset=queryset)
        self.user = user
        years = (
            Report.objects.visible_to(user).order_by("-profile__year").values_list("profile__year", flat=True)
        )
        self.filters["year"].extra["choices"] = [(year, f"{year}年度") for year in years.distinct()]
        self.filters["main"].queryset = Department.objects.filter(
            readable_by(user, ""), parent=None, units__isnull=False
        ).distinct()

    @property
    def helper(self) -> FormHelper:
        """The template lays the form out."""
        made = FormHelper()
        made.form_tag = False
        return made

    def by_name(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(profile__department__name__icontains=value.strip())

    def by_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(status__in=OWED) if value == "owed" else queryset.filter(status=value)

    def by_mine(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        return queryset.filter(assigned_to=self.user) if value else queryset

    def by_late(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        return queryset.filter(LATE) if value else queryset

    def by_found(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        return queryset.filter(Q(open_errors__gt=0) | Q(open_warnings__gt=0)) if value else queryset
