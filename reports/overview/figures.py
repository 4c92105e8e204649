"""Figures of one round (总览数据): a fixed number of aggregate queries, whatever the number of reports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from budgets.money import rate, round_half_up
from departments.choices import REGION_READERS, Role
from departments.models import User
from indicators.policy import Policy
from reports.checks import all_checks
from reports.checks.support.around import LEAST_UNITS
from reports.choices import DONE, OWED, REVIEWABLE, Status
from reports.findings import Level
from reports.models import FindingCount, Report, Round
from reports.overview.slices import (
    DUE,
    HUNDREDFOLD,
    IS_SENT,
    Division,
    Part,
    Usual,
    divisions,
    parts_of,
    unusual,
)
from reports.policies import policy_of
from reports.querysets import LATE, ReportQuerySet

READERS = (*sorted(REGION_READERS), Role.MAIN_REVIEWER)
EXAMPLES = 5
"""Units shown of each unusual group."""
POINTS = 400
"""Reports drawn in the scatter plot; of more, those whose scores differ most."""

BOTH = IS_SENT & Q(shown_budget__isnull=False, shown_spent__isnull=False)
SUMS = {
    "budget": Sum("shown_budget", filter=IS_SENT),
    "spent": Sum("shown_spent", filter=IS_SENT),
    "compared_budget": Sum("shown_budget", filter=BOTH),
    "compared_spent": Sum("shown_spent", filter=BOTH),
}
"""Sums of the delivered reports; a rate is made only of those that state both amounts."""


# ------------------------------------------------------------------ which rounds and reports


def rounds_of(user: User) -> QuerySet[Round]:
    """Rounds that the person may look at as a whole, or of whose units the person is the main department."""
    access = user.access
    of_units = Q(region__departments__in=access.main_departments)
    return (
        Round.objects.filter(Q(region__in=access.read_regions) | of_units)
        .select_related("region")
        .order_by("-year", "region")
        .distinct()
    )


def reports_of(user: User, round_: Round) -> ReportQuerySet:
    """The round's reports that the overview counts for this person, ready for the conditions of the divisions."""
    return prepared(
        _counted(Report.objects.all(), user, round_.region_id, "profile__department").filter(round=round_)
    )


def _counted(rows: QuerySet, user: User, region: int, department: str) -> QuerySet:
    """Of rows of the region's rounds those that this person's overview adds up; ``department`` is the way to it.

    Who reads the region reads all of its rounds: then no row is asked for its department, which was half of the work.
    """
    access = user.access
    if user.is_active and region in access.read_regions:
        return rows
    mine = Q(**{f"{department}__in": access.main_departments}) | Q(
        **{f"{department}__parent__in": access.main_departments}
    )
    return rows.visible_to(user).filter(mine)


def prepared(reports: ReportQuerySet) -> ReportQuerySet:
    """The reports with the annotations that the conditions name."""
    return reports.as_of().annotate(**HUNDREDFOLD)


# ------------------------------------------------------------------ the figures


@dataclass(frozen=True)
class Counted:
    """One part with the number of its reports."""

    part: Part
    count: int


@dataclass(frozen=True)
class Divided:
    """A division with its counts; they add up to the reports that are due."""

    division: Division
    rows: tuple[Counted, ...]

    @property
    def total(self) -> int:
        return sum(row.count for row in self.rows)

    def count(self, key: str) -> int:
        """Reports of the part of that key."""
        return next(row.count for row in self.rows if row.part.key == key)

    @property
    def sent(self) -> int:
        """Reports that were delivered."""
        return sum(row.count for row in self.rows if row.part.key != "unsent")


@dataclass(frozen=True)
class MainDepartment:
    """Progress of one main department with its units."""

    pk: int
    name: str
    done: int
    reviewing: int
    open: int
    late: int
    mean: Decimal | None
    """Mean 自评得分 of what was delivered."""
    rate: Decimal | None
    """Spending ÷ budget of what was delivered."""

    @property
    def due(self) -> int:
        return self.done + self.reviewing + self.open + self.late

    @property
    def missing(self) -> int:
        return self.open + self.late


@dataclass(frozen=True)
class Fired:
    """One rule in the newest submissions of the round."""

    code: str
    title: str
    kind: str
    reports: int
    findings: int
    errors: int
    warnings: int
    hints: int
    waived: int


@dataclass(frozen=True)
class Unusual:
    """A group of units that ask for a second look, with the first few of them."""

    part: Part
    count: int
    examples: tuple[Report, ...]


@dataclass(frozen=True)
class Year:
    """One round of the region's history."""

    round: int
    year: int
    due: int
    sent: int
    self_score: Decimal | None
    score: Decimal | None
    reviewed: Decimal | None
    budget: Decimal | None
    spent: Decimal | None
    rate: Decimal | None
    grades: tuple[int, ...]
    """By :attr:`Overview.grade_names`."""


