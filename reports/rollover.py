"""A new year begins from last year's: the unit, its offices, duties, projects, indicators, weights and goals; no figure.

Figures stay empty: last year's stand beside the fields (:mod:`reports.workspace.prior`). Only an approved (or
published) report is carried over; a unit without one begins with an empty year.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import QuerySet

from departments.models import AnnualProfile, Department, User
from departments.services import record
from indicators.dossier import Indicator, Indicators, Sheet
from reports.choices import Status
from reports.dossier import Dossier
from reports.models import Report, Round
from reports.outlines import outline_of
from reports.put import put
from reports.take import take

CARRIED = (Status.APPROVED, Status.PUBLISHED)


@dataclass
class Opened:
    """What opening a round made."""

    carried: list[Report] = field(default_factory=list)
    empty: list[Report] = field(default_factory=list)
    existing: int = 0


def carried_over(dossier: Dossier) -> Dossier:
    """What of an approved dossier the next year begins with."""
    profile = dossier.profile
    projects = tuple(
        project.model_copy(update=dict.fromkeys(
            ("prior_final", "initial_budget", "full_budget", "allocated", "spent")
        ))
        for project in dossier.money.projects
    )  # fmt: skip
    sheets = tuple(sheet.model_copy(update=_emptied(sheet)) for sheet in dossier.indicators.projects)
    money = type(dossier.money)(projects=projects, project_office=dossier.money.project_office)
    return Dossier(
        profile=profile.model_copy(
            update={"year": profile.year + 1, "prepared_on": None, "staff_on_posts": None, "retirees": None}
        ),
        money=money,
        indicators=Indicators(**_emptied(dossier.indicators), projects=sheets),
    )


def _emptied(sheet: Sheet) -> dict[str, object]:
    return {
        "goals": tuple(goal.model_copy(update={"actual": ""}) for goal in sheet.goals),
        "indicators": tuple(_next_year(line) for line in sheet.indicators),
        "assessment": type(sheet.assessment)(),
    }


def _next_year(line: Indicator) -> Indicator:
    """Name, classes, weight and way of computing; target and everything about the year empty."""
    return Indicator(
        key=line.key,
        level1=line.level1,
        level2=line.level2,
        name=line.name,
        weight=line.weight,
        formula=line.formula,
        core=line.core,
        rule=line.rule,
    )


def last_approved(department: Department, year: int) -> Report | None:
    """The department's approved report of the year before."""
    return (
        Report.objects.with_context()
        .filter(profile__department=department, profile__year=year - 1, status__in=CARRIED)
        .first()
    )


@transaction.atomic
def begin_report(*, department: Department, round_: Round, by: User | None = None) -> tuple[Report, bool]:
    """The department's report in a round, begun from last year's; and whether anything was carried over.

    A report that is there already is answered as it is.
    """
    profile, new = AnnualProfile.objects.get_or_create(department=department, year=round_.year)
    report = Report.objects.filter(profile=profile).first()
    if report is not None:
        return report, False
    before = last_approved(department, round_.year)
    if new and before is not None:
        put(carried_over(take(before.profile, outline_of(before.round))), profile)
    report = Report.objects.create(profile=profile, round=round_)
    carried = new and before is not None
    source = f"，带入{round_.year - 1}年度的单位情况、目标和指标" if carried else ""
    record(
        event="report.begin",
        sentence=f"{by or '系统'}建立了{department.name}{round_.year}年度自评报告{source}",
        by=by,
        profile=profile,
        data={"carried_over": carried},
    )
    return report, carried


def open_round(*, round_: Round, by: User | None = None) -> Opened:
    """A report for every department of the round's region, one short transaction each."""
    found = Opened()
    for department in _departments(round_):
        if Report.objects.filter(profile__department=department, profile__year=round_.year).exists():
            found.existing += 1
            continue
        report, carried = begin_report(department=department, round_=round_, by=by)
        (found.carried if carried else found.empty).append(report)
    return found


def _departments(round_: Round) -> QuerySet[Department]:
    """Departments in use of the round's region."""
    return (
        Department.objects.filter(region=round_.region, is_active=True)
        .select_related("region")
        .order_by("pk")
    )
