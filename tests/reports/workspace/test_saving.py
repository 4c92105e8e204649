"""Saving a section: what is written, what is kept though refused, and two people at once."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.db import DatabaseError

from budgets.models import FundsStatement, Line
from departments.choices import Role
from departments.models import AnnualProfile, AuditEntry
from indicators.models import SelfAssessment
from reports.models import Explanation, NarrativeSection, SectionState
from tests.db import make_report, make_user
from tests.factories import make_dossier
from tests.reports.workspace.pages import Page, address, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]

BASIC = "money.expenditure.basic.initial_budget"
PROJECT = "money.expenditure.project.initial_budget"


@pytest.fixture
def report():
    return make_report(dossier=make_dossier())


@pytest.fixture
def filler(report):
    return make_user(Role.FILLER)


def basic(report) -> Line:
    return Line.objects.get(profile=report.profile, table="expenditure", key="basic")


def test_an_untouched_form_changes_nothing(report, filler):
    for section in (
        "profile",
        "income",
        "expenditure",
        "base-data",
        "projects",
        "goals",
        "indicators",
        "narrative",
    ):
        page = Page(filler, report, section)
        assert page.send().status_code == 302
        assert not SectionState.objects.filter(section=section).exists(), section


def test_a_field_is_written_in_yuan_and_the_version_goes_up(report, filler):
    response = Page(filler, report, "expenditure").send({BASIC: "９６．２４"})
    assert response.status_code == 302
    assert response.url == address(report, "expenditure")
    assert basic(report).initial_budget == Decimal("962400")
    assert SectionState.objects.get(section="expenditure").version == 1


def test_the_lists_learn_the_new_score(report, filler):
    Page(filler, report, "expenditure").send({"money.expenditure.total.actual": "999"})
    report.refresh_from_db()
    assert report.open_warnings + report.open_errors > 0


def test_save_and_go_on_leads_to_the_next_section(report, filler):
    response = Page(filler, report, "expenditure").send({"action": "next"})
    assert response.url == address(report, "base-data")


def test_a_refused_text_is_kept_and_the_others_are_written(report, filler):
    before = basic(report).initial_budget
    response = Page(filler, report, "expenditure").send({BASIC: "约十万", PROJECT: "80.5", "action": "next"})
    assert response.url == address(report, "expenditure"), "stays where something is to be mended"
    assert basic(report).initial_budget == before
    project = Line.objects.get(profile=report.profile, table="expenditure", key="project")
    assert project.initial_budget == Decimal("805000")
    assert SectionState.objects.get().rejected == {BASIC: "约十万"}


def test_a_refused_text_comes_back_with_its_message_at_the_field(report, filler):
    page = Page(filler, report, "expenditure")
    page.send({BASIC: "约十万"})
    page.open()
    assert page.data[BASIC] == "约十万"
    assert f'id="f-{BASIC}_error">“约十万”不是数字' in page.html
    assert f'aria-describedby="f-{BASIC}_error"' in page.html
    page.send({BASIC: "120"})
    assert SectionState.objects.get().rejected == {}
    assert basic(report).initial_budget == Decimal("1200000")


def test_saving_by_itself_answers_with_panel_version_and_messages(report, filler):
    response = Page(filler, report, "expenditure").send({BASIC: "约十万"}, htmx=True)
    assert response.status_code == 200
    event = json.loads(response["HX-Trigger"])["workspace:answer"]
    assert (event["state"], event["version"], event["errors"]) == ("saved", 1, 1)
    html = response.content.decode()
    assert '<aside id="panel"' in html
    assert f'data-field="{BASIC}"' in html
    assert 'id="sections-wide"' in html and "hx-swap-oob" in html


def test_the_panel_shows_the_total_and_the_over_execution(report, filler):
    html = (
        Page(filler, report, "expenditure")
        .send(
            {"money.expenditure.total.actual": "264.55", "money.expenditure.total.full_budget": "96.24"},
            htmx=True,
        )
        .content.decode()
    )
    assert "264.55" in html
    assert "274.89%" in html


def test_emptied_lines_are_not_stated_any_more(report, filler):
    names = ("prior_final", "initial_budget", "full_budget", "actual")
    Page(filler, report, "expenditure").send({f"money.expenditure.basic.{name}": "" for name in names})
    assert not Line.objects.filter(profile=report.profile, table="expenditure", key="basic").exists()


def test_scalars_statement_narrative_and_assessment(report, filler):
    Page(filler, report, "profile").send(
        {"profile.staff_on_posts": "１１人", "profile.prepared_on": "2024年4月18日"}
    )
    Page(filler, report, "base-data").send({"money.frugality": "严控会议费"})
    Page(filler, report, "narrative").send({"narrative.problems": "第一行\r\n第二行"})
    Page(filler, report, "result").send({"assessment.score": "88.5"})
    profile = AnnualProfile.objects.get(pk=report.profile_id)
    assert profile.staff_on_posts == 11
    assert profile.prepared_on.isoformat() == "2024-04-18"
    assert FundsStatement.objects.get(profile=profile).frugality == "严控会议费"
    assert NarrativeSection.objects.get(profile=profile, key="problems").text == "第一行\n第二行"
    assert SelfAssessment.objects.get(profile=profile, project=None).score == Decimal("88.5")


def test_a_warning_is_explained_with_its_words_kept(report, filler):
    Page(filler, report, "expenditure").send({"money.expenditure.total.full_budget": "96.24"})
    page = Page(filler, report, "result")
    name = next(key for key in page.data if key.startswith("explanations."))
    page.send({name: "上级追加，见文件"})
    item = Explanation.objects.get(profile=report.profile)
    assert (item.finding, item.text) == (name.removeprefix("explanations."), "上级追加，见文件")
    assert item.message


# ------------------------------------------------------------------ two people


def test_a_stale_save_is_not_written_and_shows_both_values(report, filler):
    head = make_user(Role.UNIT_HEAD, name="陈负责")
    mine, theirs = Page(filler, report, "expenditure"), Page(head, report, "expenditure")
    theirs.send({BASIC: "111.11"})
    response = mine.send({BASIC: "222.22", PROJECT: "333.33"})
    assert response.status_code == 409
    html = response.content.decode()
    for words in ("222.22", "111.11", "333.33", "您填的", "已保存的（陈负责）"):
        assert words in html
    assert basic(report).initial_budget == Decimal("1111100")


def test_the_choice_is_an_ordinary_save_at_the_new_version(report, filler):
    head = make_user(Role.UNIT_HEAD)
    mine, theirs = Page(filler, report, "expenditure"), Page(head, report, "expenditure")
    theirs.send({BASIC: "111.11"})
    conflict = mine.send({BASIC: "222.22", PROJECT: "333.33"})
    assert 'name="version" value="1"' in conflict.content.decode()
    chosen = {BASIC: "111.11", PROJECT: "333.33", "version": "1"}
    assert mine.send(chosen).status_code == 302
    assert basic(report).initial_budget == Decimal("1111100")
    assert Line.objects.get(table="expenditure", key="project").initial_budget == Decimal("3333300")


def test_a_stale_save_by_itself_only_tells(report, filler):
    mine, theirs = Page(filler, report, "expenditure"), Page(filler, report, "expenditure")
    theirs.send({BASIC: "111.11"})
    response = mine.send({BASIC: "222.22"}, htmx=True)
    event = json.loads(response["HX-Trigger"])["workspace:answer"]
    assert event["state"] == "conflict"
    assert response["HX-Reswap"] == "none"
    assert basic(report).initial_budget == Decimal("1111100")


def test_a_stale_save_of_the_same_content_is_no_conflict(report, filler):
    """The answer to the first save got lost on its way and the browser sends again."""
    page = Page(filler, report, "expenditure")
    page.send({BASIC: "111.11"}, htmx=True)
    response = page.send({BASIC: "111.11"}, htmx=True)
    event = json.loads(response["HX-Trigger"])["workspace:answer"]
    assert (event["state"], event["version"]) == ("saved", 1)


def test_a_refused_text_of_somebody_else_is_part_of_the_conflict(report, filler):
    mine, theirs = Page(filler, report, "expenditure"), Page(filler, report, "expenditure")
    theirs.send({BASIC: "约十万"})
    assert "约十万" in mine.send({PROJECT: "1"}).content.decode()


def test_a_missing_version_is_an_old_one(report, filler):
    page = Page(filler, report, "expenditure")
    del page.data["version"]
    assert page.send({BASIC: "1"}).status_code == 409


# ------------------------------------------------------------------ locks and the log


def test_a_report_certified_meanwhile_loses_nothing_and_says_why(report, filler):
    page = Page(filler, report, "expenditure")
    report.status = "certified"
    report.save(update_fields=["status"])
    response = page.send({BASIC: "222.22"})
    html = response.content.decode()
    assert response.status_code == 409
    assert "222.22" in html and "这次没有保存" in html and "单位负责人已于" in html
    assert basic(report).initial_budget != Decimal("2222200")
    event = json.loads(page.send({BASIC: "222.22"}, htmx=True)["HX-Trigger"])["workspace:answer"]
    assert event["state"] == "refused"


def test_a_refusal_by_the_database_is_a_sentence(report, filler, monkeypatch):
    def refuse(*args, **kwargs):
        raise DatabaseError("year-is-locked")

    page = Page(filler, report, "expenditure")
    monkeypatch.setattr(Line.objects.__class__, "bulk_update", refuse)
    response = page.send({BASIC: "222.22"})
    assert response.status_code == 409
    assert "222.22" in response.content.decode()


def test_somebody_who_lost_the_role_meanwhile_is_refused(report, filler):
    page = Page(filler, report, "expenditure")
    filler.role_assignments.update(is_active=False)
    assert page.send({BASIC: "1"}).status_code == 404


def test_saves_do_not_flood_the_log(report, filler):
    page = Page(filler, report, "expenditure")
    for number in range(1, 4):
        page.send({BASIC: str(number)})
        page.open()
    Page(filler, report, "profile").send({"profile.retirees": "3"})
    entries = AuditEntry.objects.filter(event="section.save")
    assert sorted(entry.data["section"] for entry in entries) == ["expenditure", "profile"]
    assert entries.last().sentence.endswith("填写了“支出与预算执行”")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("certified", "单位负责人已于"),
        ("submitted", "报送财政部门"),
        ("department_review", "报送主管部门"),
        ("approved", "审核通过"),
        ("published", "公开"),
    ],
)
def test_a_locked_report_is_shown_but_not_offered_for_typing(status, words):
    report = make_report(dossier=make_dossier(), status=status)
    html = client_of(make_user(Role.FILLER)).get(address(report, "expenditure")).content.decode()
    assert words in html
    assert "<fieldset disabled" in html
    assert "保存并继续" not in html


def test_a_passed_deadline_is_said(report, filler):
    report.round.deadline = report.round.opens
    report.round.save()
    assert "报送截止日期" in Page(filler, report, "profile").html
