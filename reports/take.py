"""``take()``: one department-year from the database as a frozen dossier, in a fixed, small number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from budgets import dossier as money
from budgets.models import Adjustment, Building, FundsStatement, Line, Project
from budgets.tables import TABLES, TOTAL, Column
from departments.dossier import Profile
from departments.models import AnnualProfile, Duty, InternalOffice
from indicators import dossier as indicators
from indicators.models import Goal, Indicator, SelfAssessment
from reports import dossier
from reports.models import Attachment, Explanation, NarrativeSection, NilReason
from reports.outline import Outline


def take(profile: AnnualProfile, outline: Outline) -> dossier.Dossier:
    """Freeze a year. ``profile`` should come with department, region and parent joined, or they cost a query each.

    Fourteen queries, however many rows there are. The forms cover every part, so coverage is complete. A nil report
    (零报告) is its reason and evidence alone, whatever was typed before it was filed.
    """
    if nil := NilReason.objects.filter(profile=profile).first():
        return _nil(profile, nil.reason)
    projects = list(Project.objects.filter(profile=profile))
    return dossier.Dossier(
        title=outline.title.format(year=profile.year, department=profile.department.name),
        profile=_profile(profile),
        money=_money(profile, projects),
        indicators=_indicators(profile, projects),
        narrative=_narrative(profile, outline),
        attachments=_attachments(profile),
        explanations=tuple(
            dossier.Explanation(finding=item.finding, text=item.text)
            for item in Explanation.objects.filter(profile=profile)
        ),
    )


def _nil(profile: AnnualProfile, reason: str) -> dossier.Dossier:
    """A nil report. Its evidence belongs to the whole report: there is no indicator that it could prove."""
    return dossier.Dossier(
        title=f"{profile.year}年度{dossier.NIL_KIND}",
        document_kind=dossier.NIL_KIND,
        profile=_profile(profile).model_copy(update={"internal_offices": (), "duties": ()}),
        narrative=(dossier.Section(key=dossier.NIL_KEY, title="零报告理由", text=reason),),
        attachments=tuple(item.model_copy(update={"indicator": ""}) for item in _attachments(profile)),
        coverage=dossier.NIL_COVERAGE,
    )


def _attachments(profile: AnnualProfile) -> tuple[dossier.Attachment, ...]:
    return tuple(
        dossier.Attachment(
            name=item.name,
            sha256=item.sha256,
            size=item.size,
            indicator=str(item.indicator.uid) if item.indicator else "",
        )
        for item in Attachment.objects.filter(profile=profile).select_related("indicator")
    )


def _profile(profile: AnnualProfile) -> Profile:
    department, region = profile.department, profile.department.region
    return Profile(
        department=department.name,
        region_code=region.code,
        region_name=region.name,
        city_name=region.city,
        province_name=region.province,
        year=profile.year,
        kind=department.kind,
        credit_code=department.credit_code,
        budget_code=department.budget_code,
        main_department=department.parent.name if department.parent else "",
        authorized_posts=profile.authorized_posts,
        staff_on_posts=profile.staff_on_posts,
        retirees=profile.retirees,
        internal_offices=tuple(InternalOffice.objects.filter(profile=profile).values_list("name", flat=True)),
        duties=tuple(Duty.objects.filter(profile=profile).values_list("text", flat=True)),
        contact=profile.contact,
        prepared_by=profile.prepared_by,
        prepared_on=profile.prepared_on,
        phone=profile.phone,
        head=profile.head,
    )


def _money(profile: AnnualProfile, projects: Iterable[Project]) -> money.Money:
    statement = FundsStatement.objects.filter(profile=profile).first() or FundsStatement()
    return money.Money(
        **_tables(Line.objects.filter(profile=profile)),
        projects=tuple(
            money.Project(
                key=str(item.uid),
                name=item.name,
                prior_final=item.prior_final,
                initial_budget=item.initial_budget,
                full_budget=item.full_budget,
                allocated=item.allocated,
                spent=item.spent,
                manager_office=item.manager_office,
            )
            for item in projects
        ),
        adjustments=tuple(
            money.Adjustment(
                amount=item.amount, cause=item.cause, document=item.document, explanation=item.explanation
            )
            for item in Adjustment.objects.filter(profile=profile)
        ),
        buildings=tuple(
            money.Building(
                name=item.name,
                approved_area=item.approved_area,
                actual_area=item.actual_area,
                planned_investment=item.planned_investment,
                actual_investment=item.actual_investment,
            )
            for item in Building.objects.filter(profile=profile)
        ),
        frugality=statement.frugality,
        execution_explanation=statement.execution_explanation,
        project_office=statement.project_office,
    )


def _tables(lines: Iterable[Line]) -> dict[str, money.Table]:
    """Lines by table, fixed rows in the order of :data:`~budgets.tables.TABLES`, the unit's own rows behind them."""
    by_table: dict[str, dict[str, Line]] = defaultdict(dict)
    for line in lines:
        by_table[line.table][line.key] = line
    tables = {}
    for key, spec in TABLES.items():
        found = by_table[key]
        stated = found.pop(TOTAL, None)
        fixed = [row.key for row in spec.rows if row.key in found]
        own = [row_key for row_key in found if row_key not in fixed]
        tables[key] = money.Table(
            rows=tuple(
                money.Line(
                    key=row_key,
                    label=spec.label_of(row_key) or found[row_key].label,
                    **_amounts(found[row_key]),
                )
                for row_key in fixed + own
            ),
            stated_total=money.Amounts(**_amounts(stated)) if stated else None,
        )
    return tables


def _amounts(line: Line) -> dict[str, Decimal | None]:
    return {column.value: getattr(line, column.value) for column in Column}


def _indicators(profile: AnnualProfile, projects: Iterable[Project]) -> indicators.Indicators:
    """The department's 自评表 (rows without a project) and one sheet for each project that has any row."""
    sheets: dict[int | None, dict[str, Any]] = defaultdict(lambda: {"goals": [], "indicators": []})
    for goal in Goal.objects.filter(profile=profile):
        sheets[goal.project_id]["goals"].append(indicators.Goal(expected=goal.expected, actual=goal.actual))
    for item in Indicator.objects.filter(profile=profile):
        sheets[item.project_id]["indicators"].append(
            indicators.Indicator(
                key=str(item.uid),
                level1=item.level1,
                level2=item.level2,
                name=item.name,
                target=item.target or None,
                actual=item.actual or None,
                weight=item.weight,
                self_score=item.self_score,
                not_applicable=item.not_applicable,
                not_applicable_reason=item.not_applicable_reason,
                formula=item.formula,
                core=item.core,
                evidence=item.evidence,
                deviation_reason=item.deviation_reason,
                improvement=item.improvement,
                rule=item.rule or None,
            )
        )
    for claim in SelfAssessment.objects.filter(profile=profile):
        sheets[claim.project_id]["assessment"] = indicators.SelfAssessment(
            score=claim.score, grade=claim.grade, raise_reason=claim.raise_reason
        )
    return indicators.Indicators(
        **sheets[None],
        projects=tuple(
            indicators.ProjectSheet(project=str(project.uid), **sheets[project.pk])
            for project in projects
            if project.pk in sheets
        ),
    )


def _narrative(profile: AnnualProfile, outline: Outline) -> tuple[dossier.Section, ...]:
    texts = dict(NarrativeSection.objects.filter(profile=profile).values_list("key", "text"))
    return tuple(
        dossier.Section(key=section.key, title=section.title, text=texts.get(section.key, ""))
        for section in outline.text_sections
    )
