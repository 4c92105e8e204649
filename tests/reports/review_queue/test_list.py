"""The queue's list: filtered, sorted, paged by key, the same number of queries however long it is."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from departments.models import AnnualProfile, BusinessOffice, Department
from reports.models import CheckLevel, Report, SavedView
from reports.queue import paging
from reports.queue.filters import ORDERS
from reports.rulebook import current_of
from tests.db import make_department, make_region, make_report, make_round, make_user
from tests.reports.review_queue.build import fill, names

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def queue(client, **filters):
    response = client.get(reverse("queue"), filters or {"all": "1"})
    assert response.status_code == 200
    return response


@pytest.mark.parametrize("role", ["reviewer", "round_manager", "auditor", "main_reviewer"])
@pytest.mark.parametrize("sort", ["waiting", "high"])
def test_the_queue_costs_the_same_queries_with_1_and_with_200_rows(
    role, sort, client, django_assert_num_queries
):
    fill(1)
    user = make_user(role, department=make_department("示例区文化局"))
    client.force_login(user)
    queue(client, sort=sort)  # first use loads what is kept for the process
    with CaptureQueriesContext(connection) as few:
        queue(client, sort=sort)
    Report.objects.all().delete()
    AnnualProfile.objects.all().delete()
    Department.objects.filter(parent__isnull=False).delete()
    fill(200)
    Report.objects.update(shown_self_score=90)
    with django_assert_num_queries(
        len(few) - (sort == "high")
    ):  # a list that ends looks for rows without a score
        response = queue(client, sort=sort)
    assert len(response.context["rows"]) == 50
    assert response.context["count"] == 200
    assert not any("OFFSET" in query["sql"] for query in few)


@pytest.mark.parametrize("sort", ORDERS)
def test_the_pages_give_every_report_once_and_lead_back(sort, client):
    fill(120)
    client.force_login(make_user("reviewer"))
    pages, address = [], {"sort": sort}
    for _ in range(3):
        response = queue(client, **address)
        pages.append(names(response))
        address = {"sort": sort, "after": response.context["page"].next}
    assert [len(page) for page in pages] == [50, 50, 20]
    assert address["after"] == ""
    together = [name for page in pages for name in page]
    assert len(set(together)) == 120
    expected = sorted(
        Report.objects.all(), key=lambda report: (ORDERS[sort].value(report) is None, *_key(sort, report))
    )
    assert together == [report.department.name for report in expected]
    back = queue(client, sort=sort, before=response.context["page"].previous)
    assert names(back) == pages[1]
    assert names(queue(client, sort=sort, before=back.context["page"].previous)) == pages[0]


def _key(sort: str, report: Report) -> tuple:
    value, sign = ORDERS[sort].value(report), -1 if ORDERS[sort].descending else 1
    if isinstance(value, datetime.datetime):
        value = value.timestamp()
    return (value if isinstance(value, str) else sign * (value or 0), sign * report.pk)


def test_a_report_that_changes_meanwhile_neither_repeats_nor_hides_others(client):
    fill(100, "submitted")
    client.force_login(make_user("reviewer"))
    first = queue(client, status="submitted")
    for report in first.context["rows"][:10]:
        Report.objects.filter(pk=report.pk).update(status="approved", status_since=timezone.now())
    second = queue(client, status="submitted", after=first.context["page"].next)
    assert len(second.context["rows"]) == 50
    assert not set(names(first)) & set(names(second))


@pytest.mark.parametrize(
    "mark",
    ["zzz", "[]", "[null,1]", '["x",1]', '["2024-01-01",1e999]', "[[[[1]]]]", '["2024-01-01T00:00","x"]'],
)
def test_a_nonsense_position_shows_the_first_page(mark, client):
    fill(60)
    client.force_login(make_user("reviewer"))
    assert names(queue(client, after=mark)) == names(queue(client))
    assert names(queue(client, before=mark)) == names(queue(client))


def test_the_next_page_keeps_the_filter(client):
    fill(130)
    client.force_login(make_user("reviewer"))
    page = queue(client, status="submitted", q="单位", sort="name")
    assert page.context["kept"] == "q=%E5%8D%95%E4%BD%8D&status=submitted&sort=name"
    html = page.content.decode()
    assert 'rel="next"' in html
    assert "status=submitted&amp;sort=name&amp;after=" in html


def test_a_count_is_not_taken_over_the_whole_table():
    fill(12)
    assert paging.capped_count(Report.objects.all(), 20) == (12, False)
    with CaptureQueriesContext(connection) as queries:
        assert paging.capped_count(Report.objects.all(), 10) == (10, True)
    assert "LIMIT 11" in queries[0]["sql"]


# ------------------------------------------------------------------ filters


def test_filters(client):
    reviewer = make_user("reviewer")
    main = make_department("示例区文化局")
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    make_round(2022, deadline=yesterday, opens=yesterday)
    make_report(department=make_department("甲馆", parent=main), status="submitted", assigned_to=reviewer)
    make_report(department=make_department("乙馆"), status="draft", open_warnings=2, all_warnings=3)
    make_report(department=make_department("丙馆"), status="approved", open_errors=1, all_warnings=1)
    make_report(department=make_department("丁馆"), status="returned", year=2022)
    make_report(
        department=make_department("戊馆"),
        status="draft",
        year=2022,
        extended_until=timezone.localdate(),
    )
    client.force_login(reviewer)

    def found(**filters) -> set[str]:
        return set(names(queue(client, **filters)))

    assert found() == {"甲馆", "乙馆", "丙馆", "丁馆", "戊馆"}
    assert found(status="submitted") == {"甲馆"}
    assert found(status="owed") == {"乙馆", "丁馆", "戊馆"}
    assert found(year="2022") == {"丁馆", "戊馆"}
    assert found(main=main.pk) == {"甲馆"}
    assert found(mine="on") == {"甲馆"}
    assert found(free="on") == {"乙馆", "丙馆", "丁馆", "戊馆"}
    assert found(late="on") == {"丁馆"}
    assert found(errors="on") == {"丙馆"}
    assert found(warnings="on") == {"乙馆", "丙馆"}
    assert found(unexplained="on") == {"乙馆"}
    assert found(q=" 丙 ") == {"丙馆"}
    assert found(warnings="on", errors="on", year="2023") == {"丙馆"}
    assert "没有符合条件的报告" in queue(client, q="没有这个单位").content.decode()


def test_filters_by_office(client):
    reviewer = make_user("reviewer")
    office = BusinessOffice.objects.create(region=make_region(), name="教科文股")
    office.members.add(reviewer)
    make_report(department=make_department("甲馆", office=office))
    make_report(department=make_department("乙馆"))
    client.force_login(reviewer)
    assert names(queue(client, office=office.pk)) == names(queue(client, office="own")) == ["甲馆"]
    assert names(queue(client, office="none")) == ["乙馆"]
    client.force_login(make_user("reviewer"))
    assert names(queue(client, office="own")) == []


def test_filters_by_the_gap_between_the_scores(client):
    for name, own, computed, reviewed in (
        ("甲馆", "92.3", "87.3", None),
        ("乙馆", "90", "89", "84"),
        ("丙馆", None, "89", None),
        ("丁馆", "80", "88", "90"),
    ):
        make_report(
            department=make_department(name),
            status="submitted",
            shown_self_score=own and Decimal(own),
            shown_score=Decimal(computed),
            reviewed_score=reviewed and Decimal(reviewed),
        )
    client.force_login(make_user("reviewer"))
    assert names(queue(client, gap="5")) == ["甲馆"]
    assert names(queue(client, gap="0.5")) == ["甲馆", "乙馆"]
    assert names(queue(client, review_gap="6")) == ["乙馆"]
    complaint = queue(client, gap="-3").content.decode()
    assert "大于或等于0" in complaint


def test_filters_by_resubmission_and_by_older_rules(client):
    make_report(department=make_department("甲馆"), status="submitted", times_submitted=2)
    make_report(department=make_department("乙馆"), status="submitted", times_submitted=1)
    make_report(department=make_department("丙馆"), status="returned", times_submitted=2)
    client.force_login(make_user("reviewer"))
    assert names(queue(client, resubmitted="on")) == ["甲馆"]
    Report.objects.update(checked_by_rules=current_of(make_round()))
    assert names(queue(client, older="on")) == []
    CheckLevel.objects.create(
        region=make_region(), code="table-sum", level="hint", reason="试行", by=make_user("round_manager")
    )
    assert set(names(queue(client, older="on"))) == {"甲馆", "乙馆"}
    assert "旧规则" in queue(client, status="submitted").content.decode()


@pytest.mark.parametrize(
    "filters",
    [{"status": "x"}, {"year": "abc"}, {"main": "99999"}, {"office": "zzz"}, {"gap": "x"}, {"sort": "zzz"}],
)
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
    assert names(response) == ["甲馆", "乙馆"]
    assert "邻馆" not in response.content.decode()
    client.force_login(make_user("main_reviewer", department=main))
    response = queue(client)
    assert names(response) == ["甲馆"]
    assert reverse("report-claim", args=[response.context["rows"][0].pk]) not in response.content.decode()


def test_a_report_is_claimed_from_the_queue_which_stays_as_it_was(client):
    report, reviewer = make_report(status="submitted"), make_user("reviewer")
    client.force_login(reviewer)
    page = f"{reverse('queue')}?status=submitted&sort=name"
    assert reverse("report-claim", args=[report.pk]) in client.get(page).content.decode()
    response = client.post(reverse("report-claim", args=[report.pk]), {"next": page}, follow=True)
    assert response.redirect_chain[-1][0] == page
    assert "已认领" in response.content.decode()
    assert Report.objects.get().assigned_to == reviewer


# ------------------------------------------------------------------ saved views, the next report


def test_a_saved_view_belongs_to_one_person_and_can_open_the_queue(client):
    reviewer = make_user("reviewer")
    client.force_login(reviewer)
    client.post(
        reverse("queue-view-save"),
        {"name": " 我的 ", "query": "mine=on&status=submitted&after=x&evil=1", "default": "on"},
    )
    view = SavedView.objects.get()
    assert (view.user, view.name, view.query, view.is_default) == (
        reviewer,
        "我的",
        "status=submitted&mine=on",
        True,
    )
    assert client.get(reverse("queue"))["Location"].endswith("?status=submitted&mine=on")
    assert queue(client).status_code == 200  # 全部
    client.post(reverse("queue-view-default", args=[view.pk]))
    assert client.get(reverse("queue")).status_code == 200
    client.force_login(make_user("reviewer"))
    assert "我的</a>" not in queue(client).content.decode()
    assert client.post(reverse("queue-view-delete", args=[view.pk])).status_code == 404
    client.force_login(reviewer)
    client.post(reverse("queue-view-delete", args=[view.pk]))
    assert not SavedView.objects.exists()


def test_the_same_name_replaces_and_only_one_view_is_the_default(client):
    client.force_login(make_user("reviewer"))
    for name, query in (("甲", "mine=on"), ("乙", "free=on"), ("甲", "late=on")):
        client.post(reverse("queue-view-save"), {"name": name, "query": query, "default": "on"})
    assert {view.name: view.query for view in SavedView.objects.all()} == {"甲": "late=on", "乙": "free=on"}
    assert SavedView.objects.get(is_default=True).name == "甲"


def test_a_view_without_a_name_is_refused_and_the_filter_stays(client):
    make_report(department=make_department("甲馆"), status="submitted")
    client.force_login(make_user("reviewer"))
    response = client.post(reverse("queue-view-save"), {"name": " ", "query": "status=submitted"})
    assert response.status_code == 422
    assert "请给这个筛选起个名称" in response.content.decode()
    assert names(response) == ["甲馆"]
    assert not SavedView.objects.exists()


def test_the_next_report_follows_in_the_filtered_order(client):
    for name in ("甲", "乙", "丙", "丁"):
        make_report(department=make_department(f"{name}馆"), status="submitted")
    make_report(department=make_department("乙二馆"), status="draft")
    client.force_login(make_user("reviewer"))
    order = names(queue(client, status="submitted", sort="name"))
    by_name = {report.department.name: report for report in Report.objects.all()}
    for here, after in zip(order, [*order[1:], order[0]], strict=True):
        page = client.get(reverse("report", args=[by_name[here].pk]))
        assert page.context["next_report"].department.name == after
        assert page.context["queue_url"].endswith("?status=submitted&sort=name")


def test_a_refused_filter_is_told_and_nothing_else_is(client):
    client.force_login(make_user("reviewer"))
    assert "filter-errors" not in client.get(reverse("queue")).content.decode()
    refused = client.get(reverse("queue"), {"gap": "很多"})
    assert "filter-errors" in refused.content.decode()
