"""``take()``: one department-year from the database as a frozen dossier, in a fixed, small number of queries."""

from __future__ import annotations

from collections import defaultdict, namedtuple
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from budgets import dossier as money
from budgets.models import Adjustment, Building, FundsStatement, Line, Project
from budgets.tables import TABLES, TOTAL, Column
from departments.dossier import Profile
from departments.models import AnnualProfile, Duty, InternalOffice
from departments.models.year import ProfileFact
from indicators import dossier as indicators
from indicators.models import Goal, Indicator, SelfAssessment
from reports import dossier
from reports.models import Attachment, Explanation, NarrativeSection, NilReason
from reports.outline import Outline
from reports.prepared import MARK, Prepared, Row, Same

KEPT = 128
"""So many dossiers a process keeps; a filled one is about 300 kB of objects."""
TABLES_READ: tuple[type[ProfileFact], ...] = (
    *(NilReason, Project, InternalOffice, Duty, FundsStatement, Line, Adjustment, Building),
    *(Goal, Indicator, SelfAssessment, NarrativeSection, Attachment, Explanation),
)
JOINED = {Attachment: ("indicator__uid",)}
"""Columns of other tables that a row needs."""


def _columns(model: type[ProfileFact]) -> tuple[str, ...]:
    return (*(field.attname for field in model._meta.concrete_fields), *JOINED.get(model, ()))


def _prepared(model: type[ProfileFact]) -> Prepared:
    return Prepared(
        [MARK], lambda profile: model.objects.filter(profile=profile).values_list(*_columns(model))
    )


QUERIES = {model: _prepared(model) for model in TABLES_READ}
ROWS = {model: namedtuple(model.__name__, _columns(model)) for model in TABLES_READ}
"""What a row is called by: the same as the model's object."""


class Facts:
    """All rows of a year by table, as the database gave them. Equal facts make equal dossiers."""

    def __init__(self, tables: tuple[tuple[Row, ...], ...]) -> None:
        self.tables = tables
        self._made: dict[type[ProfileFact], list[Any]] = {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Facts) and other.tables == self.tables

    def __hash__(self) -> int:
        return hash(self.tables)

    def of(self, model: type[ProfileFact]) -> list[Any]:
        """The rows of a table in their order, each with its columns as attributes."""
        if model not in self._made:
            rows = self.tables[TABLES_READ.index(model)]
            values = QUERIES[model].read(rows) if rows else ()
            self._made[model] = [ROWS[model]._make(row) for row in values]
        return self._made[model]


def facts_of(profile: int) -> Facts:
    """Read a year: fourteen queries, however many rows there are."""
    return Facts(tuple(query.raw(profile) for query in QUERIES.values()))


def take(profile: AnnualProfile, outline: Outline, facts: Facts | None = None) -> dossier.Dossier:
    """Freeze a year. ``profile`` should come with department, region and parent joined, or they cost a query each.

    Fourteen queries, however many rows there are. The forms cover every part, so coverage is complete. A nil report
    (零报告) is its reason and evidence alone, whatever was typed before it was filed.

    Every row is read each time (by the caller, where it gives ``facts``); where all of them are as they were, the
    dossier is the one that was made of them before.
    """
    return _taken(facts or facts_of(profile.pk), tuple(_header(profile).items()), Same(outline))


@lru_cache(maxsize=KEPT)
def _taken(facts: Facts, header: tuple[tuple[str, Any], ...], outline: Same[Outline]) -> dossier.Dossier:
    """The dossier of what was read: a function of nothing else."""
    named, outline = dict(header), outline.item
    if nil := facts.of(NilReason):
        return _nil(facts, named, nil[0].reason)
    projects = facts.of(Project)
    return dossier.Dossier(
        title=outline.title.format(year=named["year"], department=named["department"]),
        profile=_profile(facts, named),
        money=_money(facts, projects),
        indicators=_indicators(facts, projects),
        narrative=_narrative(facts, outline),
        attachments=_attachments(facts),
        explanations=tuple(
            dossier.Explanation(finding=item.finding, text=item.text) for item in facts.of(Explanation)
        ),
    )


