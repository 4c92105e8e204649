"""The demo district: every state of the workflow, and something to do for everybody who can sign in."""

from __future__ import annotations

import pytest
from django.urls import reverse

from departments.choices import Role
from departments.models import User
from reports import workflow
from reports.choices import Status
from reports.demo.load import ACCOUNTS, LATEST, load
from reports.models import Report
from reports.workflow import Step

pytestmark = pytest.mark.django_db


def test_the_demo_shows_every_state_and_work_for_everybody(client):
    load("heng-shan-2024")
    assert not User.objects.filter(must_change_password=True).exists()
    reports = Report.objects.filter(profile__year=LATEST)
    assert set(reports.values_list("status", flat=True)) == set(Status)
    assert not Report.objects.filter(profile__year__lt=LATEST, status=Status.DEPARTMENT_REVIEW).exists()

    name = next(account.username for account in ACCOUNTS if account.role is Role.MAIN_REVIEWER)
    reviewer = User.objects.get(username=name)
    client.force_login(reviewer)
    assert "份报告等您审核" in client.get(reverse("home")).content.decode()
    waiting = reports.visible_to(reviewer).filter(status=Status.DEPARTMENT_REVIEW).with_context().first()
    labels = [button.step for button in workflow.available(waiting, reviewer) if not button.refusals]
    assert {Step.DEPARTMENT_PASS, Step.DEPARTMENT_RETURN} <= set(labels)
    passed = workflow.apply(waiting, Step.DEPARTMENT_PASS, by=reviewer, reason="同意").report
    assert passed.status == Status.SUBMITTED

    for account in ACCOUNTS:
        client.force_login(User.objects.get(username=account.username))
        assert client.get(reverse("home")).status_code == 200, account.username
