"""正在查看: who else has a report open just now, and two people who claim it at the same moment."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from departments.models import AuditEntry
from reports import services
from reports.models import Presence, Report
from reports.queue.services import PRESENT_FOR
from reports.workflow import Refused
from tests.db import make_report, make_user
from tests.reports.test_race import at_once


@pytest.mark.database
@pytest.mark.django_db
def test_who_else_is_there_is_shown_and_goes_away(client):
    report = make_report(status="submitted")
    filler, reviewer = make_user("filler", name="周填报"), make_user("reviewer", name="王审核")
    address = reverse("report-presence", args=[report.pk])
    client.force_login(reviewer)
    assert client.post(address).content.decode().strip() == ""
    client.force_login(filler)
    assert client.post(address).content.decode().strip() == "正在查看：王审核"
    client.post(address)
    assert Presence.objects.count() == 2
    Presence.objects.filter(user=reviewer).update(seen_at=timezone.now() - PRESENT_FOR * 1.1)
    assert client.post(address).content.decode().strip() == ""
    assert Presence.objects.get().user == filler
    assert not AuditEntry.objects.exists()


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_two_reviewers_claim_at_the_same_moment():
    report = make_report(status="submitted")
    people = [make_user("reviewer", name="王审核"), make_user("reviewer", name="李审核")]
    answers = at_once(*(lambda by=by: services.claim(report=report, by=by) for by in people))
    refused = [answer for answer in answers if isinstance(answer, Refused)]
    assert len(refused) == 1, answers
    winner = Report.objects.get().assigned_to
    assert winner.name in str(refused[0])
    assert AuditEntry.objects.filter(event="assign").count() == 1
