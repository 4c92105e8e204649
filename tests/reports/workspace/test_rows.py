"""Rows that are added, moved, removed, and rows that are not complete yet."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest

from budgets.models import Adjustment, Line, Project
from departments.choices import Role
from departments.models import InternalOffice
from indicators.models import Goal, Indicator, SelfAssessment
from reports.models import SectionState
from reports.places import section_url
from tests.db import make_report, make_user
from tests.factories import make_dossier
from tests.reports.workspace.pages import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def report():
    return make_report(dossier=make_dossier())


@pytest.fixture
def filler(report):
    return make_user(Role.FILLER)


def names(report) -> list[str]:
    return list(InternalOffice.objects.filter(profile=report.profile).values_list("name", flat=True))


def test_a_row_is_added_without_scripts_by_the_empty_one(report, filler):
    page = Page(filler, report, "profile")
    blank = page.blank_row("profile.internal_offices")
    page.send({f"profile.internal_offices.{blank}.name": "新设股"})
    assert names(report)[-1] == "新设股"
    assert InternalOffice.objects.get(name="新设股").uid == uuid.UUID(blank)


def test_saving_the_same_new_row_twice_makes_one(report, filler):
    page = Page(filler, report, "profile")
    blank = page.blank_row("profile.internal_offices")
    for version in ("0", "1"):
        page.send({f"profile.internal_offices.{blank}.name": "新设股", "version": version})
    assert names(report).count("新设股") == 1


def test_rows_follow_the_order_of_the_page(report, filler):
    page = Page(filler, report, "profile")
    before = names(report)
    rows = page.rows("profile.internal_offices")
    page.send({"rows:profile.internal_offices": [rows[-1], *rows[:-1]]})
    assert names(report) == [before[-1], *before[:-1]]


def test_a_row_that_is_not_sent_is_removed(report, filler):
    page = Page(filler, report, "profile")
    before = names(report)
    page.send({"rows:profile.internal_offices": page.rows("profile.internal_offices")[1:]})
    assert names(report) == before[1:]


def test_a_row_is_removed_without_scripts_by_its_box(report, filler):
    page = Page(filler, report, "profile")
    before = names(report)
    first = page.rows("profile.internal_offices")[0]
    page.send({f"delete:profile.internal_offices.{first}": "on"})
    assert names(report) == before[1:]


def test_a_row_of_another_report_cannot_be_taken_over(report, filler):
    other = make_report(department=report.department, year=2022, dossier=make_dossier())
    foreign = InternalOffice.objects.filter(profile=other.profile).first()
    page = Page(filler, report, "profile")
    page.send(
        {
            "rows:profile.internal_offices": [*page.rows("profile.internal_offices"), str(foreign.uid)],
            f"profile.internal_offices.{foreign.uid}.name": "改名",
        }
    )
    foreign.refresh_from_db()
    assert foreign.name != "改名"


@pytest.mark.parametrize("name", ["", "1", "x' OR 1", "../..", "__ROW__", "{0}"])
def test_a_row_with_a_name_of_the_wrong_kind_is_left_out(report, filler, name):
    page = Page(filler, report, "profile")
    rows = page.rows("profile.internal_offices")
    page.send({"rows:profile.internal_offices": [*rows, name], f"profile.internal_offices.{name}.name": "怪"})
    assert "怪" not in names(report)


def test_a_row_without_its_name_is_kept_as_typed(report, filler):
    page = Page(filler, report, "projects")
    blank = page.blank_row("money.projects")
    before = Project.objects.count()
    page.send({f"money.projects.{blank}.spent": "12.5"})
    assert Project.objects.count() == before
    page.open()
    assert blank in page.rows("money.projects")
    assert (
        page.data[f"money.projects.{blank}.spent"] == "12.50"
        or page.data[f"money.projects.{blank}.spent"] == "12.5"
    )
    assert "请填写项目名称" in page.html
    page.send({f"money.projects.{blank}.name": "设备维护"})
    assert Project.objects.get(name="设备维护").spent == Decimal("125000")
    assert SectionState.objects.get().rejected == {}


def test_a_table_longer_than_a_page_can_bear_loses_no_row(report, filler):
    InternalOffice.objects.bulk_create(
        InternalOffice(profile=report.profile, name=f"股{number}", position=number) for number in range(510)
    )
    before = InternalOffice.objects.count()
    page = Page(filler, report, "profile")
    page.send({"profile.retirees": "9"})
    assert InternalOffice.objects.count() == before


def test_a_project_whose_name_is_wiped_while_typing_keeps_its_sheet(report, filler):
    project = Project.objects.filter(profile=report.profile).first()
    name = project.name
    Page(filler, report, "projects").send({f"money.projects.{project.uid}.name": ""})
    project.refresh_from_db()
    assert project.name == name


def test_a_removed_project_takes_its_sheet_along(report, filler):
    project = Project.objects.filter(profile=report.profile).first()
    Goal.objects.create(profile=report.profile, project=project, expected="完成")
    SelfAssessment.objects.update_or_create(profile=report.profile, project=project)
    page = Page(filler, report, "projects")
    page.send(
        {"rows:money.projects": [row for row in page.rows("money.projects") if row != str(project.uid)]}
    )
    assert not Project.objects.filter(pk=project.pk).exists()
    assert not Goal.objects.filter(project_id=project.pk).exists()


def test_own_lines_of_a_table(report, filler):
    page = Page(filler, report, "base-data")
    blank = page.blank_row("money.project_detail")
    page.send(
        {f"money.project_detail.{blank}.label": "省级专项", f"money.project_detail.{blank}.actual": "5"}
    )
    line = Line.objects.get(profile=report.profile, table="project_detail", label="省级专项")
    assert (line.key, line.actual) == (blank, Decimal("50000"))


def test_a_fixed_line_cannot_be_made_twice_by_a_row(report, filler):
    page = Page(filler, report, "base-data")
    page.send({"rows:money.project_detail": ["business"], "money.project_detail.business.label": "冒名"})
    assert not Line.objects.filter(label="冒名").exists()


def test_adjustments_take_negative_amounts(report, filler):
    page = Page(filler, report, "expenditure")
    blank = page.blank_row("money.adjustments")
    page.send({f"money.adjustments.{blank}.amount": "-3.5", f"money.adjustments.{blank}.cause": "reduction"})
    assert Adjustment.objects.get(uid=blank).amount == Decimal("-35000")


def test_indicator_with_its_details(report, filler):
    page = Page(filler, report, "indicators")
    blank = page.blank_row("indicators")
    start = f"indicators.{blank}"
    page.send(
        {
            f"{start}.level1": "满意度指标",
            f"{start}.level2": "服务对象满意度指标",
            f"{start}.name": "群众满意度",
            f"{start}.target": "≥95%",
            f"{start}.actual": "93%",
            f"{start}.weight": "10分",
            f"{start}.core": "on",
            f"{start}.evidence": "问卷",
        }
    )
    item = Indicator.objects.get(uid=blank)
    assert (item.weight, item.core, item.not_applicable, item.project) == (Decimal(10), True, False, None)


def test_the_score_of_an_indicator_is_shown_live(report, filler):
    page = Page(filler, report, "indicators")
    row = page.rows("indicators")[0]
    html = page.send({f"indicators.{row}.actual": "50%"}, htmx=True).content.decode()
    assert f'id="score-{row}"' in html


def test_the_sheet_of_a_project(report, filler):
    project = Project.objects.filter(profile=report.profile).first()
    url = section_url(report.pk, "project", str(project.uid))
    page = Page(filler, report, "", url)
    prefix = f"project_sheets.{project.uid}"
    goal, indicator = page.blank_row(f"{prefix}.goals"), page.blank_row(f"{prefix}.indicators")
    response = page.send(
        {
            f"{prefix}.goals.{goal}.expected": "完成改造",
            f"{prefix}.indicators.{indicator}.name": "改造面积",
            f"{prefix}.assessment.score": "91",
        }
    )
    assert response.status_code == 302
    assert Goal.objects.get(uid=goal).project == project
    assert Indicator.objects.get(uid=indicator).project == project
    assert SelfAssessment.objects.get(project=project).score == Decimal(91)
    assert f"project:{project.uid.hex}" in SectionState.objects.values_list("section", flat=True)


def test_a_conflict_over_rows_keeps_both_sides(report, filler):
    mine, theirs = Page(filler, report, "profile"), Page(filler, report, "profile")
    theirs_row, mine_row = (page.blank_row("profile.internal_offices") for page in (theirs, mine))
    theirs.send({f"profile.internal_offices.{theirs_row}.name": "他人加的股"})
    response = mine.send({f"profile.internal_offices.{mine_row}.name": "我加的股"})
    html = response.content.decode()
    assert response.status_code == 409
    assert "他人加的股" in html and "我加的股" in html
    assert f'value="{theirs_row}" checked' in html and f'value="{mine_row}" checked' in html
