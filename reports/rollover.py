"""A new year begins from last year's: the unit, its offices, duties, projects, indicators, weights and goals; no figure.

Figures stay empty: last year's stand beside the fields (:mod:`reports.workspace.prior`). Only an approved (or
published) report is carried over; a unit without one begins with an empty year. Where this year's targets were approved
with the budget (:mod:`reports.targets`), they win over last year's goals, indicators and weights.
"""

from __future__ import annotations

from django.db import transaction

from departments.models import AnnualProfile, Department, User
from departments.services import record
from indicators import models
from indicators.dossier import Indicator, Indicators, Sheet
from reports.choices import Status
from reports.dossier import Dossier
from reports.evaluation import approved_of
from reports.models import Report, Round
from reports.notices import send
from reports.outlines import outline_of
from reports.put import put
from reports.take import take
from reports.targets.prefill import fill, led_by
from reports.workflow import Party, parties

CARRIED = (Status.APPROVED, Status.PUBLISHED)


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
    """The department's approved report of the year before; a nil one (零报告) has nothing to carry over."""
    return (
        Report.objects.with_context()
        .filter(
            profile__department=department,
            profile__year=year - 1,
            profile__nil_reason=None,
            status__in=CARRIED,
        )
        .first()
    )


@transaction.atomic
def begin_report(
    *, department: Department, round_: Round, by: User | None = None, carry: bool = True
) -> tuple[Report, bool]:
    """The department's report in a round, begun from the approved targets and, if ``carry``, from last year's; and whether
    anything of last year's was carried over.

    The unit's people are told in the same transaction. A report that is there already is answered as it is.
    """
    profile, new = AnnualProfile.objects.get_or_create(department=department, year=round_.year)
    report = Report.objects.filter(profile=profile).first()
    if report is not None:
        return report, False
    before = last_approved(department, round_.year) if carry else None
    approved = approved_of(department.pk, round_.year)
    if new and before is not None:
        dossier = carried_over(take(before.profile, outline_of(before.round)))
        put(led_by(dossier, approved.approved) if approved else dossier, profile)
    elif approved and not models.Indicator.objects.filter(profile=profile, project=None).exists():
        fill(profile, approved.approved)
    report = Report.objects.create(profile=profile, round=round_)
    carried = new and before is not None
    source = f"，带入{round_.year - 1}年度的单位情况{'' if approved else '、目标和指标'}" if carried else ""
    if approved:
        source += f"，按批复的绩效目标（第{approved.number}版）填入目标、指标和分值"
    record(
        event="report.begin",
        sentence=f"{by or '系统'}建立了{department.name}{round_.year}年度自评报告{source}",
        by=by,
        profile=profile,
        data={"carried_over": carried, "approved": approved.pk if approved else None},
    )
    due = round_.deadline
    people = parties(report)
    send(
        report,
        people[Party.FILLER] | people[Party.HEAD],
        f"财政局已布置{round_.year}年度部门整体支出绩效自评，请于{due.year}年{due.month}月{due.day}日前报送{source}",
    )
    return report, carried
