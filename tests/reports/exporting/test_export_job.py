"""A bulk export from the order to the archive: content, index, log, failures, leases, time of keeping."""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import zipfile
from unittest.mock import patch

import pypdfium2
import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from openpyxl import load_workbook

from departments.models import AuditEntry, RoleAssignment
from reports.exporting import files, lease, recovery, services, work
from reports.models import ExportItem, ExportJob, ExportState, ItemState, Notice, Report, Worker
from reports.workflow import NotAllowed, Refused
from tests.db import make_department, make_region, make_report, make_user
from tests.factories import make_dossier
from tests.reports.exporting.district import make_district, make_order

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def reports() -> list[Report]:
    return make_district(3)


def run_worker() -> None:
    """What a worker does until the queue is empty; the test's own connection stays open."""
    with patch("django_tasks_db.management.commands.db_worker.close_old_connections"):
        call_command("db_worker", batch=True, verbosity=0, interval=0, startup_delay=False)


def again(job: ExportJob) -> ExportJob:
    return ExportJob.objects.select_related("round__region", "by").get(pk=job.pk)


def opened(job: ExportJob) -> zipfile.ZipFile:
    packed = zipfile.ZipFile(job.archive)
    assert packed.testzip() is None
    return packed


def index_of(packed: zipfile.ZipFile) -> list[dict[str, object]]:
    head, *rows = load_workbook(io.BytesIO(packed.read("目录.xlsx")))["目录"].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


# ------------------------------------------------------------------ the archive


def test_everything_is_in_the_archive_and_in_its_index(reports):
    job = make_order(reports, ("pdf", "docx", "xlsx", "json", "findings"))
    run_worker()
    job = again(job)
    assert job.state == ExportState.DONE
    packed = opened(job)
    documents = {name for name in packed.namelist() if "/" in name}
    assert documents == {
        f"{kind.folder}/{files.file_name(report, key)}"
        for report in reports
        for key, kind in files.KINDS.items()
    }
    assert set(packed.namelist()) - documents == {"目录.xlsx", "核对结果.xlsx", "说明.txt"}
    assert hashlib.sha256(job.archive.read_bytes()).hexdigest() == job.sha256
    rows = index_of(packed)
    assert {row["文件"] for row in rows} == documents
    for row in rows:
        data = packed.read(row["文件"])
        assert (row["字节数"], row["校验值（SHA-256）"]) == (len(data), hashlib.sha256(data).hexdigest())
    assert [row["状态"] for row in rows[::4]] == ["填报中", "待审核", "已审核"]
    assert [row["版本"] for row in rows[::4]] == ["填报中的草稿", "第1次报送", "第1次报送"]
    assert list(job.folder.iterdir()) == [job.archive], "the single files are not kept twice"


def test_names_are_marked_as_utf_8(reports):
    job = make_order(reports, ("pdf",))
    run_worker()
    for info in opened(job).infolist():
        assert info.filename.isascii() or info.flag_bits & 0x800
        assert "\\" not in info.filename
        assert ".." not in info.filename


def test_a_file_is_what_the_single_download_gives(reports, client):
    user = make_user("round_manager")
    job = make_order(reports, ("pdf", "xlsx", "json"), by=user)
    run_worker()
    client.force_login(user)
    packed = opened(job)
    for report in reports:
        single = client.get(f"/reports/{report.pk}/download/xlsx/").content
        assert packed.read(f"Excel/{files.file_name(report, 'xlsx')}") == single
    texts = []
    for report in reports:
        pdf = pypdfium2.PdfDocument(packed.read(f"PDF/{files.file_name(report, 'pdf')}"))
        texts.append("".join(page.get_textpage().get_text_range() for page in pdf))
    assert ["草稿" in text for text in texts] == [True, True, False]
    assert ["第1次报送" in text for text in texts] == [False, True, True]
    stored = json.loads(packed.read(f"JSON/{files.file_name(reports[0], 'json')}"))
    assert stored["profile"]["department"] == reports[0].department.name


def test_the_findings_of_what_was_exported(reports):
    job = make_order(reports, ("findings",))
    run_worker()
    packed = opened(job)
    assert sorted(packed.namelist()) == sorted(["目录.xlsx", "核对结果.xlsx", "说明.txt"])
    assert [row["单位"] for row in index_of(packed)] == [report.department.name for report in reports]
    wanted = sum(
        len(content.evaluation.findings) + len(content.evaluation.waived)
        for content in map(work.paper.shown, reports)
    )
    sheet = load_workbook(io.BytesIO(packed.read("核对结果.xlsx"))).active
    assert sheet.max_row == wanted + 1


