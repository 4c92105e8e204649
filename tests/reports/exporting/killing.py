"""A bulk export whose worker is killed again and again; shared by the small test and by the long one."""

from __future__ import annotations

import hashlib
import io
import re
import time
import zipfile
from pathlib import Path

import pypdfium2
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from departments.models import AuditEntry
from reports.exporting.files import KINDS
from reports.models import ExportJob, ExportState, ItemState
from tests.reports.exporting.district import make_district, make_order, wait_until, worker


def finished(job: ExportJob) -> int:
    return job.items.exclude(state=ItemState.WAITING).count()


def check_page(client: Client, job: ExportJob) -> int:
    """The page's figures lie between what the database held before and after; gives the figure shown."""
    before = finished(job)
    text = client.get(f"{reverse('export', args=[job.uid])}?htmx").content.decode()
    after = finished(job)
    shown = re.search(r'<progress[^>]*value="(\d+)" max="(\d+)"', text)
    if shown is None:
        assert "已完成" in text
        return after
    value, total = map(int, shown.groups())
    assert before <= value <= after
    assert total == job.items.count()
    assert f">{value * 100 // total}%</progress>" in text
    done = int(re.search(r"<dt>已导出</dt><dd>(\d+) 份", text).group(1))
    failed = int(re.search(r"<dt>失败</dt><dd[^>]*>(\d+) 份", text).group(1))
    assert done + failed == value
    return value


def export_through_kills(
    *, reports: int, kills: int, kinds: tuple[str, ...], log: Path, seconds: float
) -> dict:
    """Order, kill the worker that many times in the middle, let the last one finish, check everything."""
    made = make_district(reports)
    job = make_order(made, kinds)
    client = Client()
    client.force_login(job.by)
    assert check_page(client, job) == 0
    shown: list[int] = []
    started = time.monotonic()
    for number in range(1, kills + 1):
        with worker(log) as process:

            def far_enough(wanted: int = reports * number // (kills + 1)) -> bool:
                shown.append(check_page(client, job))
                assert process.poll() is None, log.read_text()
                return shown[-1] >= wanted

            wait_until(far_enough, seconds)
            process.kill()
            process.wait()
        assert job.items.filter(state=ItemState.WAITING).exists(), "it was killed in the middle"
        shown.append(check_page(client, job))

    def is_over() -> bool:
        shown.append(check_page(client, job))
        return ExportJob.objects.get(pk=job.pk).state not in (ExportState.QUEUED, ExportState.RUNNING)

    with worker(log):
        wait_until(is_over, seconds)
    took = time.monotonic() - started
    assert shown == sorted(shown), "progress never goes back"
    assert len(set(shown)) > min(reports, 4) - 1, "the page was looked at on the way"
    check_archive(ExportJob.objects.get(pk=job.pk), made, kinds)
    return {"seconds": took, "rate": reports / took}


def check_archive(job: ExportJob, reports: list, kinds: tuple[str, ...]) -> None:
    """Every file opens and is in the index with its checksum; every report was logged exactly once."""
    assert job.state == ExportState.DONE
    assert hashlib.sha256(job.archive.read_bytes()).hexdigest() == job.sha256
    documents = [kind for kind in kinds if kind in KINDS]
    with zipfile.ZipFile(job.archive) as packed:
        assert packed.testzip() is None
        names = packed.namelist()
        assert len(names) == len(set(names))
        listed = [name for name in names if "/" in name]
        assert len(listed) == len(reports) * len(documents)
        head, *rows = load_workbook(io.BytesIO(packed.read("目录.xlsx"))).active.iter_rows(values_only=True)
        rows = [dict(zip(head, row, strict=True)) for row in rows]
        assert {row["文件"] for row in rows} == set(listed)
        assert {row["单位"] for row in rows} == {report.department.name for report in reports}
        for row in rows:
            data = packed.read(row["文件"])
            assert hashlib.sha256(data).hexdigest() == row["校验值（SHA-256）"]
            if row["文件"].endswith(".pdf"):
                assert len(pypdfium2.PdfDocument(data)) > 1
            elif row["文件"].endswith((".docx", ".xlsx")):
                assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None
    logged = AuditEntry.objects.filter(event="report-export").values_list("profile_id", flat=True)
    assert sorted(logged) == sorted(report.profile_id for report in reports)
    assert [path.name for path in job.folder.iterdir()] == [job.archive.name]
