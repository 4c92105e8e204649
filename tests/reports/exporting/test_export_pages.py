"""Pages of the bulk export: order, confirmation, progress, download; true counts, Chinese refusals, nothing lost."""

from __future__ import annotations

import datetime
import re
from unittest.mock import patch
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from reports.exporting.tasks import enqueue
from reports.models import ExportJob, ExportState, ItemState, Worker
from tests.db import make_department, make_export, make_region, make_report, make_round, make_user
from tests.factories import make_dossier
from tests.reports.exporting.district import make_district, make_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    user = make_user("round_manager", name="刘绩效")
    client.force_login(user)
    return user


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


def choice(**fields) -> dict:
    return {"round": make_round().pk, "statuses": ["draft", "submitted"], "kinds": ["pdf", "docx"]} | fields


def run_worker() -> None:
    with patch("django_tasks_db.management.commands.db_worker.close_old_connections"):
        call_command("db_worker", batch=True, verbosity=0, interval=0, startup_delay=False)


def test_the_confirmation_says_how_much_it_is(client, manager):
    make_district(5)  # draft, submitted, approved, draft, submitted
    response = client.get(reverse("export-new"), choice(kinds=["pdf", "docx", "findings"]))
    text = text_of(response)
    assert "将导出 4 份报告，共 11 个文件" in text
    assert "填报中 2 份" in text
    assert "待审核 2 份" in text
    assert "其中 4 份还没有审核通过" in text
    assert not ExportJob.objects.exists(), "nothing is ordered by looking"


def test_what_was_confirmed_is_ordered(client, manager):
    make_district(3)
    confirmed = client.get(reverse("export-new"), choice()).content.decode()
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="(\w*)"', confirmed)
    sent: dict[str, list[str]] = {}
    for name, value in hidden:
        sent.setdefault(name, []).append(value)
    response = client.post(reverse("export-new"), sent)
    job = ExportJob.objects.get()
    assert response["Location"] == reverse("export", args=[job.uid])
    assert (job.statuses, job.kinds, job.by) == (["draft", "submitted"], ["pdf", "docx"], manager)
    assert job.items.count() == 2


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"statuses": []}, "请至少选择一种报告状态"),
        ({"kinds": []}, "请至少选择一种文件"),
        ({"kinds": ["exe"]}, "没有这种文件"),
        ({"round": "99999"}, "没有这个自评任务"),
        ({"main_department": "x"}, "没有这个主管部门"),
        ({"statuses": ["published"]}, "所选范围内没有报告"),
    ],
)
def test_a_wrong_choice_is_said_and_the_rest_is_kept(client, manager, wrong, words):
    make_district(2)
    response = client.get(reverse("export-new"), choice(**{"kinds": ["json"]} | wrong))
    assert response.status_code == 422
    assert words in text_of(response)
    if "kinds" not in wrong:
        assert re.search(r'value="json"[^>]*checked', response.content.decode())


def test_a_main_department_of_another_district_is_refused(client, manager):
    far = make_region("430408", "邻区")
    main = make_department("邻区文化局", region=far)
    make_department("邻区文化馆", region=far, parent=main)
    response = client.get(reverse("export-new"), choice(main_department=main.pk))
    assert response.status_code == 422
    assert "没有这个主管部门" in text_of(response)


def test_the_way_back_keeps_the_choice(client, manager):
    make_district(2)
    page = client.get(reverse("exports"), choice(statuses=["draft"], kinds=["json"])).content.decode()
    assert re.search(r'value="draft"[^>]*checked', page)
    assert re.search(r'value="json"[^>]*checked', page)
    assert not re.search(r'value="approved"[^>]*checked', page)


