"""``put()``: write a dossier into an empty year, the way back of :func:`reports.take.take`.

Used for the demo district and wherever a dossier read from a file becomes a unit's draft.
"""

from __future__ import annotations

import uuid
from decimal import Decimal

from django.db import transaction

from budgets import dossier as money
from budgets.models import Adjustment, Building, FundsStatement, Line, Project
from budgets.tables import TABLES, TOTAL, Column
from departments.models import AnnualProfile, Duty, InternalOffice
from indicators import dossier as indicators
from indicators.models import Goal, Indicator, SelfAssessment
from reports.dossier import Dossier
from reports.models import Explanation, NarrativeSection, NilReason


class YearNotEmpty(ValueError):
    """The year holds data already; nothing was written."""


@transaction.atomic
def put(dossier: Dossier, profile: AnnualProfile) -> None:
    """Write all that the dossier states into ``profile``, whose year must be empty.

    Department and region are the profile's own: a dossier cannot rename them. Attachments are files and are not written.
    Raises :class:`YearNotEmpty`.
    """
    if Line.objects.filter(profile=profile).exists() or Indicator.objects.filter(profile=profile).exists():
        raise YearNotEmpty(f"{profile}已有数据，没有写入")
    _put_profile(dossier, profile)
    if dossier.nil:
        NilReason.objects.create(profile=profile, reason=dossier.nil_reason)
        return
    projects = _put_money(dossier.money, profile)
    _put_sheet(dossier.indicators, profile, None)
    for sheet in dossier.indicators.projects:
        _put_sheet(sheet, profile, projects[sheet.project])
    NarrativeSection.objects.bulk_create(
        NarrativeSection(profile=profile, key=section.key, text=section.text)
        for section in dossier.narrative
        if section.text
    )
    Explanation.objects.bulk_create(
        Explanation(profile=profile, finding=item.finding, text=item.text) for item in dossier.explanations
    )


def _put_profile(dossier: Dossier, profile: AnnualProfile) -> None:
    source = dossier.profile
    for name in (
        "authorized_posts",
        "staff_on_posts",
        "retirees",
        "head",
        "contact",
        "prepared_by",
        "prepared_on",
        "phone",
    ):
        setattr(profile, name, getattr(source, name))
    profile.save()
    InternalOffice.objects.bulk_create(
        InternalOffice(profile=profile, position=position, name=name)
        for position, name in enumerate(source.internal_offices or ())
    )
    Duty.objects.bulk_create(
        Duty(profile=profile, position=position, text=text)
        for position, text in enumerate(source.duties or ())
    )


def _put_money(source: money.Money, profile: AnnualProfile) -> dict[str, Project]:
    lines = []
    for key, spec in TABLES.items():
        table = source.table(key)
        rows = [(row.key, row.label, row) for row in table.rows]
        if table.stated_total is not None and spec.total_label:
            rows.append((TOTAL, spec.total_label, table.stated_total))
        lines += [
            Line(profile=profile, table=key, key=row_key, label=label, position=position, **_amounts(amounts))
            for position, (row_key, label, amounts) in enumerate(rows)
        ]
    Line.objects.bulk_create(lines)
    projects = {
        item.key: Project(
            profile=profile,
            uid=_uid(item.key),
            position=position,
            name=item.name,
            prior_final=item.prior_final,
            initial_budget=item.initial_budget,
            full_budget=item.full_budget,
            allocated=item.allocated,
            spent=item.spent,
            manager_office=item.manager_office,
        )
        for position, item in enumerate(source.projects)
    }
    Project.objects.bulk_create(projects.values())
    Adjustment.objects.bulk_create(
        Adjustment(profile=profile, position=position, **item.model_dump())
        for position, item in enumerate(source.adjustments)
    )
    Building.objects.bulk_create(
        Building(profile=profile, position=position, **item.model_dump())
        for position, item in enumerate(source.buildings)
    )
    FundsStatement.objects.create(
        profile=profile,
        frugality=source.frugality,
        execution_explanation=source.execution_explanation,
        project_office=source.project_office,
    )
    return projects


def _amounts(line: money.Amounts) -> dict[str, Decimal | None]:
    return {column.value: line.amount(column) for column in Column}


def _put_sheet(sheet: indicators.Sheet, profile: AnnualProfile, project: Project | None) -> None:
    Goal.objects.bulk_create(
        Goal(profile=profile, project=project, position=position, **goal.model_dump())
        for position, goal in enumerate(sheet.goals)
    )
    Indicator.objects.bulk_create(
        Indicator(
            profile=profile,
            project=project,
            uid=_uid(item.key),
            position=position,
            level1=item.level1,
            level2=item.level2,
            name=item.name,
            target=item.target or "",
            actual=item.actual or "",
            weight=item.weight,
            self_score=item.self_score,
            not_applicable=item.not_applicable,
            not_applicable_reason=item.not_applicable_reason,
            formula=item.formula,
            core=item.core,
            evidence=item.evidence,
            deviation_reason=item.deviation_reason,
            improvement=item.improvement,
            rule=item.rule.model_dump(mode="json") if item.rule else {},
        )
        for position, item in enumerate(sheet.indicators)
    )
    claim = sheet.assessment
    if claim.score is not None or claim.grade:
        SelfAssessment.objects.create(
            profile=profile,
            project=project,
            score=claim.score,
            grade=claim.grade,
            raise_reason=claim.raise_reason,
        )


def _uid(key: str) -> uuid.UUID:
    """The row's own uid where the dossier came from a database, else a stable one made from its key."""
    try:
        return uuid.UUID(key)
    except ValueError:
        return uuid.uuid5(uuid.NAMESPACE_OID, key)
