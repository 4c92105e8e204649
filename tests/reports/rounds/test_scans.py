"""盖章扫描件: asked for by the round, bound to one certification, required by the workflow, never shown inline."""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from reportlab.pdfgen.canvas import Canvas

from departments.models import AuditEntry
from reports import workflow
from reports.models import Report, StampedScan
from reports.rounds import scans
from reports.workflow import NotAllowed, Refused, Step
from tests.db import make_department, make_report, make_round, make_user
from tests.factories import make_dossier

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def printed(words: str = "stamped") -> bytes:
    """A small real PDF."""
    file = BytesIO()
    canvas = Canvas(file)
    canvas.drawString(100, 700, words)
    canvas.save()
    return file.getvalue()


PDF = printed()


def upload(name: str = "盖章.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


@pytest.fixture
def world():
    make_round(scan_required=True)
    unit = make_department()
    people = {
        "head": make_user("unit_head", department=unit),
        "filler": make_user("filler", department=unit),
        "reviewer": make_user("reviewer"),
    }
    report = make_report(department=unit, dossier=make_dossier())
    return report, people


def certified(world) -> Report:
    report, people = world
    return workflow.apply(report, Step.CERTIFY, by=people["head"]).report


def test_the_report_is_sent_only_with_the_scan_of_this_certification(world):
    report, people = certified(world), world[1]
    with pytest.raises(Refused, match="盖章扫描件"):
        workflow.apply(report, Step.SUBMIT, by=people["filler"])
    scan = scans.add_scan(report=report, upload=upload(), by=people["filler"])
    assert scan.dossier_sha256 == report.certified_hash
    workflow.apply(report, Step.SUBMIT, by=people["filler"])
    scan.refresh_from_db()
    assert scan.submission.number == 1
    assert AuditEntry.objects.filter(event="scan-add").count() == 1


def test_any_unlock_voids_it_even_if_the_data_stay_the_same(world):
    report, people = certified(world), world[1]
    scan = scans.add_scan(report=report, upload=upload(), by=people["filler"])
    workflow.apply(report, Step.UNLOCK, by=people["filler"])
    again = workflow.apply(report, Step.CERTIFY, by=people["head"]).report
    assert again.certified_hash == scan.dossier_sha256
    with pytest.raises(Refused, match="盖章扫描件"):
        workflow.apply(report, Step.SUBMIT, by=people["filler"])
    scans.add_scan(report=report, upload=upload(), by=people["head"])
    workflow.apply(report, Step.SUBMIT, by=people["filler"])
    assert StampedScan.objects.filter(voided_at=None).count() == 1


def test_a_second_scan_replaces_the_first(world):
    report, people = certified(world), world[1]
    first = scans.add_scan(report=report, upload=upload(), by=people["filler"])
    second = scans.add_scan(report=report, upload=upload(content=printed("second")), by=people["filler"])
    first.refresh_from_db()
    assert first.voided_at and not second.voided_at
    assert second.sha256 == hashlib.sha256(Path(second.file.path).read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("盖章.jpg", b"\xff\xd8\xff", "须为PDF"),
        ("盖章.pdf", b"\xff\xd8\xff\xe0 photo %%EOF", "内容不是PDF"),
        ("盖章.pdf", b"", "空文件"),
        ("盖章.pdf", PDF[: len(PDF) // 2], "损坏"),
    ],
)
def test_only_a_whole_pdf_is_taken(world, name, content, message, settings):
    report, people = certified(world), world[1]
    with pytest.raises(Refused, match=message):
        scans.add_scan(report=report, upload=upload(name, content), by=people["filler"])
    assert not StampedScan.objects.exists()
    assert not list(Path(settings.MEDIA_ROOT).rglob("*")) if Path(settings.MEDIA_ROOT).exists() else True


def test_it_is_taken_only_between_certification_and_submission(world, settings):
    report, people = world
    with pytest.raises(Refused, match="负责人确认之后"):
        scans.add_scan(report=report, upload=upload(), by=people["filler"])
    with pytest.raises(NotAllowed):
        scans.add_scan(report=report, upload=upload(), by=people["reviewer"])
    make_round().__class__.objects.update(scan_required=False)
    certified(world)
    with pytest.raises(Refused, match="不要求"):
        scans.add_scan(report=report, upload=upload(), by=people["filler"])
    files = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert files == [], "a refused file does not stay"


def test_the_pages_ask_for_it_take_it_and_give_it_as_a_download(world, client):
    report, people = certified(world), world[1]
    client.force_login(people["filler"])
    page = reverse("report", args=[report.pk])
    assert "签字、加盖公章" in client.get(page).content.decode()
    answer = client.post(reverse("scan-upload", args=[report.pk]), follow=True)
    assert "请先选择" in answer.content.decode()
    answer = client.post(reverse("scan-upload", args=[report.pk]), {"file": upload()}, follow=True)
    assert "可以报送了" in answer.content.decode()
    workflow.apply(report, Step.SUBMIT, by=people["filler"])
    client.force_login(people["reviewer"])
    address = reverse("scan", args=[report.pk, StampedScan.objects.get().pk])
    assert address in client.get(page).content.decode()
    response = client.get(address)
    assert response["Content-Disposition"].startswith("attachment")
    assert b"".join(response.streaming_content) == PDF
    assert AuditEntry.objects.filter(event="report-export").count() == 1
