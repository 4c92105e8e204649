"""The library of common indicators in the workspace: added with what is known, never twice, and told to an open page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from departments.models import AuditEntry
from indicators.common import library
from indicators.models import Indicator
from indicators.policy import load_policy
from reports.models import SectionState
from reports.workspace.common import add_common, classes
from reports.workspace.save import NotAllowed, NotEditable, SaveRefused
from tests.db import make_report, make_round, make_user
from tests.factories import make_dossier

pytestmark = [pytest.mark.database, pytest.mark.django_db]

CONTROL = "过程/预算执行/公用经费控制率"


@pytest.fixture
def report():
    return make_report(dossier=make_dossier())


@pytest.fixture
def filler(report):
    return make_user("filler", department=report.department)


def test_an_entry_comes_with_its_value_and_how_it_was_computed(report, filler):
    row, done = add_common(report=report, by=filler, entry=library()[CONTROL])
    assert (row.name, row.actual, row.target, row.weight) == ("公用经费控制率", "97.78%", "", None)
    assert row.evidence == "公用经费决算数17.60万元÷全年预算数18.00万元=97.78%"
    assert row.formula == library()[CONTROL].formula
    assert row == Indicator.objects.filter(profile=report.profile, project=None).last()
    assert done == "已添加“公用经费控制率”，请填写年度指标值和分值"
    assert (
        AuditEntry.objects.get(event="indicator-library").sentence
        == "填报人某从共性指标库添加“公用经费控制率”"
    )


def test_it_is_not_added_twice_and_a_blank_value_is_filled(report, filler):
    row, _ = add_common(report=report, by=filler, entry=library()[CONTROL])
    with pytest.raises(SaveRefused, match="指标表中已有"):
        add_common(report=report, by=filler, entry=library()[CONTROL])
    Indicator.objects.filter(pk=row.pk).update(actual="")
    again, done = add_common(report=report, by=filler, entry=library()[CONTROL])
    assert (again.pk, again.actual, done) == (row.pk, "97.78%", "已把“公用经费控制率”的实际完成值填为97.78%")


def test_an_open_page_is_told_by_the_version(report, filler):
    add_common(report=report, by=filler, entry=library()[CONTROL])
    state = SectionState.objects.get(profile=report.profile, section="indicators")
    assert (state.version, state.saved_by) == (1, filler)


def test_a_locked_year_and_another_unit_are_refused(report):
    certified = make_report(year=2022, dossier=make_dossier(year=2022), status="certified")
    with pytest.raises(NotEditable):
        add_common(
            report=certified,
            by=make_user("filler", department=certified.department),
            entry=library()[CONTROL],
        )
    with pytest.raises(NotAllowed):
        add_common(report=report, by=make_user("reviewer"), entry=library()[CONTROL])


@pytest.mark.parametrize(
    ("path", "policy", "expected"),
    [
        (CONTROL, "framework-2013-53", ("过程", "预算执行")),
        (CONTROL, "national-2020-10", ("", "")),
        ("效果/履职效益/社会效益", "national-2020-10", ("效益指标", "社会效益指标")),
        ("过程/资产管理/管理制度健全性", "national-2020-10", ("", "资产管理")),
        ("产出/职责履行/实际完成率", "national-2020-10", ("产出指标", "")),
        ("效果/履职效益/社会公众或服务对象满意度", "national-2020-10", ("满意度指标", "服务对象满意度指标")),
    ],
)
def test_classes_are_the_policys_or_left_to_the_unit(path, policy, expected):
    assert classes(library()[path], load_policy(policy)) == expected


def test_the_page_offers_adds_and_leads_to_the_row(report, filler, client):
    client.force_login(filler)
    page = client.get(reverse("workspace-common", args=[report.pk])).content.decode()
    assert "过程·预算执行" in page
    assert "本报告数据：公用经费决算数17.60万元" in page
    assert page.count("添加<span") == len(library())
    answer = client.post(reverse("workspace-common-add", args=[report.pk]), {"path": CONTROL})
    row = Indicator.objects.get(name="公用经费控制率")
    assert answer["Location"].endswith(f"/indicators/#f-indicators.{row.uid}")
    section = client.get(reverse("workspace-section", args=[report.pk, "indicators"])).content.decode()
    assert f'id="f-indicators.{row.uid}"' in section
    assert "从共性指标库添加" in section
    assert "已在指标表" in client.get(reverse("workspace-common", args=[report.pk])).content.decode()


def test_an_unknown_entry_is_said(report, filler, client):
    client.force_login(filler)
    answer = client.post(reverse("workspace-common-add", args=[report.pk]), {"path": "x"}, follow=True)
    assert "没有这一条" in answer.content.decode()


def test_under_the_framework_of_2013_the_row_is_scored(filler):
    make_round(2021, policy="framework-2013-53")
    report = make_report(year=2021, dossier=make_dossier(year=2021))
    row, _ = add_common(
        report=report, by=make_user("filler", department=report.department), entry=library()[CONTROL]
    )
    assert (row.level1, row.level2) == ("过程", "预算执行")
