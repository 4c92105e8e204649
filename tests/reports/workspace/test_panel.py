"""The live panel: findings that concern what is filled in, and nothing about what is not begun."""

import pytest
from django.urls import reverse

from departments.models import AnnualProfile
from tests.db import make_report, make_user

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
