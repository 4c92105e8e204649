"""What a process keeps of an evaluation is found again only where everything that it was made of is the same.

Every change below is made past all services, by ``update()`` or by another connection: as another process writes, of which
this one is not told.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse

from budgets.models import Adjustment, Building, FundsStatement, Line, Project
from departments.models import AnnualProfile, Department, Duty, InternalOffice, Region
from indicators.models import Goal, Indicator, SelfAssessment
from reports import district, evaluation, take
from reports.evaluation import Evaluation, evaluate
from reports.levels import levels_of
from reports.models import (
    Attachment,
    CheckLevel,
    CopiedPassage,
    Explanation,
    LexiconWord,
    NarrativeSection,
    NilReason,
    Report,
    Waiver,
)
from reports.outlines import outline_of
from tests.db import make_approved, make_department, make_policy, make_region, make_report, make_user
from tests.factories import make_dossier

pytestmark = pytest.mark.database


def evaluated(report: Report) -> Evaluation:
    return evaluate(Report.objects.with_context().get(pk=report.pk))


def anew(report: Report) -> Evaluation:
    """The evaluation by a process that has kept nothing."""
    for kept in (take._taken, evaluation._answer, evaluation._ends, district._district):
        kept.cache_clear()
    return evaluated(report)


def told(found: Evaluation) -> tuple[object, ...]:
    return (
        found.dossier,
        found.policy,
        found.scorecard,
        found.findings,
        found.waived,
        found.approved,
        found.prior,
    )


def of_year(model: type, **fields: object) -> Callable[[Report], object]:
    return lambda report: model.objects.filter(profile=report.profile_id).update(**fields)


def with_text(text: str) -> Callable[[Report], object]:
    return lambda report: NarrativeSection.objects.filter(profile=report.profile_id, key="problems").update(
        text=text
    )


def waived(report: Report) -> None:
    Waiver.objects.create(
        report=report, code=evaluated(report).findings[0].code, reason="经核实", by=make_user("round_manager")
    )


def leveled(report: Report) -> None:
    code = evaluated(report).findings[-1].code
    CheckLevel.objects.create(
        region=make_region(), code=code, level="off", reason="本区不用", by=make_user("round_manager")
    )
    assert levels_of(make_region())[code] == "off"


def worded(report: Report) -> None:
    LexiconWord.objects.create(
        region=make_region(),
        function="增雨",
        kind="word",
        word="人工增雨",
        reason="本区",
        by=make_user("round_manager"),
    )


def copied(report: Report) -> None:
    other = make_report(department=make_department("示例区文化馆"), status="submitted")
    CopiedPassage.objects.create(
        report=report,
        section="problems",
        text="人工增雨部门作业人员不足。",
        other=other,
        other_section="problems",
        other_text="人工增雨部门作业人员不足。",
    )


def with_a_prior_year(report: Report) -> None:
    before = AnnualProfile.objects.create(
        department=report.department, year=report.year - 1, staff_on_posts=3
    )
    InternalOffice.objects.create(profile=before, name="老科室")


def with_a_policy_of_its_own(report: Report) -> None:
    Report.objects.get(pk=report.pk).round.__class__.objects.filter(pk=report.round_id).update(
        policy=make_policy().title
    )


CHANGES: dict[str, Callable[[Report], object]] = {
    "profile": lambda report: AnnualProfile.objects.filter(pk=report.profile_id).update(staff_on_posts=99),
    "department": lambda report: Department.objects.filter(pk=report.department.pk).update(name="示例区新馆"),
    "region": lambda report: Region.objects.update(city="新示例市"),
    "offices": of_year(InternalOffice, name="综合科"),
    "duties": of_year(Duty, text="另一项职责"),
    "lines": of_year(Line, actual=Decimal("12345.67")),
    "projects": of_year(Project, spent=Decimal("1.00")),
    "adjustments": lambda report: Adjustment.objects.create(profile=report.profile, amount=Decimal(5)),
    "buildings": lambda report: Building.objects.create(profile=report.profile, name="库房"),
    "statement": lambda report: FundsStatement.objects.update_or_create(
        profile=report.profile, defaults={"frugality": "另有说明"}
    ),
    "goals": of_year(Goal, actual="另一个结果"),
    "indicators": of_year(Indicator, actual="1%"),
    "assessment": lambda report: SelfAssessment.objects.update_or_create(
        profile=report.profile, project=None, defaults={"score": Decimal("41.5"), "grade": "差"}
    ),
    "evidence": lambda report: Attachment.objects.create(
        profile=report.profile, name="证明.pdf", sha256="0" * 64, size=1, content_type="application/pdf",
        uploaded_by=make_user("filler", department=report.department),
    ),
    "another unit in the text": lambda report: (
        make_department("示例区水利局"),
        with_text("示例区水利局的渠道没有修好。")(report),
    ),
    "that unit is given up": lambda report: Department.objects.filter(name="示例区水利局").update(is_active=False),
    "explanation": lambda report: Explanation.objects.create(
        profile=report.profile, finding=evaluated(report).findings[0].key, message="疑点", text="情况属实"
    ),
    "waiver": waived,
    "level": leveled,
    "text": with_text("人工增雨部门作业人员不足。"),
    "lexicon": worded,
    "lexicon without the word": lambda report: LexiconWord.objects.all().delete(),
    "copied passage": copied,
    "approved targets": lambda report: make_approved(report.department),
    "last year": with_a_prior_year,
    "last year's rows": lambda report: InternalOffice.objects.filter(name="老科室").update(name="新科室"),
    "policy": with_a_policy_of_its_own,
    "nil report": lambda report: NilReason.objects.create(
        profile=report.profile, reason="本年度没有收支"
    ),
}  # fmt: skip


@pytest.mark.django_db
def test_a_change_of_anything_shows_at_once():
    report = make_report(dossier=make_dossier())
    before = told(evaluated(report))
    assert told(evaluated(report)) == before
    old, unseen = [], []
    for name, change in CHANGES.items():
        change(report)
        after = told(evaluated(report))
        if after != told(anew(report)):
            old.append(name)
        if after == before:
            unseen.append(name)
        before = after
    assert not old, "something of before was shown"
    assert not unseen, "a change that is not to be seen proves nothing"


@pytest.mark.django_db
def test_figures_of_other_units_count_from_the_moment_they_are_certified():
    report = make_report(dossier=make_dossier())
    other = make_report(department=make_department("示例区文化馆"), dossier=make_dossier())
    assert district.district_of(report).surveyed == 0
    Report.objects.filter(pk=other.pk).update(status="submitted")
    assert district.district_of(report).surveyed == 1
    Indicator.objects.filter(profile=other.profile_id).update(actual="")
    assert district.district_of(report).surveyed == 0


@pytest.mark.django_db
def test_what_is_kept_is_the_same_object_and_nobody_elses():
    one = make_report(dossier=make_dossier())
    two = make_report(department=make_department("示例区文化馆"), dossier=make_dossier())
    assert evaluated(one).dossier is evaluated(one).dossier
    assert evaluated(one).dossier is not evaluated(two).dossier
    assert evaluated(two).dossier.profile.department == "示例区文化馆"


@pytest.mark.django_db
def test_prepared_queries_read_what_the_models_read():
    report = make_report(dossier=make_dossier())
    facts = take.facts_of(report.profile_id)
    for model in take.TABLES_READ:
        stored = list(model.objects.filter(profile=report.profile_id))
        columns = [field.attname for field in model._meta.concrete_fields]
        assert [[getattr(row, name) for name in columns] for row in facts.of(model)] == [
            [getattr(item, name) for name in columns] for item in stored
        ], model
    assert facts == take.facts_of(report.profile_id)
    assert take.take(report.profile, outline_of(report.round), facts).indicators.indicators


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL's driver writes numbers into the SQL itself"
)
@pytest.mark.django_db
def test_names_in_a_text_are_looked_up_by_an_index():
    """SQLite follows the index of a name's end only where the SQL has its numbers."""
    query = evaluation._by_end(64)
    made = query._for("default")
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {made.sql}", [1, True, *["档案馆"] * 64][: len(made.params)])
        assert "department_ending" in " ".join(row[3] for row in cursor.fetchall())


@pytest.mark.django_db(transaction=True)
def test_another_connection_writes_and_the_page_shows_it(client):
    """Panel and fields: no page shows what was kept of the rows before."""
    report = make_report(dossier=make_dossier())
    client.force_login(make_user("filler", department=report.department))
    address = reverse("workspace-section", args=[report.pk, "indicators"])
    score = evaluated(report).scorecard.score
    assert f"系统评分</dt><dd><strong>{score}" in client.get(address).content.decode()
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute(
                "UPDATE indicators_indicator SET actual = %s WHERE profile_id = %s AND project_id IS NULL",
                ["未开展第九百次", report.profile_id],
            )
    finally:
        other.close()
    page = client.get(address).content.decode()
    assert "未开展第九百次" in page
    assert f"系统评分</dt><dd><strong>{score}" not in page
    assert told(evaluated(report)) == told(anew(report))
