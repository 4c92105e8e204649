"""Who reaches the workspace of a report."""

from __future__ import annotations

import pytest
from django.urls import reverse

from departments.choices import Role
from reports.places import SECTIONS
from tests.db import make_department, make_region, make_report, make_user
from tests.factories import make_dossier
from tests.reports.workspace.pages import address, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def report():
    return make_report(dossier=make_dossier())


def people(report):
    other = make_department("示例区水利局")
    elsewhere = make_region("430408", "邻区")
    return {
        "own filler": (make_user(Role.FILLER), 200),
        "own head": (make_user(Role.UNIT_HEAD), 200),
        "own main reviewer": (make_user(Role.MAIN_REVIEWER), 403),
        "other filler": (make_user(Role.FILLER, department=other), 404),
        "reviewer": (make_user(Role.REVIEWER), 403),
        "round manager": (make_user(Role.ROUND_MANAGER), 403),
        "auditor": (make_user(Role.AUDITOR), 403),
        "administrator": (make_user(Role.ADMINISTRATOR), 404),
        "reviewer of another region": (make_user(Role.REVIEWER, region=elsewhere), 404),
        "nobody": (make_user(None), 404),
    }


def test_each_role_gets_what_is_its_own(report):
    for who, (user, expected) in people(report).items():
        client = client_of(user)
        for section in SECTIONS:
            assert client.get(address(report, section.key)).status_code == expected, (who, section.key)
        for method, url in (
            ("post", address(report, "income")),
            ("post", reverse("workspace-attachment-upload", args=[report.pk])),
            ("get", reverse("workspace", args=[report.pk])),
        ):
            answer = getattr(client, method)(url).status_code
            assert answer == expected or (expected == 200 and answer in (302, 409)), (who, url)


def test_a_stranger_is_asked_to_sign_in(client, report):
    assert client.get(address(report, "income")).url.startswith(reverse("login"))


def test_an_unknown_section_does_not_exist(report):
    assert client_of(make_user(Role.FILLER)).get(address(report, "nonsense")).status_code == 404


def test_a_project_of_another_report_does_not_exist(report):
    other = make_report(department=make_department("示例区水利局"), dossier=make_dossier())
    uid = other.profile.project_set.first().uid
    other.profile.project_set.exclude(uid=uid).delete()
    report.profile.project_set.filter(uid=uid).delete()
    url = reverse("workspace-project", args=[report.pk, uid])
    assert client_of(make_user(Role.FILLER)).get(url).status_code == 404