def _nil(facts: Facts, header: dict[str, Any], reason: str) -> dossier.Dossier:
    """A nil report. Its evidence belongs to the whole report: there is no indicator that it could prove."""
    return dossier.Dossier(
        title=f"{header['year']}年度{dossier.NIL_KIND}",
        document_kind=dossier.NIL_KIND,
        profile=_profile(facts, header).model_copy(update={"internal_offices": (), "duties": ()}),
        narrative=(dossier.Section(key=dossier.NIL_KEY, title="零报告理由", text=reason),),
        attachments=tuple(item.model_copy(update={"indicator": ""}) for item in _attachments(facts)),
        coverage=dossier.NIL_COVERAGE,
    )


def _attachments(facts: Facts) -> tuple[dossier.Attachment, ...]:
    return tuple(
        dossier.Attachment(
            name=item.name,
            sha256=item.sha256,
            size=item.size,
            indicator=str(item.indicator__uid) if item.indicator_id else "",
        )
        for item in facts.of(Attachment)
    )


def _header(profile: AnnualProfile) -> dict[str, Any]:
    """What the dossier states of the unit by the profile itself, its department and its region."""
    department, region = profile.department, profile.department.region
    return {
        "department": department.name,
        "region_code": region.code,
        "region_name": region.name,
        "city_name": region.city,
        "province_name": region.province,
        "year": profile.year,
        "kind": department.kind,
        "credit_code": department.credit_code,
        "budget_code": department.budget_code,
        "main_department": department.parent.name if department.parent else "",
        "authorized_posts": profile.authorized_posts,
        "staff_on_posts": profile.staff_on_posts,
        "retirees": profile.retirees,
        "contact": profile.contact,
        "prepared_by": profile.prepared_by,
        "prepared_on": profile.prepared_on,
        "phone": profile.phone,
        "head": profile.head,
    }


def _profile(facts: Facts, header: dict[str, Any]) -> Profile:
    return Profile(
        **header,
        internal_offices=tuple(item.name for item in facts.of(InternalOffice)),
        duties=tuple(item.text for item in facts.of(Duty)),
    )


def _money(facts: Facts, projects: Iterable[Any]) -> money.Money:
    statement = next(iter(facts.of(FundsStatement)), None) or FundsStatement()
    return money.Money(
        **_tables(facts.of(Line)),
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
            for item in facts.of(Adjustment)
        ),
        buildings=tuple(
            money.Building(
                name=item.name,
                approved_area=item.approved_area,
                actual_area=item.actual_area,
                planned_investment=item.planned_investment,
                actual_investment=item.actual_investment,
            )
            for item in facts.of(Building)
        ),
        frugality=statement.frugality,
        execution_explanation=statement.execution_explanation,
        project_office=statement.project_office,
    )


def _tables(lines: Iterable[Any]) -> dict[str, money.Table]:
    """Lines by table, fixed rows in the order of :data:`~budgets.tables.TABLES`, the unit's own rows behind them."""
    by_table: dict[str, dict[str, Any]] = defaultdict(dict)
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


def _amounts(line: Any) -> dict[str, Decimal | None]:
    return {column.value: getattr(line, column.value) for column in Column}


def _indicators(facts: Facts, projects: Iterable[Any]) -> indicators.Indicators:
    """The department's 自评表 (rows without a project) and one sheet for each project that has any row."""
    sheets: dict[int | None, dict[str, Any]] = defaultdict(lambda: {"goals": [], "indicators": []})
    for goal in facts.of(Goal):
        sheets[goal.project_id]["goals"].append(indicators.Goal(expected=goal.expected, actual=goal.actual))
    for item in facts.of(Indicator):
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
    for claim in facts.of(SelfAssessment):
        sheets[claim.project_id]["assessment"] = indicators.SelfAssessment(
            score=claim.score, grade=claim.grade, raise_reason=claim.raise_reason
        )
    return indicators.Indicators(
        **sheets[None],
        projects=tuple(
            indicators.ProjectSheet(project=str(project.uid), **sheets[project.id])
            for project in projects
            if project.id in sheets
        ),
    )


def _narrative(facts: Facts, outline: Outline) -> tuple[dossier.Section, ...]:
    texts = {item.key: item.text for item in facts.of(NarrativeSection)}
    return tuple(
        dossier.Section(key=section.key, title=section.title, text=texts.get(section.key, ""))
        for section in outline.text_sections
    )
