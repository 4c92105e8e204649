"""Files of evidence: what is taken, what is refused, how they come back."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from departments.choices import Role
from departments.models import AuditEntry
from indicators.models import Indicator
from reports.models import Attachment
from tests.db import make_department, make_report, make_user
from tests.evidence import pdf, picture
from tests.factories import make_dossier
from tests.reports.workspace.pages import address, client_of

pytestmark = pytest.mark.django_db


def package(*members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for member in members:
            file.writestr(member, "<xml/>")
    return buffer.getvalue()


PDF = pdf()
GOOD = {
    "台账.pdf": PDF,
    "照片.JPG": picture("JPEG"),
    "截图.png": picture(),
    "说明.docx": package("[Content_Types].xml", "word/document.xml"),
    "汇总.xlsx": package("[Content_Types].xml", "xl/workbook.xml"),
}
BAD = {
    "改名.pdf": b"MZ program",
    "假的.png": PDF,
    "只有开头.png": b"\x89PNG\r\n\x1a\nrest",
    "缺一半.png": picture(size=(900, 900))[:-600],
    "缺一半.jpg": picture("JPEG", (900, 900))[:-600],
    "只有开头.pdf": b"%PDF-1.7\n%%EOF",
    "坏了一处.docx": package("[Content_Types].xml", "word/document.xml").replace(b"<xml/>", b"<xmm/>", 1),
    "坏的.docx": b"PK\x03\x04broken",
    "表格.docx": package("[Content_Types].xml", "xl/workbook.xml"),
    "宏.xlsx": package("xl/workbook.xml", "xl/vbaProject.bin"),
    "程序.exe": b"MZ",
    "网页.html": b"<script>",
    "旧的.doc": b"\xd0\xcf\x11\xe0",
    "空的.pdf": b"",
}


@pytest.fixture
def report():
    return make_report(dossier=make_dossier())


@pytest.fixture
def client(report):
    return client_of(make_user(Role.FILLER))


def send(client, report, name, content, **more):
    return client.post(
        reverse("workspace-attachment-upload", args=[report.pk]),
        {"file": SimpleUploadedFile(name, content), **more},
        follow=True,
    )


@pytest.mark.parametrize("name", GOOD)
def test_a_file_is_kept_whole_with_its_checksum(report, client, settings, name):
    indicator = Indicator.objects.filter(profile=report.profile).first()
    html = send(client, report, name, GOOD[name], indicator=str(indicator.uid)).content.decode()
    item = Attachment.objects.get()
    assert (item.name, item.size, item.indicator) == (name, len(GOOD[name]), indicator)
    assert item.sha256 == hashlib.sha256(GOOD[name]).hexdigest()
    assert Path(item.file.path).read_bytes() == GOOD[name]
    assert name in html
    assert [file.name for file in Path(item.file.path).parent.iterdir()] == [item.sha256]


@pytest.mark.parametrize("name", BAD)
def test_content_that_is_not_what_its_name_says_is_refused(report, client, settings, name):
    html = send(client, report, name, BAD[name]).content.decode()
    assert not Attachment.objects.exists()
    assert "alert-error" in html
    assert not [file for file in Path(settings.MEDIA_ROOT).rglob("*") if file.is_file()]


def test_a_file_over_the_limit_is_refused(report, client, settings):
    settings.ATTACHMENT_MAX_BYTES = 10
    send(client, report, "台账.pdf", PDF)
    assert not Attachment.objects.exists()


def test_the_same_file_twice_is_said(report, client):
    send(client, report, "台账.pdf", PDF)
    assert "不必重复上传" in send(client, report, "另名.pdf", PDF).content.decode()
    assert Path(Attachment.objects.get().file.path).read_bytes() == PDF


def test_download_is_an_attachment_and_checked(report, client):
    send(client, report, "台账.pdf", PDF)
    url = reverse("workspace-attachment", args=[report.pk, Attachment.objects.get().uid])
    response = client.get(url)
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    other = make_user(Role.FILLER, department=make_department("示例区水利局"))
    assert client_of(other).get(url).status_code == 404
    assert client_of(make_user(Role.REVIEWER)).get(url).status_code == 200


def test_delete_by_post_removes_row_and_file(report, client):
    send(client, report, "台账.pdf", PDF)
    item = Attachment.objects.get()
    url = reverse("workspace-attachment-delete", args=[report.pk, item.uid])
    assert client.get(url).status_code == 405
    assert client.post(url).url == address(report, "attachments")
    assert not Attachment.objects.exists()
    assert not Path(item.file.path).exists()
    assert set(AuditEntry.objects.values_list("event", flat=True)) == {"attachment.add", "attachment.remove"}


def test_a_locked_report_takes_no_file_and_loses_none(report, client):
    send(client, report, "台账.pdf", PDF)
    item = Attachment.objects.get()
    report.status = "submitted"
    report.save()
    send(client, report, "截图.png", GOOD["截图.png"])
    client.post(reverse("workspace-attachment-delete", args=[report.pk, item.uid]))
    assert Attachment.objects.get() == item
    assert Path(item.file.path).exists()
    assert "上传</button>" not in client.get(address(report, "attachments")).content.decode()