def test_the_note_says_who_ordered_what(reports):
    job = make_order(reports, ("pdf",), by=make_user("round_manager", name="刘绩效"))
    run_worker()
    note = opened(job).read("说明.txt")
    assert note.startswith(b"\xef\xbb\xbf")
    text = note.decode("utf-8-sig")
    for words in ("示例区2023年度", "导出人：刘绩效", "填报中、待审核、已审核；PDF", "3份", "草稿"):
        assert words in text


def test_text_of_a_unit_is_never_a_formula(reports):
    department = reports[0].department
    department.name = '=HYPERLINK("http://x","甲")'
    department.save()
    job = make_order(reports, ("json",))
    run_worker()
    sheet = load_workbook(io.BytesIO(opened(job).read("目录.xlsx"))).active
    cells = [cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=")]
    assert cells
    assert {cell.data_type for cell in cells} == {"s"}


def test_only_the_chosen_states_and_main_department(reports):
    main = make_department("示例区文化局")
    unit = make_department("示例区文化馆", parent=main)
    own = make_report(department=main, dossier=make_dossier())
    below = make_report(department=unit, dossier=make_dossier())
    job = services.order(
        round=own.round,
        by=make_user("reviewer"),
        statuses=["draft"],
        kinds=["json"],
        main_department=main,
    )
    assert {item.report_id for item in job.items.all()} == {own.pk, below.pk}
    assert make_order(reports, ("json",), ("approved",)).items.get().report_id == reports[2].pk


# ------------------------------------------------------------------ who


@pytest.mark.parametrize("role", ["reviewer", "round_manager", "auditor"])
def test_who_may_order(reports, role):
    assert make_order(reports, ("pdf",), by=make_user(role)).items.count() == 3


def test_who_may_not_order(reports):
    far = make_region("430408", "邻区")
    people = [
        make_user("filler", department=reports[0].department),
        make_user("administrator"),
        make_user("reviewer", region=far),
        make_user(),
    ]
    for person in people:
        with pytest.raises(NotAllowed):
            make_order(reports, ("pdf",), by=person)
    assert not ExportJob.objects.exists()


def test_whoever_lost_the_role_gets_nothing(reports):
    user = make_user("reviewer")
    job = make_order(reports, ("pdf",), by=user)
    RoleAssignment.objects.filter(user=user).update(is_active=False)
    run_worker()
    job = again(job)
    assert job.state == ExportState.FAILED
    assert not job.archive.exists()
    assert set(job.items.values_list("state", flat=True)) == {ItemState.FAILED}
    assert "无权查看" in job.items.first().reason
    assert not AuditEntry.objects.filter(event="report-export").exists()
    with pytest.raises(NotAllowed):
        services.fetch(job=job, by=user)


def test_the_log_has_the_job_and_every_report_in_it(reports):
    user = make_user("round_manager", name="刘绩效")
    job = make_order(reports, ("pdf", "docx"), by=user)
    run_worker()
    services.fetch(job=again(job), by=user)
    events = list(AuditEntry.objects.order_by("pk").values_list("event", flat=True))
    assert events == ["export-order", *["report-export"] * 3, "export-done", "export-download"]
    entries = AuditEntry.objects.filter(event="report-export")
    assert {entry.profile_id for entry in entries} == {report.profile_id for report in reports}
    assert f"PDF、Word，第1次报送，批量导出第{job.pk}号" in entries.order_by("pk")[1].sentence
    assert Notice.objects.get(user=user).text.startswith("示例区 2023年度自评批量导出已完成（3份报告）")


# ------------------------------------------------------------------ orders and cancelling


def test_the_same_order_twice_is_one_job(reports):
    user = make_user("round_manager")
    first, second = make_order(reports, ("pdf",), by=user), make_order(reports, ("pdf",), by=user)
    assert first.pk == second.pk
    assert DBTaskResult.objects.count() == 1
    for kinds in (("docx",), ("xlsx",)):
        make_order(reports, kinds, by=user)
    with pytest.raises(Refused, match="已有3个导出正在进行"):
        make_order(reports, ("json",), by=user)


def test_cancelling(reports):
    user = make_user("round_manager")
    job = make_order(reports, ("json",), by=user)
    services.cancel(job=job, by=user)
    run_worker()
    job = again(job)
    assert job.state == ExportState.CANCELLED
    assert set(job.items.values_list("state", flat=True)) == {ItemState.WAITING}
    assert not job.folder.exists()
    for act in (services.retry, services.fetch):
        with pytest.raises(Refused, match="已取消"):
            act(job=job, by=user)


def test_cancelled_while_it_runs(reports, monkeypatch, django_capture_on_commit_callbacks):
    user = make_user("round_manager")
    job = make_order(reports, ("json",), by=user)
    write = work.write

    def cancel_then_write(path, data):
        services.cancel(job=job, by=user)
        write(path, data)

    monkeypatch.setattr(work, "write", cancel_then_write)
    assert work.turn(job.pk) == work.LOST
    assert again(job).state == ExportState.CANCELLED
    assert not job.folder.exists()
    assert not AuditEntry.objects.filter(event="report-export").exists()


# ------------------------------------------------------------------ failures


def test_one_report_that_cannot_be_read_does_not_stop_the_others(reports, monkeypatch):
    shown = work.paper.shown

    def broken(report):
        if report.pk == reports[1].pk:
            raise ValueError("broken")
        return shown(report)

    user = make_user("round_manager")
    job = make_order(reports, ("json",), by=user)
    with monkeypatch.context() as broken_for_now:
        broken_for_now.setattr(work.paper, "shown", broken)
        run_worker()
    job = again(job)
    assert job.state == ExportState.DONE
    assert job.items.get(state=ItemState.FAILED).report_id == reports[1].pk
    packed = opened(job)
    assert sum(name.startswith("JSON/") for name in packed.namelist()) == 2
    row = next(row for row in index_of(packed) if row["未导出的原因"])
    assert (row["单位"], row["未导出的原因"]) == (reports[1].department.name, "数据无法读出：ValueError")
    assert f"{reports[1].department.name}：数据无法读出" in packed.read("说明.txt").decode("utf-8-sig")

    before = dict(job.items.filter(state=ItemState.DONE).values_list("pk", "at"))
    services.retry(job=job, by=user)
    run_worker()
    job = again(job)
    assert sum(name.startswith("JSON/") for name in opened(job).namelist()) == 3
    assert dict(job.items.filter(pk__in=before).values_list("pk", "at")) == before, "what was done stays"
    with pytest.raises(Refused, match="没有失败的报告"):
        services.retry(job=job, by=user)


def test_one_kind_that_cannot_be_made_does_not_stop_the_other_kinds(reports, monkeypatch):
    made = work.from_content

    def broken(report, content, kind, **options):
        if kind == "docx":
            raise ValueError
        return made(report, content, kind, **options)

    job = make_order(reports, ("docx", "json"))
    monkeypatch.setattr(work, "from_content", broken)
    run_worker()
    assert {item.reason for item in job.items.all()} == {"无法生成Word（ValueError）"}
    assert len(opened(again(job)).namelist()) == 3 + 2


def test_a_full_disk_is_said_and_can_be_tried_again(reports, monkeypatch):
    user = make_user("round_manager")
    job = make_order(reports, ("json",), by=user)

    def full(path, data):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken_for_now:
        broken_for_now.setattr(work, "write", full)
        run_worker()
    job = again(job)
    assert (job.state, job.message) == (ExportState.FAILED, "写不了文件：No space left on device")
    services.retry(job=job, by=user)
    run_worker()
    assert again(job).state == ExportState.DONE


def test_a_report_that_left_the_chosen_states_is_named(reports):
    job = make_order(reports, ("json",), ("submitted", "approved"))
    Report.objects.filter(pk=reports[1].pk).update(status="returned")
    run_worker()
    assert job.items.get(state=ItemState.FAILED).reason == "报告已变为“已退回”，不在所选状态之内"


def test_a_report_that_ends_the_worker_again_and_again_is_left_out(reports):
    job = make_order(reports, ("json",))
    job.items.filter(report=reports[0]).update(tries=work.MOST_TRIES)
    run_worker()
    assert again(job).state == ExportState.DONE
    assert "连续3次中断" in job.items.get(state=ItemState.FAILED).reason


def test_a_finished_file_that_is_not_what_was_recorded_is_made_again(reports, settings):
    settings.EXPORT_TURN_SECONDS = 0
    job = make_order(reports, ("json", "findings"))
    for _ in range(2):
        assert work.turn(job.pk) == work.MORE
    first, second = job.items.filter(state=ItemState.DONE)
    (job.folder / first.files[0]["stored"]).write_bytes(b"rotten")
    (job.folder / second.files[1]["stored"]).unlink()
    run_worker()
    job = again(job)
    assert job.state == ExportState.DONE
    packed = opened(job)
    for row in index_of(packed):
        assert hashlib.sha256(packed.read(row["文件"])).hexdigest() == row["校验值（SHA-256）"]


# ------------------------------------------------------------------ turns, leases, dead workers


def test_a_long_export_lets_other_tasks_have_their_turn(reports, settings):
    settings.EXPORT_TURN_SECONDS = 0
    first, second = make_order(reports, ("json",)), make_order(reports, ("pdf",))
    run_worker()
    turns = [
        row["args"][0]
        for row in DBTaskResult.objects.order_by("started_at").values_list("args_kwargs", flat=True)
    ]
    assert turns[:4] == [first.pk, second.pk, first.pk, second.pk]
    assert {again(first).state, again(second).state} == {ExportState.DONE}


def test_two_workers_never_have_one_job(reports):
    job = make_order(reports, ("json",))
    assert lease.take(job.pk, "one")
    assert not lease.take(job.pk, "two")
    assert work.turn(job.pk) == work.LOST
    lease.keep(job.pk, "one")
    ExportJob.objects.filter(pk=job.pk).update(lease_until=timezone.now() - datetime.timedelta(seconds=1))
    assert lease.take(job.pk, "two"), "the first one gave no sign of life"
    with pytest.raises(lease.LeaseLost):
        lease.keep(job.pk, "one")
    lease.end(job.pk, "two", state=ExportState.QUEUED)
    with pytest.raises(lease.LeaseLost):
        lease.end(job.pk, "two", state=ExportState.DONE)


def test_a_worker_that_lost_its_lease_records_nothing(reports, monkeypatch):
    job = make_order(reports, ("json",))
    write = work.write

    def overtaken(path, data):
        write(path, data)
        ExportJob.objects.filter(pk=job.pk).update(lease_owner="another")

    monkeypatch.setattr(work, "write", overtaken)
    assert work.turn(job.pk) == work.LOST
    assert not job.items.exclude(state=ItemState.WAITING).exists()
    assert again(job).lease_owner == "another"


def test_the_job_of_a_silent_worker_goes_back_into_the_queue_once(reports):
    job = make_order(reports, ("json",))
    DBTaskResult.objects.all().delete()
    assert lease.take(job.pk, "elsewhere/1/2/abc")
    job = again(job)
    assert not recovery.revive(job), "its worker may be alive"
    past = timezone.now() - datetime.timedelta(seconds=1)
    ExportJob.objects.filter(pk=job.pk).update(lease_until=past)
    job = again(job)
    assert recovery.revive(job)
    assert not recovery.revive(job), "what was looked at is no longer so"
    assert not recovery.revive(again(job))
    assert DBTaskResult.objects.count() == 1
    run_worker()
    assert again(job).state == ExportState.DONE


def test_the_job_of_an_ended_process_is_known_at_once(reports):
    job = make_order(reports, ("json",))
    host, process, started = lease.place().split("/")
    assert not lease.is_gone(f"{host}/{process}/{started}")
    assert lease.is_gone(f"{host}/{process}/1"), "another process has the number now"
    assert lease.is_gone(f"{host}/99999999/1")
    assert not lease.is_gone("elsewhere/99999999/1")
    assert lease.take(job.pk, f"{host}/99999999/1/abc")
    assert recovery.revive(again(job))


def test_a_job_that_fell_out_of_the_queue_is_put_back(reports):
    job = make_order(reports, ("json",))
    DBTaskResult.objects.all().delete()
    run_worker()
    assert again(job).state == ExportState.DONE


def test_the_task_of_a_dead_worker_does_not_run_for_ever(reports):
    job = make_order(reports, ("json",))
    task = DBTaskResult.objects.get()
    task.claim("dead")
    worker = Worker.objects.create(name="dead", place="elsewhere/1/2")
    recovery.sweep()
    task.refresh_from_db()
    assert task.status == TaskResultStatus.RUNNING, "its worker was heard of a moment ago"
    Worker.objects.filter(pk=worker.pk).update(seen_at=timezone.now() - datetime.timedelta(minutes=2))
    recovery.sweep()
    task.refresh_from_db()
    assert task.status == TaskResultStatus.FAILED
    run_worker()
    assert again(job).state == ExportState.DONE


# ------------------------------------------------------------------ how long it is kept


def test_an_archive_is_removed_after_its_time(reports, settings, django_capture_on_commit_callbacks):
    user = make_user("round_manager")
    job = make_order(reports, ("json",), by=user)
    run_worker()
    job = again(job)
    assert job.expires_at - job.finished_at == datetime.timedelta(days=settings.EXPORT_KEEP_DAYS)
    assert services.remove_expired() == 0
    ExportJob.objects.filter(pk=job.pk).update(expires_at=timezone.now())
    with pytest.raises(Refused, match="已过保留期"):
        services.fetch(job=again(job), by=user)
    with django_capture_on_commit_callbacks(execute=True):
        out = io.StringIO()
        call_command("prune_exports", stdout=out)
    assert "删除过期的导出1个" in out.getvalue()
    assert again(job).state == ExportState.REMOVED
    assert not job.folder.exists()
    assert ExportItem.objects.filter(job=job).count() == 3


def test_a_folder_left_by_a_dead_worker_is_removed(reports):
    user = make_user("round_manager")
    job = make_order(reports, ("json",), by=user)
    services.cancel(job=job, by=user)
    job.folder.mkdir(parents=True)
    (job.folder / "half.pdf").write_bytes(b"x")
    out = io.StringIO()
    call_command("prune_exports", stdout=out)
    assert "清理遗留的文件夹1个" in out.getvalue()
    assert not job.folder.exists()
