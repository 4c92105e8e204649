"""The audit log and the inbox: what is listed, at a constant number of queries."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from departments.models import AuditEntry
from departments.services import record
from reports.models import Notice
from tests.db import make_department, make_region, make_report, make_user

pytestmark = pytest.mark.django_db


# ------------------------------------------------------------------ audit log


def test_the_audit_log_is_searched_paged_and_limited_to_the_region(client):
    report, auditor = make_report(), make_user("auditor")
    far = make_report(department=make_department("邻馆", region=make_region("430408", "邻区")))
    for number in range(55):
        record(event="x", sentence=f"第{number}条", by=auditor, profile=report.profile)
    record(event="x", sentence="邻区的事", by=auditor, profile=far.profile)
    client.force_login(auditor)
    page = client.get(reverse("audit"))
    assert page.context["page"].paginator.count == 55
    assert "邻区的事" not in page.content.decode()
    assert [entry.sentence for entry in client.get(reverse("audit"), {"q": "第54"}).context["page"]] == [
        "第54条"
    ]
    assert client.get(reverse("audit"), {"q": "档案馆"}).context["page"].paginator.count == 55


@pytest.mark.database
def test_the_audit_log_costs_the_same_queries_with_1_and_with_50_rows(client, django_assert_num_queries):
    report, auditor = make_report(), make_user("auditor")
    record(event="x", sentence="一", by=auditor, profile=report.profile)
    client.force_login(auditor)
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("audit"))
    for number in range(60):
        record(event="x", sentence=str(number), by=auditor, profile=report.profile)
    with django_assert_num_queries(len(few)):
        client.get(reverse("audit"))


# ------------------------------------------------------------------ inbox


def test_notices_are_listed_and_marked_read_by_post(client):
    report, filler = make_report(), make_user("filler")
    notices = [Notice.objects.create(user=filler, report=report, text=f"通知{number}") for number in range(3)]
    client.force_login(filler)
    page = client.get(reverse("inbox"))
    assert page.context["unread"] == 3
    assert 'class="badge' in page.content.decode()
    opened = client.post(reverse("notice-read", args=[notices[0].pk]), {"open": "1"})
    assert opened["Location"] == reverse("report", args=[report.pk])
    client.post(reverse("notice-read", args=[notices[1].pk]))
    assert Notice.objects.filter(read_at=None).get() == notices[2]
    client.post(reverse("inbox-read-all"))
    assert not Notice.objects.filter(read_at=None).exists()
    assert not AuditEntry.objects.exists()
