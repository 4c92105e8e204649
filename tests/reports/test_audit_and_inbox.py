"""The audit log and the inbox: what is listed, at a constant number of queries."""

from __future__ import annotations

import datetime
import io
import re
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from departments import locks, sealing
from departments.models import AuditEntry
from departments.services import record
from reports.audit_log import KINDS
from reports.models import Notice
from tests.db import make_department, make_region, make_report, make_user

pytestmark = pytest.mark.django_db


# ------------------------------------------------------------------ audit log


def listed(client, **query: str) -> list[str]:
    """Sentences of the page, in its order."""
    return [entry.sentence for entry in client.get(reverse("audit"), query).context["rows"]]


@pytest.fixture
def auditor():
    return make_user("auditor", name="钱审计")


def at(entry: AuditEntry, *moment: int) -> None:
    """Move an entry to another time, past the guard that forbids it."""
    locks.uninstall(connection)
    AuditEntry.objects.filter(pk=entry.pk).update(at=datetime.datetime(*moment, tzinfo=datetime.UTC))
    locks.install(connection)


def test_the_audit_log_is_searched_paged_and_limited_to_the_region(client, auditor):
    report = make_report()
    far = make_report(department=make_department("邻馆", region=make_region("430408", "邻区")))
    for number in range(105):
        record(event="x", sentence=f"第{number}条", by=auditor, profile=report.profile)
    record(event="x", sentence="邻区的事", by=auditor, profile=far.profile)
    client.force_login(auditor)
    seen, page = [], client.get(reverse("audit"))
    assert page.context["count"] == 105
    while True:
        seen += [entry.sentence for entry in page.context["rows"]]
        if not page.context["page"].next:
            break
        page = client.get(reverse("audit"), {"after": page.context["page"].next})
    assert seen == [f"第{number}条" for number in reversed(range(105))]
    back = client.get(reverse("audit"), {"before": page.context["page"].previous})
    assert back.context["rows"][0].sentence == "第54条"
    assert listed(client, q="第54") == ["第54条"]
    assert client.get(reverse("audit"), {"q": "档案馆"}).context["count"] == 105


def test_the_audit_log_is_filtered_by_day_person_and_kind(client, auditor):
    profile, other = make_report().profile, make_user("reviewer", name="王审核")
    old = record(event="step-approve", sentence="旧", by=other, profile=profile)
    at(old, 2024, 4, 17, 16, 30)  # 00:30 of the 18th in Beijing
    late = record(event="export-order", sentence="晚", by=auditor, profile=profile)
    at(late, 2024, 4, 18, 15, 59)  # 23:59 of the 18th
    record(event="audit-export", sentence="今", by=auditor, profile=profile)
    record(event="unheard-of", sentence="别的", by=None, profile=profile)
    client.force_login(auditor)
    assert listed(client, since="2024-04-18", until="2024-04-18") == ["晚", "旧"]
    assert listed(client, until="2024-04-17") == []
    assert listed(client, person="王") == ["旧"]
    assert listed(client, kind="exports") == ["今", "晚"]
    assert listed(client, kind="steps") == ["旧"]
    assert listed(client, kind="other") == ["别的"]


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ({"since": "昨天"}, "请填写日期"),
        ({"since": "2024-05-02", "until": "2024-05-01"}, "截止日期早于起始日期"),
        ({"kind": "nonsense"}, "没有这类事项"),
    ],
)
def test_a_filter_that_cannot_be_read_is_said_and_kept(client, auditor, query, complaint):
    client.force_login(auditor)
    page = client.get(reverse("audit"), query)
    assert page.status_code == 422
    assert complaint in page.content.decode()
    assert client.get(reverse("audit-export"), query).status_code == 302
    assert not AuditEntry.objects.exists()


def test_every_event_that_is_written_has_a_kind():
    """A new event that falls under 其他 is a decision, not an oversight."""
    root = Path(__file__).resolve().parents[2]
    sources = [path.read_text() for app in ("reports", "departments") for path in root.glob(f"{app}/**/*.py")]
    events = {name for text in sources for name in re.findall(r'\bevent="([a-z.-]+)"', text)}
    assert len(events) > 30
    known = [part for kind in KINDS for part in kind.begins], [part for kind in KINDS for part in kind.ends]
    assert not {
        name for name in events if not name.startswith(tuple(known[0])) and not name.endswith(tuple(known[1]))
    }


def test_the_export_holds_what_is_filtered_as_text_and_is_logged(client, auditor):
    report = make_report()
    record(event="x", sentence='=HYPERLINK("http://x")', by=auditor, profile=report.profile)
    record(event="x", sentence="别的", by=auditor, profile=report.profile)
    client.force_login(auditor)
    response = client.get(reverse("audit-export"), {"q": "HYPERLINK"})
    title, head, *rows = load_workbook(io.BytesIO(response.content)).active.iter_rows()
    assert "HYPERLINK" in title[0].value and title[0].data_type == "s"
    assert [cell.value for cell in head][:5] == ["时间", "操作人", "单位", "年度", "内容"]
    assert [(row[1].value, row[4].value, row[4].data_type) for row in rows] == [
        ("钱审计", '=HYPERLINK("http://x")', "s")
    ]
    logged = AuditEntry.objects.get(event="audit-export")
    assert logged.actor == auditor
    assert "操作日志1条" in logged.sentence
    assert logged.data == {"filter": {"q": "HYPERLINK"}, "rows": 1}


def test_the_page_says_up_to_where_the_log_is_sealed(client, auditor):
    entry = record(event="x", sentence="一", by=auditor, profile=make_report().profile)
    client.force_login(auditor)
    assert "还没有封存" in client.get(reverse("audit")).content.decode()
    (made,) = sealing.seal()
    html = client.get(reverse("audit")).content.decode()
    assert f"已封存至第 {entry.pk} 号日志" in html
    assert made.digest in html


@pytest.mark.database
def test_the_audit_log_costs_the_same_queries_with_1_and_with_50_rows(
    client, auditor, django_assert_num_queries
):
    report = make_report()
    record(event="x", sentence="一", by=auditor, profile=report.profile)
    client.force_login(auditor)
    client.get(reverse("audit"))
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