@dataclass(frozen=True)
class Overview:
    """Everything that the overview and the summary report say about one round."""

    round: Round
    policy: Policy
    by_state: dict[Status, int]
    divided: dict[str, Divided]
    due: int
    cancelled: int
    without_figures: int
    """Delivered reports from before the figures were stored (``manage.py recount``)."""
    nil: int
    """零报告 among the reports due."""
    extended: int
    self_score: Decimal | None
    score: Decimal | None
    reviewed: Decimal | None
    reviewed_count: int
    changed_by_review: int
    budget: Decimal | None
    """全年预算数 of all delivered reports that state it, in 元."""
    spent: Decimal | None
    rate: Decimal | None
    """Spending ÷ budget of all delivered reports that state both."""
    targets: int
    targets_met: int
    main_departments: tuple[MainDepartment, ...]
    rules: tuple[Fired, ...]
    unusual: tuple[Unusual, ...]
    points: tuple[tuple[str, Decimal, Decimal], ...]
    """(unit, 系统评分, 自评得分) of delivered reports, those that differ most first."""
    history: tuple[Year, ...]

    @property
    def grade_names(self) -> tuple[str, ...]:
        return tuple(grade.name for grade in self.policy.grades)

    @property
    def sent(self) -> int:
        return self.divided["self"].sent

    @property
    def owed(self) -> int:
        return self.due - self.sent

    @property
    def late(self) -> int:
        return self.divided["progress"].count("late")


def overview(user: User, round_: Round) -> Overview:
    """All figures of a round, of the reports that the person may see."""
    policy, reports = policy_of(round_), reports_of(user, round_)
    due = reports.filter(DUE)
    usual = usual_of(due)
    ways, groups = divisions(policy), unusual(usual)
    parts = list(parts_of(policy, usual))
    totals = reports.aggregate(
        **{_name(part): Count("pk", filter=part.where) for part in parts},
        **{f"state_{status}": Count("pk", filter=Q(status=status)) for status in Status},
        without_figures=Count("pk", filter=IS_SENT & Q(figures_at=None)),
        nil=Count("pk", filter=DUE & Q(profile__nil_reason__isnull=False)),
        extended=Count("pk", filter=DUE & Q(extended_until__isnull=False)),
        reviewed_count=Count("pk", filter=IS_SENT & Q(reviewed_score__isnull=False)),
        changed=Count(
            "pk",
            filter=IS_SENT
            & Q(reviewed_score__isnull=False, shown_self_score__isnull=False)
            & ~Q(reviewed_score=F("shown_self_score")),
        ),
        self_score=Avg("shown_self_score", filter=IS_SENT),
        score=Avg("shown_score", filter=IS_SENT),
        reviewed=Avg("reviewed_score", filter=IS_SENT),
        **SUMS,
        targets=Sum("shown_targets", filter=IS_SENT),
        targets_met=Sum("shown_targets_met", filter=IS_SENT),
    )
    counts = {part.key: totals[_name(part)] for part in parts}
    by_state = {status: totals[f"state_{status}"] for status in Status}
    return Overview(
        round=round_,
        policy=policy,
        by_state=by_state,
        divided={
            way.key: Divided(way, tuple(Counted(part, counts[part.key]) for part in way.parts))
            for way in ways
        },
        due=sum(by_state.values()) - by_state[Status.CANCELLED],
        cancelled=by_state[Status.CANCELLED],
        without_figures=totals["without_figures"],
        nil=totals["nil"],
        extended=totals["extended"],
        self_score=_points(totals["self_score"]),
        score=_points(totals["score"]),
        reviewed=_points(totals["reviewed"]),
        reviewed_count=totals["reviewed_count"],
        changed_by_review=totals["changed"],
        budget=_yuan(totals["budget"]),
        spent=_yuan(totals["spent"]),
        rate=_rate(totals),
        targets=totals["targets"] or 0,
        targets_met=totals["targets_met"] or 0,
        main_departments=tuple(_main_departments(due)),
        rules=tuple(fired_rules(user, round_)),
        unusual=tuple(_unusual(due, groups, counts)),
        points=tuple(_points_of(due)),
        history=tuple(_history(user, round_, [grade.name for grade in policy.grades])),
    )


def _name(part: Part) -> str:
    return f"part_{part.key.replace('-', '_')}"


def _points(mean: Any) -> Decimal | None:
    return None if mean is None else round_half_up(Decimal(str(mean)))


def _yuan(amount: Any) -> Decimal | None:
    return None if amount is None else round_half_up(Decimal(str(amount)))


def _rate(sums: dict[str, Any]) -> Decimal | None:
    return rate(_yuan(sums["compared_spent"]), _yuan(sums["compared_budget"]))


def usual_of(due: ReportQuerySet) -> Usual:
    """Medians of the delivered reports; two cheap queries a measure, no list of all values."""
    return Usual(_median(due, "shown_running_per_head"), _median(due, "shown_basic_per_head"))


