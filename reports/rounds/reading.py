"""What the pages of a round show: departments to choose from, what opening will make, who is where. No writing.

Every function is a fixed number of queries, however many departments the region has.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from django.db.models import Count, OuterRef, Q, Subquery

from departments.choices import Role
from departments.models import AnnualProfile, AuditEntry, Department, Region, RoleAssignment, User
from indicators.policy import PolicyError
from reports import outlines, policies
from reports.choices import DONE, OWED, REVIEWABLE, Status
from reports.models import NilReason, Reminder, Report, Round
from reports.outline import OutlineError
from reports.prepared import Prepared, filled, marks, size_for
from reports.querysets import LATE, ReportQuerySet
from reports.rollover import CARRIED
from reports.versions import choosable

# ------------------------------------------------------------------ choosing


@dataclass(frozen=True)
class Group:
    """A main department (主管部门) with its units, as the list to tick shows them."""

    main: Department
    main_is_in: bool
    """Whether the main department itself can be ticked; it may be out of use or in the round already."""
    units: tuple[Department, ...] = ()


def department_groups(region: Region | int, without: Iterable[int] = ()) -> list[Group]:
    """The region's departments in use by main department; ``without`` are in the round already."""
    found = list(Department.objects.filter(region=region).select_related("parent"))
    left_out = set(without)
    choosable = [item for item in found if item.is_active and item.pk not in left_out]
    units: dict[int, list[Department]] = {}
    for item in choosable:
        if item.parent_id:
            units.setdefault(item.parent_id, []).append(item)
    tops = {item.pk for item in choosable if not item.parent_id}
    return [
        Group(item, item.pk in tops, tuple(units.get(item.pk, ())))
        for item in found
        if item.pk in tops or item.pk in units
    ]


def policy_choices(region: Region) -> list[tuple[str, str]]:
    """Presets and the newest version of each of the region's own policies, for a form."""
    return choosable(policies.SHELF, region)


def template_choices(region: Region) -> list[tuple[str, str]]:
    """Likewise for report templates."""
    return choosable(outlines.SHELF, region)


def policy_label(round: Round) -> str:
    """Name of the round's policy; its title where it cannot be read any more."""
    try:
        return policies.policy_of(round).label
    except PolicyError:
        return round.policy


def template_label(round: Round) -> str:
    """Name of the round's report template, likewise."""
    try:
        return outlines.outline_of(round).label
    except OutlineError:
        return round.template


# ------------------------------------------------------------------ what opening will make


@dataclass(frozen=True)
class Plan:
    """What opening a year for some departments will make (预览)."""

    carried: tuple[Department, ...] = ()
    empty: tuple[Department, ...] = ()
    without_people: tuple[Department, ...] = ()
    """Nobody can fill in: no active filler or head."""
    left_out: tuple[Department, ...] = ()
    """In use, but not chosen."""

    @property
    def total(self) -> int:
        return len(self.carried) + len(self.empty)


def plan(region: Region, year: int, departments: Sequence[Department], *, carry_over: bool) -> Plan:
    """Who begins from last year's report, who with an empty one, and who has nobody to fill it in."""
    keys = [item.pk for item in departments]
    begun = AnnualProfile.objects.filter(department__in=keys, year=year)
    last = Report.objects.filter(
        profile__department__in=keys,
        profile__year=year - 1,
        profile__nil_reason=None,
        status__in=CARRIED,
    )
    carried = set(last.values_list("profile__department", flat=True)) if carry_over else set()
    carried -= set(begun.values_list("department", flat=True))
    staffed = set(
        RoleAssignment.objects.filter(
            department__in=keys,
            role__in=(Role.FILLER, Role.UNIT_HEAD),
            is_active=True,
            user__is_active=True,
        ).values_list("department", flat=True)
    )
    others = Department.objects.filter(region=region, is_active=True).exclude(pk__in=keys)
    return Plan(
        carried=tuple(item for item in departments if item.pk in carried),
        empty=tuple(item for item in departments if item.pk not in carried),
        without_people=tuple(item for item in departments if item.pk not in staffed),
        left_out=tuple(others),
    )


# ------------------------------------------------------------------ who is where


@dataclass(frozen=True)
class Progress:
    """A round in figures. Cancelled units are in no other figure; nil reports are in all, and said apart."""

    total: int = 0
    owed: int = 0
    late: int = 0
    reviewing: int = 0
    done: int = 0
    published: int = 0
    nil: int = 0
    cancelled: int = 0

    @property
    def share(self) -> int:
        """Per cent of the reports that are approved."""
        return round(100 * self.done / self.total) if self.total else 0