def test_progress_from_the_order_to_the_download(client, manager):
    reports = make_district(4)
    job = make_order(reports, ("pdf", "json"), by=manager)
    address = reverse("export", args=[job.uid])
    page = client.get(address)
    assert "后台程序没有运行" in text_of(page)
    Worker.objects.create(name="w", place="elsewhere/1/1")
    assert "后台程序没有运行" not in text_of(client.get(address))
    assert "已处理 0 份，共 4 份" in text_of(client.get(address))
    assert '<meta http-equiv="refresh" content="10">' in page.content.decode(), "it goes on without scripts"
    job.items.filter(report__in=[reports[0].pk]).update(state=ItemState.DONE)
    job.items.filter(report__in=[reports[1].pk]).update(state=ItemState.FAILED, reason="数据无法读出")
    part = client.get(f"{address}?htmx").content.decode()
    assert '<progress class="export-bar" value="2" max="4"' in part
    assert ">50%</progress>" in part
    assert "数据无法读出" in part
    assert 'hx-trigger="every 2s"' in part
    assert "<html" not in part
    job.items.all().update(state=ItemState.WAITING)
    run_worker()
    part = client.get(f"{address}?htmx").content.decode()
    assert "4 份报告全部导出" in part
    assert "hx-trigger" not in part, "a finished page asks no more"
    job.refresh_from_db()
    response = client.get(reverse("export-download", args=[job.uid]))
    assert b"".join(response.streaming_content) == job.archive.read_bytes()
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"] == f"attachment; filename*=utf-8''{quote(job.file_name)}"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


def test_the_time_that_is_left(client, manager):
    reports = make_district(8)
    job = make_order(reports, ("json",), by=manager)
    for item in job.items.all()[:2]:
        item.state, item.seconds, item.at = ItemState.DONE, 20, timezone.now()
        item.save()
    address = reverse("export", args=[job.uid])
    assert "还需要" not in text_of(client.get(address)), "two are too few to tell"
    item = job.items.filter(state=ItemState.WAITING).first()
    item.state, item.seconds, item.at = ItemState.DONE, 20, timezone.now()
    item.save()
    assert "还需要约2分钟" in text_of(client.get(address))


def test_watching_revives_a_job_whose_worker_died(client, manager):
    job = make_order(make_district(2), ("json",), by=manager)
    ExportJob.objects.filter(pk=job.pk).update(
        state=ExportState.RUNNING,
        lease_owner="elsewhere/1/1/a",
        lease_until=timezone.now() - datetime.timedelta(seconds=1),
    )
    assert "等待导出" in text_of(client.get(reverse("export", args=[job.uid])))
    job.refresh_from_db()
    assert job.state == ExportState.QUEUED


def test_an_export_that_is_over(client, manager):
    job = make_order(make_district(2), ("json",), by=manager)
    run_worker()
    ExportJob.objects.filter(pk=job.pk).update(expires_at=timezone.now())
    page = text_of(client.get(reverse("export", args=[job.uid])))
    assert "已过期" in page
    assert "下载压缩包" not in page
    response = client.get(reverse("export-download", args=[job.uid]), follow=True)
    assert "已过保留期并删除" in text_of(response)


def test_a_colleagues_export_is_not_shown_but_to_the_manager(client):
    job = make_order(make_district(2), ("json",), by=make_user("reviewer"))
    address = reverse("export", args=[job.uid])
    for role, code in (("round_manager", 200), ("reviewer", 404), ("auditor", 404)):
        client.force_login(make_user(role))
        assert client.get(address).status_code == code
        assert (f"第{job.pk}号" in text_of(client.get(reverse("exports")))) == (code == 200)


def test_a_report_that_the_downloader_may_not_read(client):
    """A report that went to another district takes the whole archive with it."""
    job = make_order(make_district(2), ("json",), by=make_user("reviewer"))
    run_worker()
    department = job.items.first().report.department
    type(department).objects.filter(pk=department.pk).update(region=make_region("430408", "邻区"))
    client.force_login(job.by)
    response = client.get(reverse("export-download", args=[job.uid]), follow=True)
    assert "您无权查看的报告" in text_of(response)


def test_pages_cost_no_more_for_more_reports_and_jobs(client, manager):
    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    reports = make_district(2)
    first = make_order(reports, ("json",), by=manager)
    first.items.filter(report=reports[0]).update(state=ItemState.FAILED, reason="x")
    small = cost(reverse("exports")), cost(reverse("export", args=[first.uid]))
    more = [make_report(department=make_department(f"第{n}局"), dossier=make_dossier()) for n in range(6)]
    second = make_export(*more, by=manager)
    second.items.exclude(report=more[0]).update(state=ItemState.FAILED, reason="x")
    enqueue(second.pk)
    for _ in range(8):
        make_export(*reports, by=manager, state=ExportState.DONE)
    assert (cost(reverse("exports")), cost(reverse("export", args=[second.uid]))) == small
    assert max(small) < 20
