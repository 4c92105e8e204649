"""Dangerous acts ask for the password once more, keep what was sent, and do it when the password is right."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from departments.confirming import CONFIRMED, SLOT, WAITS
from departments.models import RoleAssignment
from reports.choices import Status
from reports.models import BulkRun, ExportJob, Report
from reports.workflow import Step, apply
from tests.db import PASSWORD, make_department, make_report, make_user
from tests.factories import make_dossier

pytestmark = pytest.mark.django_db
CONFIRM = "/account/confirm/"


@pytest.fixture
def report():
    report = make_report(dossier=make_dossier())
    head = make_user("unit_head", department=report.department)
    apply(report, Step.CERTIFY, by=head)
    apply(report, Step.SUBMIT, by=head)
    apply(report, Step.APPROVE, by=make_user("reviewer"))
    return report


@pytest.fixture
def manager(client):
    user = make_user("round_manager", username="manager")
    client.force_login(user)
    later(client)
    return user


def later(client: Client) -> None:
    """Ten minutes after the password was given."""
    session = client.session
    session[CONFIRMED] -= 600
    session.save()


def step(report: Report, name: str) -> str:
    return reverse("report-step", args=[report.pk, name])


def test_reopening_waits_for_the_password_and_is_done_as_it_was_sent(client, manager, report):
    reason = "项目支出口径有误，请更正。"
    asked = client.post(step(report, "reopen"), {"reason": reason})
    assert asked.url == CONFIRM
    assert reason not in asked.url
    report.refresh_from_db()
    assert report.status == Status.APPROVED
    assert "重新打开已通过的报告" in client.get(CONFIRM).text
    wrong = client.post(CONFIRM, {"password": "wrong"})
    assert wrong.status_code == 422
    assert "密码不正确，没有办理" in wrong.text
    report.refresh_from_db()
    assert report.status == Status.APPROVED
    key = client.session.session_key
    done = client.post(CONFIRM, {"password": PASSWORD})
    assert done.url.startswith(reverse("report", args=[report.pk]))
    report.refresh_from_db()
    assert report.status == Status.RETURNED
    assert reason in client.get(done.url).text
    assert client.session.session_key != key
    assert client.post(CONFIRM, {"password": PASSWORD}).url == reverse("home")


def test_publishing_asks_and_then_not_again_for_some_minutes(client, manager, report):
    assert client.post(step(report, "publish")).url == CONFIRM
    client.post(CONFIRM, {"password": PASSWORD})
    report.refresh_from_db()
    assert report.status == Status.PUBLISHED
    assert client.post(step(report, "reopen"), {"reason": "x"}).url != CONFIRM
    later(client)
    assert client.post(step(report, "reopen"), {"reason": "x"}).url == CONFIRM


def test_signing_in_counts_as_giving_the_password(client, report):
    client.force_login(make_user("round_manager"))
    assert client.post(step(report, "publish")).url != CONFIRM


def test_harmless_steps_do_not_ask(client, report):
    client.force_login(make_user("reviewer"))
    later(client)
    assert client.post(step(report, "return"), {"reason": "x"}).url != CONFIRM


def test_a_script_is_led_to_the_page(client, manager, report):
    answer = client.post(step(report, "publish"), headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == CONFIRM


def test_it_can_be_left(client, manager, report):
    page = reverse("report", args=[report.pk])
    client.post(step(report, "publish"), headers={"Referer": f"http://testserver{page}"})
    assert client.post(CONFIRM, {"drop": "1"}).url == page
    assert client.post(CONFIRM, {"password": PASSWORD}).url == reverse("home")
    report.refresh_from_db()
    assert report.status == Status.APPROVED


def test_what_waits_is_forgotten_after_a_while(client, manager, report):
    client.post(step(report, "publish"))
    session = client.session
    session[SLOT] |= {"at": session[SLOT]["at"] - WAITS - 1}
    session.save()
    assert client.post(CONFIRM, {"password": PASSWORD}).url == reverse("home")
    report.refresh_from_db()
    assert report.status == Status.APPROVED


def test_wrong_passwords_lock_here_too(client, manager, report):
    client.post(step(report, "publish"))
    codes = [client.post(CONFIRM, {"password": "wrong"}).status_code for _ in range(5)]
    assert codes == [422, 422, 422, 422, 429]
    assert client.post(CONFIRM, {"password": PASSWORD}).status_code == 429
    report.refresh_from_db()
    assert report.status == Status.APPROVED


def test_the_form_token_is_asked_for(manager, report):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(manager)
    later(strict)
    assert strict.post(CONFIRM, {"password": PASSWORD}).status_code == 403


def test_publishing_many_asks_at_the_end(client, manager, report):
    chosen = {"act": "publish", "report": [str(report.pk)], "query": ""}
    assert client.post(reverse("bulk-start"), chosen).status_code == 200
    assert client.post(reverse("bulk-start"), chosen | {"confirmed": "1"}).url == CONFIRM
    assert not BulkRun.objects.exists()
    client.post(CONFIRM, {"password": PASSWORD})
    report.refresh_from_db()
    assert (BulkRun.objects.count(), report.status) == (1, Status.PUBLISHED)


def test_ordering_an_export_asks(client, manager, report):
    choice = {"round": report.round_id, "statuses": ["approved"], "kinds": ["pdf"]}
    assert client.get(reverse("export-new"), choice).status_code == 200
    assert client.post(reverse("export-new"), choice).url == CONFIRM
    assert not ExportJob.objects.exists()
    done = client.post(CONFIRM, {"password": PASSWORD})
    job = ExportJob.objects.get()
    assert done.url == reverse("export", args=[job.uid])
    assert (job.statuses, job.kinds) == (["approved"], ["pdf"])


def test_roles_in_the_technical_administration_ask(client):
    staff = make_user("administrator", username="staff")
    staff.is_staff = staff.is_superuser = True
    staff.save()
    person = make_user("filler", department=make_department())
    client.force_login(staff)
    later(client)
    address = reverse("admin:departments_user_change", args=[person.pk])
    form = client.get(address).context["inline_admin_formsets"][0].formset
    data = {
        f"{form.prefix}-TOTAL_FORMS": "1",
        f"{form.prefix}-INITIAL_FORMS": "1",
        f"{form.prefix}-0-id": str(person.role_assignments.get().pk),
        f"{form.prefix}-0-user": str(person.pk),
        f"{form.prefix}-0-role": "unit_head",
        f"{form.prefix}-0-department": str(make_department().pk),
        f"{form.prefix}-0-is_active": "on",
        "username": person.username,
        "name": person.name,
        "is_active": "on",
        "date_joined_0": "2024-01-01",
        "date_joined_1": "00:00",
    }
    assert client.post(address, data).url == CONFIRM
    assert RoleAssignment.objects.get(user=person).role == "filler"
    client.post(CONFIRM, {"password": PASSWORD})
    assert RoleAssignment.objects.get(user=person).role == "unit_head"
