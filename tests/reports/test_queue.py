"""The queue, the audit log and the inbox: what is listed, filtered and claimed, at a constant number of queries."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from departments.models import AnnualProfile, AuditEntry, Department
from departments.services import record
from reports.models import Notice, Report
from tests.db import make_department, make_region, make_report, make_round, make_user

pytestmark = pytest.mark.django_db


def fill(count: int, status: str = "submitted") -> None:
    """So many units of one main department with one report each."""
    main, round_ = make_department("示例区文化局"), make_round()
    units = Department.objects.bulk_create(
        Department(region=main.region, parent=main, name=f"示例区单位{number:03}") for number in range(count)
    )
    profiles = AnnualProfile.objects.bulk_create(AnnualProfile(department=unit, year=2023) for unit in units)
    Report.objects.bulk_create(Report(profile=profile, round=round_, status=status) for profile in profiles)


def names(response) -> set[str]:
    return {report.department.name for report in response.context["page"]}


def queue(client, **filters):
    response = client.get(reverse("queue"), filters)
    assert response.status_code == 200
    return response


@pytest.mark.database
@pytest.mark.parametrize("role", ["reviewer", "round_manager", "auditor", "main_reviewer"])
def test_the_queue_costs_the_same_queries_with_1_and_with_200_rows(role, client, django_assert_num_queries):
    fill(1)
    user = make_user(role, department=make_department("示例区文化局"))
    client.force_login(user)
    queue(client)  # first use loads what is kept for the process
    with CaptureQueriesContext(connection) as few:
        queue(client)
    Report.objects.all().delete()
    AnnualProfile.objects.all().delete()
    Department.objects.filter(parent__isnull=False).delete()
    fill(200)
    with django_assert_num_queries(len(few)):
        response = queue(client)
    assert len(response.context["page"].object_list) == 50
    assert response.context["page"].paginator.count == 200
    assert sum("COUNT(" in query["sql"] and "reports_report" in query["sql"] for query in few) == 1


def test_the_next_page_keeps_the_filter(client):
    fill(60)
    client.force_login(make_user("reviewer"))
    page = queue(client, status="submitted", q="单位")
    assert "status=submitted" in page.context["kept"]
    assert 'rel="next"' in page.content.decode()
    assert len(queue(client, status="submitted", page="2").context["page"].object_list) == 10


def test_filters(client):
    reviewer = make_user("reviewer")
    main = make_department("示例区文化局")
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    make_round(2022, deadline=yesterday, opens=yesterday)
    make_report(department=make_department("甲馆", parent=main), status="submitted", assigned_to=reviewer)
    make_report(department=make_department("乙馆"), status="draft", open_warnings=2)
    make_report(department=make_department("丙馆"), status="approved", open_errors=1)
    make_report(department=make_department("丁馆"), status="returned", year=2022)
    make_report(
        department=make_department("戊馆"),
        status="draft",
        year=2022,
        extended_until=timezone.localdate(),
    )
    client.force_login(reviewer)
    assert names(queue(client)) == {"甲馆", "乙馆", "丙馆", "丁馆", "戊馆"}
    assert names(queue(client, status="submitted")) == {"甲馆"}
    assert names(queue(client, status="owed")) == {"乙馆", "丁馆", "戊馆"}
    assert names(queue(client, year="2022")) == {"丁馆", "戊馆"}
    assert names(queue(client, main=main.pk)) == {"甲馆"}
    assert names(queue(client, mine="on")) == {"甲馆"}
    assert names(queue(client, late="on")) == {"丁馆"}
    assert names(queue(client, found="on")) == {"乙馆", "丙馆"}
    assert names(queue(client, q=" 丙 ")) == {"丙馆"}
    assert "没有符合条件的报告" in queue(client, q="没有这个单位").content.decode()


@pytest.mark.parametrize("filters", [{"status": "x"}, {"year": "abc"}, {"main": "99999"}, {"page": "zzz"}])
def test_a_nonsense_filter_is_no_error_page(filters, client):
    fill(2)
    client.force_login(make_user("reviewer"))
    queue(client, **filters)


def test_the_queue_shows_what_is_visible_and_nothing_else(client):
    main, region = make_department("示例区文化局"), make_region("430408", "邻区")
    make_report(department=make_department("甲馆", parent=main), status="submitted")
    make_report(department=make_department("乙馆"), status="submitted")
    make_report(department=make_department("邻馆", region=region), status="submitted")
    client.force_login(make_user("reviewer"))
    response = queue(client)
    assert names(response) == {"甲馆", "乙馆"}
    assert "邻馆" not in response.content.decode()
    client.force_login(make_user("main_reviewer", department=main))
    response = queue(client)
    assert names(response) == {"甲馆"}
    assert "认领" not in response.content.decode().replace("只看我认领的", "")


def test_a_report_is_claimed_from_the_queue(client):
    report, reviewer = make_report(status="submitted"), make_user("reviewer")
    client.force_login(reviewer)
    assert reverse("report-claim", args=[report.pk]) in queue(client).content.decode()
    response = client.post(reverse("report-claim", args=[report.pk]), follow=True)
    assert "已认领" in response.content.decode()
    assert Report.objects.get().assigned_to == reviewer


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