def progress(rounds: Iterable[Round]) -> dict[int, Progress]:
    """Figures of several rounds in one query."""
    nil = Q(profile__nil_reason__isnull=False)
    counted = ~Q(status=Status.CANCELLED)
    rows = (
        Report.objects.filter(round__in=list(rounds))
        .as_of()
        .order_by()
        .values("round")
        .annotate(
            total=Count("pk", filter=counted),
            owed=Count("pk", filter=Q(status__in=OWED)),
            late=Count("pk", filter=LATE),
            reviewing=Count("pk", filter=Q(status__in=sorted(REVIEWABLE))),
            done=Count("pk", filter=counted & Q(status__in=sorted(DONE))),
            published=Count("pk", filter=Q(status=Status.PUBLISHED)),
            nil=Count("pk", filter=nil & counted),
            cancelled=Count("pk", filter=Q(status=Status.CANCELLED)),
        )
    )
    return {row.pop("round"): Progress(**row) for row in rows}


@cache
def _nil(size: int) -> Prepared:
    # Few reports are nil ones: the subquery is what a database begins with, where a join may walk the whole round.
    filed = NilReason.objects.values("profile")
    return Prepared(
        marks(size),
        lambda *rounds: (
            Report.objects.filter(profile__in=filed, round__in=rounds)
            .exclude(status=Status.CANCELLED)
            .values_list("round")
            .annotate(Count("pk"))
            .order_by()
        ),
    )


def nil_reports(rounds: Iterable[Round]) -> dict[int, int]:
    """How many nil reports (零报告) each round has, cancelled ones not counted."""
    keys = [item.pk for item in rounds]
    return dict(_nil(size := size_for(keys))(*filled(keys, size))) if keys else {}


STATES = [
    ("owed", "未报送（填报中、已确认、已退回）"),
    ("late", "逾期未报"),
    ("silent", "未报送且从未催报"),
    ("reviewing", "审核中（主管部门、财政局）"),
    ("nil", "零报告"),
    ("extended", "已延期"),
    *Status.choices,
]


def reports_of(user: User, round: Round, state: str = "", words: str = "") -> ReportQuerySet:
    """The round's reports that the person may read, with the day of the last reminder; filtered."""
    reminders = Reminder.objects.filter(report=OuterRef("pk")).order_by("-day", "-pk")
    found = (
        Report.objects.visible_to(user)
        .filter(round=round)
        .with_context()
        .as_of()
        .annotate(reminded_on=Subquery(reminders.values("day")[:1]))
        .order_by("profile__department__budget_code", "profile__department__name")
    )
    if words:
        found = found.filter(profile__department__name__icontains=words) | found.filter(
            profile__department__parent__name__icontains=words
        )
    match state:
        case "owed":
            return found.filter(status__in=OWED)
        case "late":
            return found.filter(LATE)
        case "silent":
            return found.filter(status__in=OWED, reminded_on=None)
        case "reviewing":
            return found.filter(status__in=REVIEWABLE)
        case "nil":
            return found.filter(profile__nil_reason__isnull=False)
        case "extended":
            return found.filter(extended_until__isnull=False)
    return found.filter(status=state) if state in Status.values else found


def history(round: Round, most: int = 30) -> list[AuditEntry]:
    """What its managers did with the round, newest first."""
    entries = AuditEntry.objects.filter(
        region=round.region_id, department=None, event__startswith="round-", data__round=round.pk
    )
    return list(entries[:most])


# ------------------------------------------------------------------ calendar


@dataclass(frozen=True)
class Due:
    """A last day, and whose."""

    date: datetime.date
    title: str
    uid: str
    text: str = ""


def round_days(round: Round) -> list[Due]:
    """The round's last day and every later one of an extension that is still open, with the units that have it."""
    found = [
        Due(
            round.deadline,
            f"{round.year}年度绩效自评报送截止",
            f"round-{round.pk}",
            f"{round.region.name}各单位{round.year}年度部门整体支出绩效自评报告报送截止。",
        )
    ]
    extended: dict[datetime.date, list[str]] = {}
    rows = Report.objects.filter(round=round, status__in=OWED, extended_until__isnull=False)
    for date, name in rows.order_by("extended_until", "profile__department__name").values_list(
        "extended_until", "profile__department__name"
    ):
        extended.setdefault(date, []).append(name)
    for date, names in extended.items():
        found.append(
            Due(
                date,
                f"{round.year}年度绩效自评延期截止（{len(names)}个单位）",
                f"round-{round.pk}-{date:%Y%m%d}",
                f"已批准延期的单位：{'、'.join(names)}",
            )
        )
    return found


def report_day(report: Report) -> Due:
    """The unit's own last day, the extension counted in."""
    extended = f"（原截止日期{report.round.deadline:%Y-%m-%d}，已批准延期）" if report.extended_until else ""
    return Due(
        report.due,
        f"{report.year}年度绩效自评报送截止",
        f"report-{report.pk}",
        f"{report.department.name}{report.year}年度部门整体支出绩效自评报告报送截止{extended}。",
    )
