"""What stands beside the fields: last year's values, comments of the reviewer, state of the sections."""

from __future__ import annotations

import re

import pytest

from departments.choices import Role
from indicators.models import Goal
from reports.evaluation import evaluate
from reports.models import Comment, SectionState
from reports.workspace.sections import overview
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


def beside(html: str, path: str) -> str:
    """The part of the page that belongs to a field."""
    return html.split(f'data-field="{path}"', 1)[1].split("data-field=", 1)[0]


def test_last_years_value_stands_beside_the_field(report, filler):
    make_report(department=report.department, year=2022, dossier=make_dossier(spent="199.99"))
    page = Page(filler, report, "expenditure")
    assert "上年：199.99" in beside(page.html, "money.expenditure.total.actual")
    assert "上年：199.99" in beside(page.html, "money.expenditure.total.prior_final")
    assert "上年：" in beside(Page(filler, report, "profile").html, "profile.staff_on_posts")
    indicators = Page(filler, report, "indicators")
    row = indicators.rows("indicators")[0]
    assert "上年：" in beside(indicators.html, f"indicators.{row}.target")
    assert "上年本节正文" in Page(filler, report, "narrative").html


def test_without_last_year_nothing_is_said(report, filler):
    for section in ("profile", "expenditure", "indicators", "narrative"):
        html = re.sub("上年决算数", "", Page(filler, report, section).html)
        assert "上年" not in html, section


def test_another_departments_year_is_not_ours(report, filler):
    from tests.db import make_department

    make_report(department=make_department("示例区水利局"), year=2022, dossier=make_dossier())
    assert "上年：" not in Page(filler, report, "expenditure").html


def test_an_open_comment_stands_beside_the_very_field(report, filler):
    report.status = "returned"
    report.save()
    reviewer = make_user(Role.REVIEWER)
    goal = Goal.objects.filter(profile=report.profile, project=None).first()
    for where, text in (
        ("goals.0.expected", "目标要量化"),
        ("goals", "少了一条"),
        ("money.frugality", "写清制度"),
    ):
        Comment.objects.create(report=report, where=where, text=text, author=reviewer)
    html = Page(filler, report, "goals").html
    assert "目标要量化" in beside(html, f"goals.{goal.uid}.expected")
    assert "少了一条" in html
    assert "写清制度" not in html
    assert "写清制度" in beside(Page(filler, report, "base-data").html, "money.frugality")


def test_a_comment_on_a_cell_stands_under_its_row_with_the_cells_name(report, filler):
    report.status = "returned"
    report.save()
    reviewer = make_user(Role.REVIEWER)
    row = Page(filler, report, "indicators").rows("indicators")[0]
    Comment.objects.create(report=report, where=f"indicators.{row}.actual", text="写实际数", author=reviewer)
    Comment.objects.create(
        report=report, where="money.expenditure.basic.actual", text="核对决算", author=reviewer
    )
    html = Page(filler, report, "indicators").html
    assert "写实际数" in html.split(f'data-row="{row}"', 1)[1].split("data-row=", 1)[0]
    assert "实际完成值：" in html
    html = Page(filler, report, "expenditure").html
    row = html.split('id="f-money.expenditure.basic"', 1)[1].split('id="f-money.expenditure.project"', 1)[0]
    assert "核对决算" in row and "全年执行数（决算数）：" in row


def test_a_comment_without_a_field_of_its_own_is_shown_on_top(report, filler):
    report.status = "returned"
    report.save()
    Comment.objects.create(
        report=report, where="indicators.gone.target", text="这一条呢", author=make_user(Role.REVIEWER)
    )
    assert "这一条呢" in Page(filler, report, "indicators").html


@pytest.mark.parametrize(("status", "answer", "shown"), [("draft", "", False), ("returned", "已改", False)])
def test_other_comments_are_not_shown(report, filler, status, answer, shown):
    report.status = status
    report.save()
    Comment.objects.create(
        report=report,
        where="money.frugality",
        text="写清制度",
        answer=answer,
        author=make_user(Role.REVIEWER),
    )
    assert ("写清制度" in Page(filler, report, "base-data").html) is shown


def states(report) -> dict[str, str]:
    found = overview(evaluate(report), SectionState.objects.filter(profile=report.profile))
    return {line.section.key: str(line.progress) for line in found}


def test_an_empty_report_has_not_been_filled():
    report = make_report()
    assert set(states(report).values()) == {"empty"}


def test_a_full_report_is_done(report):
    found = states(report)
    assert {key for key, state in found.items() if state != "done"} <= {"attachments", "result"}


def test_a_refused_text_is_a_problem(report, filler):
    Page(filler, report, "income").send({"money.income_source.fiscal.actual": "许多"})
    assert states(report)["income"] == "problem"


def test_pages_hold_nothing_inline(report, filler):
    for section in ("profile", "expenditure", "indicators", "narrative", "attachments", "result"):
        html = Page(filler, report, section).html
        assert " style=" not in html
        assert not re.search(r"\son\w+=", html)
        assert not re.search(r"<script(?![^>]*\ssrc=)", html)


def test_ids_are_used_once(report, filler):
    for section in ("profile", "expenditure", "base-data", "projects", "goals", "indicators", "result"):
        html = re.sub(r"<template.*?</template>", "", Page(filler, report, section).html, flags=re.DOTALL)
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert len(ids) == len(set(ids)), [name for name in ids if ids.count(name) > 1]