def _median(due: ReportQuerySet, field: str) -> Decimal | None:
    stated = due.filter(IS_SENT, **{f"{field}__isnull": False})
    count = stated.count()
    if count < LEAST_UNITS:
        return None
    first = (count - 1) // 2
    middle = list(stated.order_by(field).values_list(field, flat=True)[first : count // 2 + 1])
    return sum(middle) / len(middle)


def _main_departments(due: ReportQuerySet) -> Iterator[MainDepartment]:
    """One row a main department, those with most missing first."""
    department = "profile__department"
    rows = (
        due.order_by()
        .values(
            main=Coalesce(f"{department}__parent", department),
            name=Coalesce(f"{department}__parent__name", f"{department}__name"),
        )
        .annotate(
            done=Count("pk", filter=Q(status__in=sorted(DONE))),
            reviewing=Count("pk", filter=Q(status__in=sorted(REVIEWABLE))),
            missing=Count("pk", filter=Q(status__in=OWED)),
            late=Count("pk", filter=LATE),
            mean=Avg("shown_self_score", filter=IS_SENT),
            **SUMS,
        )
        .order_by("-late", "-missing", "-reviewing", "name")
    )
    for row in rows:
        yield MainDepartment(
            pk=row["main"],
            name=row["name"],
            done=row["done"],
            reviewing=row["reviewing"],
            open=row["missing"] - row["late"],
            late=row["late"],
            mean=_points(row["mean"]),
            rate=_rate(row),
        )


def counts_of(user: User, round_: Round) -> QuerySet[FindingCount]:
    """Finding counts of the round that this person's overview adds up; cancelled reports left out."""
    rows = _counted(FindingCount.objects.all(), user, round_.region_id, "report__profile__department")
    rows = rows.filter(report__round=round_)
    return rows.exclude(report__status=Status.CANCELLED)


def fired_rules(user: User, round_: Round) -> list[Fired]:
    """Rules that fired, those that concern most reports first; what was waived is counted apart."""
    titles = {rule.code: rule.title for rule in all_checks()}
    counts = ~Q(level=Level.OFF)
    rows = (
        counts_of(user, round_)
        .order_by()
        .values("code", "kind")
        .annotate(
            reports=Count("report", filter=counts, distinct=True),
            findings=Sum("count", filter=counts, default=0),
            errors=Sum("count", filter=Q(level=Level.ERROR), default=0),
            warnings=Sum("count", filter=Q(level=Level.WARNING), default=0),
            hints=Sum("count", filter=Q(level=Level.HINT), default=0),
            waived=Sum("count", filter=Q(level=Level.OFF), default=0),
        )
        .order_by("-reports", "-findings", "code")
    )
    return [Fired(title=titles.get(row["code"], row["code"]), **row) for row in rows]


OF_EXAMPLE = (
    *("profile__department__name", "shown_self_score", "shown_score", "shown_rate"),
    *("shown_running_per_head", "shown_basic_per_head"),
)
"""Columns that an example shows."""


def _unusual(due: ReportQuerySet, groups: tuple[Part, ...], counts: dict[str, int]) -> Iterator[Unusual]:
    first = {
        "unusual-gap": "-shown_gap",
        "unusual-over": "-shown_rate",
        "unusual-under": "shown_rate",
        "unusual-satisfied": "-shown_self_score",
        "unusual-running": "-shown_running_per_head",
        "unusual-basic": "-shown_basic_per_head",
    }
    for part in groups:
        found = due.filter(part.where).order_by(first[part.key], "pk")
        found = found.select_related("profile__department").only(*OF_EXAMPLE)[:EXAMPLES]
        yield Unusual(part, counts[part.key], tuple(found))


def _points_of(due: ReportQuerySet) -> Iterator[tuple[str, Decimal, Decimal]]:
    stated = due.filter(IS_SENT, shown_gap__isnull=False)
    yield from (
        stated.annotate(apart=F("shown_gap") * F("shown_gap"))
        .order_by("-apart", "pk")
        .values_list("profile__department__name", "shown_score", "shown_self_score")[:POINTS]
    )


def _history(user: User, round_: Round, grades: list[str]) -> Iterator[Year]:
    """The region's rounds up to this one, oldest first."""
    rows = (
        _counted(Report.objects.all(), user, round_.region_id, "profile__department")
        .filter(round__region=round_.region_id, round__year__lte=round_.year)
        .order_by()
        .values("round", "round__year")
        .annotate(
            due=Count("pk", filter=DUE),
            sent=Count("pk", filter=IS_SENT),
            self_score=Avg("shown_self_score", filter=IS_SENT),
            score=Avg("shown_score", filter=IS_SENT),
            reviewed=Avg("reviewed_score", filter=IS_SENT),
            **SUMS,
            **{
                f"grade_{number}": Count("pk", filter=IS_SENT & Q(shown_grade=name))
                for number, name in enumerate(grades)
            },
        )
        .order_by("round__year")
    )
    for row in rows:
        yield Year(
            round=row["round"],
            year=row["round__year"],
            due=row["due"],
            sent=row["sent"],
            self_score=_points(row["self_score"]),
            score=_points(row["score"]),
            reviewed=_points(row["reviewed"]),
            budget=_yuan(row["budget"]),
            spent=_yuan(row["spent"]),
            rate=_rate(row),
            grades=tuple(row[f"grade_{number}"] for number in range(len(grades))),
        )
