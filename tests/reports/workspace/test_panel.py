"""The live panel: findings that concern what is filled in, and nothing about what is not begun."""

import re

import pytest
from django.urls import reverse

from departments.models import AnnualProfile
from tests.db import make_report, make_user
from tests.factories import make_dossier
from tests.reports.workspace.pages import Page

pytestmark = pytest.mark.django_db


def panel(client, report, section: str) -> str:
    page = client.get(reverse("workspace-section", args=[report.pk, section])).content.decode()
    return page[page.index('id="panel"') : page.index("</aside>")]


@pytest.fixture
def report(client):
    report = make_report()
    client.force_login(make_user("filler", department=report.department))
    return report


def test_an_untouched_section_is_not_scolded(client, report):
    shown = panel(client, report, "profile")
    assert "本部分还没有填写" in shown
    assert "finding-error" not in shown
    assert "其他部分" not in shown


def test_once_something_is_filled_in_what_is_missing_is_said(client, report):
    AnnualProfile.objects.filter(pk=report.profile_id).update(authorized_posts=11)
    shown = panel(client, report, "profile")
    assert "finding-error" in shown
    assert "本部分还没有填写" not in shown
    assert "单位基本情况" in panel(client, report, "goals")


# ------------------------------------------------------------------ figures beside refused values


def cells(html: str) -> dict[str, str]:
    """Text of every computed figure by its id."""
    found = re.findall(r'<span id="([^"]+)" class="live-cell[^"]*" *(?:hx-swap-oob="true")?>([^<]*)', html)
    return dict(found)


@pytest.fixture
def filled():
    report = make_report(dossier=make_dossier())
    return make_user("filler", department=report.department), report


def test_a_rate_beside_a_refused_amount_is_not_shown_as_if_right(filled):
    page = Page(*filled, "expenditure")
    before = cells(page.html)
    assert before["rate-expenditure-basic"].endswith("%")
    answer = page.send({"money.expenditure.basic.actual": "一百多"}, htmx=True)
    for html in (answer.content.decode(), Page(*filled, "expenditure").html):
        after = cells(html)
        assert after["rate-expenditure-basic"] == "待改正"
        assert after["sum-expenditure-actual"] == "待改正"
        assert after["rate-expenditure-project"] == before["rate-expenditure-project"]
        assert after["sum-expenditure-full_budget"] == before["sum-expenditure-full_budget"]
        assert "有1处填写没有看懂" in html
    Page(*filled, "expenditure").send({"money.expenditure.basic.actual": "100"})
    mended = Page(*filled, "expenditure").html
    assert cells(mended)["rate-expenditure-basic"].endswith("%")
    assert "处填写没有看懂" not in mended


def test_a_score_and_the_control_rate_wait_likewise(filled):
    Page(*filled, "profile").send({"profile.staff_on_posts": "若干"})
    assert cells(Page(*filled, "profile").html)["staff-rate"] == "待改正"
    page = Page(*filled, "indicators")
    weight = next(name for name in page.data if name.endswith(".weight") and page.data[name])
    page.send({weight: "十几"})
    scores = cells(Page(*filled, "indicators").html)
    assert scores[f"score-{weight.split('.')[1]}"] == "待改正"
    assert sum(text == "待改正" for name, text in scores.items() if name.startswith("score-")) == 1
