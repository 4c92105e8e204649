"""Filters of the queue (django-filter); every choice list and every row starts from ``visible_to``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import cache
from typing import Any

import django_filters
from crispy_forms.helper import FormHelper
from django import forms
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from departments.choices import Role
from departments.models import BusinessOffice, Department, User
from departments.querysets import readable_by
from reports.choices import OWED, Status
from reports.models import Report, Round
from reports.policies import regions_of
from reports.prepared import Prepared, filled, marks, size_for
from reports.querysets import LATE
from reports.queue.paging import Order
from reports.queue.rows import QueueRow, rows_of
from reports.reach import ByReader
from reports.rulebook import CHECKED, current

STATES = [*Status.choices, ("owed", "未报送（填报中、已确认、已退回）")]
HAIR = Decimal("0.001")
"""SQLite subtracts in binary; a difference of exactly five points must count as five."""


def _field(name: str) -> Any:
    return Report._meta.get_field(name)


ORDERS = {
    order.key: order
    for order in (
        Order("waiting", "等待最久的在前", "status_since", _field("status_since")),
        Order("recent", "最近变动的在前", "status_since", _field("status_since"), descending=True),
        Order("high", "自评得分从高到低", "shown_self_score", _field("shown_self_score"), descending=True),
        Order("low", "自评得分从低到高", "shown_self_score", _field("shown_self_score")),
        Order("name", "单位名称", "profile__department__name", Department._meta.get_field("name")),
    )
}
DEFAULT_ORDER = ORDERS["waiting"]
KEPT_FIELDS = (
    *("q", "status", "year", "main", "office", "mine", "free", "late", "errors", "warnings"),
    *("unexplained", "resubmitted", "older", "gap", "review_gap", "sort"),
)
"""What of an address is part of a filter; a saved view keeps nothing else."""


OF_DEPARTMENT = ("q", "main", "office")
"""Filters that leave few departments."""


PARENTS = Prepared(
    [], lambda: Department.objects.filter(parent__isnull=False).order_by().values_list("parent").distinct()
)
"""Departments that have units: the values of an index, of which SQLite reads each once."""


def _mains(user: User) -> Callable[[int], Prepared]:
    mains = Department.objects.filter(readable_by(user, ""), parent=None)
    return cache(
        lambda size: Prepared(marks(size), lambda *keys: mains.filter(pk__in=keys).values_list("pk", "name"))
    )


MAINS = ByReader(_mains)


def mains_of(user: User) -> list[tuple[int, str]]:
    """Key and name of the main departments that the person may read and that have units."""
    keys = [pk for (pk,) in PARENTS()]
    return MAINS(user)(size := size_for(keys, 64))(*filled(keys, size)) if keys else []


class QueueFilter(django_filters.FilterSet):
    """Who, where, in which state, and what stands out about it."""

    q = django_filters.CharFilter(label="单位名称", method="by_name", max_length=50)
    status = django_filters.ChoiceFilter(
        label="状态", choices=STATES, method="by_state", empty_label="全部状态"
    )
    year = django_filters.ChoiceFilter(label="年度", method="by_year", empty_label="全部年度")
    main = django_filters.ChoiceFilter(label="主管部门", method="by_main", empty_label="全部主管部门")
    office = django_filters.ChoiceFilter(label="业务股室", method="by_office", empty_label="全部股室")
    mine = django_filters.BooleanFilter(label="我认领的", method="by_mine", widget=forms.CheckboxInput)
    free = django_filters.BooleanFilter(label="还没有人认领", method="by_free", widget=forms.CheckboxInput)
    late = django_filters.BooleanFilter(label="逾期未报", method="by_late", widget=forms.CheckboxInput)
    errors = django_filters.BooleanFilter(label="有错误", method="by_errors", widget=forms.CheckboxInput)
    warnings = django_filters.BooleanFilter(label="有疑点", method="by_warnings", widget=forms.CheckboxInput)
    unexplained = django_filters.BooleanFilter(
        label="有未说明的疑点", method="by_unexplained", widget=forms.CheckboxInput
    )
    resubmitted = django_filters.BooleanFilter(
        label="退回后重新报送", method="by_resubmitted", widget=forms.CheckboxInput
    )
    older = django_filters.BooleanFilter(
        label="按旧规则核对", method="by_older_rules", widget=forms.CheckboxInput
    )
    gap = django_filters.NumberFilter(
        label="自评比系统评分至少高（分）", method="by_gap", min_value=0, max_value=100
    )
    review_gap = django_filters.NumberFilter(
        label="自评比复核得分至少高（分）", method="by_review_gap", min_value=0, max_value=100
    )

    class Meta:
        model = Report
        fields: list[str] = []

    def __init__(self, data: Any, *, user: User) -> None:
        self.user, self.today = user, timezone.localdate()
        regions = regions_of(user)
        self.rounds = {item.pk: item for item in Round.objects.filter(region__in=regions).order_by("pk")}
        self.rules = current(self.rounds.values())
        order = ORDERS.get(data.get("sort", ""), DEFAULT_ORDER)
        few = any(data.get(name) for name in OF_DEPARTMENT)
        reports = _visible(user, order, few, self.rounds).as_of(self.today)
        super().__init__(data, queryset=reports)
        self.order = order
        years = sorted({item.year for item in self.rounds.values()}, reverse=True)
        self.filters["year"].extra["choices"] = [(str(year), f"{year}年度") for year in years]
        self.filters["main"].extra["choices"] = [(str(pk), name) for pk, name in mains_of(user)]
        offices = list(BusinessOffice.objects.visible_to(user))
        self.filters["office"].extra["choices"] = [
            *(
                [("own", "我所在的股室")]
                if offices and user.access.holds(Role.REVIEWER, Role.ROUND_MANAGER)
                else []
            ),
            *((str(item.pk), item.name) for item in offices),
            *([("none", "没有归口股室的")] if offices else []),
        ]

    @property
    def helper(self) -> FormHelper:
        """The template lays the form out."""
        made = FormHelper()
        made.form_tag = False
        return made

    def load(self, keys: Iterable[int]) -> list[Report]:
        """The reports of these keys in their order, with their context."""
        found = Report.objects.visible_to(self.user).with_context().in_bulk(list(keys))
        return [found[key] for key in keys if key in found]

    def rows(self, keys: Iterable[int]) -> list[QueueRow]:
        """The same with nothing but what the list shows."""
        found = rows_of(self.user, keys)
        for row in found:
            known = self.rules.get(row.round)
            row.older_rules = row.status in CHECKED and not row.nil and row.checked_by_rules != known
        return found

    def by_name(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(profile__department__name__icontains=value.strip())

    def by_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(status__in=OWED) if value == "owed" else queryset.filter(status=value)

    def by_year(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        rounds = [pk for pk, item in self.rounds.items() if str(item.year) == value]
        return queryset.filter(round=rounds[0]) if len(rounds) == 1 else queryset.filter(round__in=rounds)

    def by_main(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(profile__department__parent=value)

    def by_office(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        if value == "own":
            return queryset.filter(profile__department__office__in=self.user.business_offices.all())
        return queryset.filter(profile__department__office=None if value == "none" else value)

    def by_mine(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        return queryset.filter(assigned_to=self.user) if value else queryset

    def by_free(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        return queryset.filter(assigned_to=None) if value else queryset

    def by_late(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        return queryset.filter(LATE) if value else queryset

    def by_errors(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        return queryset.filter(open_errors__gt=0) if value else queryset

    def by_warnings(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        return queryset.filter(all_warnings__gt=0) if value else queryset

    def by_unexplained(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        return queryset.filter(open_warnings__gt=0) if value else queryset

    def by_resubmitted(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        return queryset.filter(times_submitted__gt=1, status__in=CHECKED) if value else queryset

    def by_older_rules(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        if not value:
            return queryset
        today = Q(pk__in=[])
        for round_, rules in self.rules.items():
            today |= Q(round=round_, checked_by_rules=rules)
        return queryset.filter(~today, status__in=CHECKED, profile__nil_reason=None)

    def by_gap(self, queryset: QuerySet, name: str, value: Decimal) -> QuerySet:
        return queryset.annotate(over=F("shown_self_score") - F("shown_score")).filter(over__gte=value - HAIR)

    def by_review_gap(self, queryset: QuerySet, name: str, value: Decimal) -> QuerySet:
        return queryset.annotate(above=F("shown_self_score") - F("reviewed_score")).filter(
            above__gte=value - HAIR
        )


def _visible(user: User, order: Order, few: bool, rounds: Iterable[int]) -> QuerySet:
    """What the person may read, asked so that the order's index leads.

    Who reads a whole region sees most rows: the list is walked in its order, over the rounds of the region, and the rows
    of a page are asked for by ``visible_to`` again. One starts from the departments where only ``few`` of them are wanted,
    or where the order is theirs.
    """
    access = user.access
    visible = Report.objects.visible_to(user)
    if not order.on_row or not access.read_regions or few:
        return visible
    if access.unit_departments or access.main_departments:
        return Report.objects.filter(Exists(visible.filter(pk=OuterRef("pk")).order_by()))
    return Report.objects.filter(round__in=list(rounds))


def kept(data: QueryDict | dict[str, str]) -> str:
    """The part of an address that is a filter, in a fixed order, without what is empty."""
    query = QueryDict(mutable=True)
    for name in KEPT_FIELDS:
        if value := data.get(name, "").strip():
            query[name] = value
    return query.urlencode()
