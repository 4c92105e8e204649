"""Evidence on the report's page: listed with all that identifies it, looked at only as pictures of our making."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from indicators.models import Indicator
from reports.models import Report
from reports.workspace.attachments import add_attachment
from tests.db import make_department, make_report, make_user
from tests.evidence import pdf, picture
from tests.factories import make_dossier
from tests.reports.workspace.test_attachments import package

pytestmark = pytest.mark.django_db


@pytest.fixture
def report():
    return make_report(dossier=make_dossier())


def kept(report, name, data, indicator=None):
    by = make_user("filler", department=report.department)
    return add_attachment(report=report, upload=SimpleUploadedFile(name, data), indicator=indicator, by=by)


def test_the_bureau_sees_type_size_checksum_and_line(client, report):
    indicator = Indicator.objects.filter(profile=report.profile).first()
    item = kept(report, "台账.pdf", pdf(), indicator)
    word = kept(report, "说明.docx", package("[Content_Types].xml", "word/document.xml"))
    Report.objects.filter(pk=report.pk).update(status="submitted")
    client.force_login(make_user("reviewer"))
    page = client.get(reverse("report", args=[report.pk]), {"tab": "files"}).content.decode()
    for words in ("台账.pdf", "PDF", indicator.name, item.sha256[:16], "整份报告", "Word"):
        assert words in page
    assert reverse("attachment-view", args=[report.pk, item.uid]) in page
    assert reverse("attachment-view", args=[report.pk, word.uid]) not in page


@pytest.mark.parametrize(
    ("name", "data", "pages"), [("台账.pdf", pdf(3), 3), ("照片.jpg", picture("JPEG"), 1)]
)
def test_pages_are_drawn_by_us(client, report, name, data, pages):
    item = kept(report, name, data)
    client.force_login(make_user("reviewer"))
    view = client.get(reverse("attachment-view", args=[report.pk, item.uid])).content.decode()
    assert view.count("<img") == pages and item.sha256 in view
    answer = client.get(reverse("attachment-page", args=[report.pk, item.uid, pages]))
    assert answer["Content-Type"] == "image/png" and answer["X-Content-Type-Options"] == "nosniff"
    assert answer.content.startswith(b"\x89PNG") and answer.content != data
    assert "private" in answer["Cache-Control"]
    assert client.get(reverse("attachment-page", args=[report.pk, item.uid, pages + 1])).status_code == 404


def test_other_types_are_for_download_only(client, report):
    item = kept(report, "说明.docx", package("[Content_Types].xml", "word/document.xml"))
    client.force_login(make_user("reviewer"))
    view = client.get(reverse("attachment-view", args=[report.pk, item.uid])).content.decode()
    assert "不能在网页中查看" in view and "<img" not in view
    assert client.get(reverse("attachment-page", args=[report.pk, item.uid, 1])).status_code == 404


def test_a_file_of_another_report_is_not_found(client, report):
    item = kept(report, "台账.pdf", pdf())
    other = make_report(department=make_department("示例区图书馆"))
    client.force_login(make_user("reviewer"))
    assert client.get(reverse("attachment-page", args=[other.pk, item.uid, 1])).status_code == 404


def test_a_file_that_went_bad_on_disk_says_so(client, report):
    item = kept(report, "台账.pdf", pdf())
    with open(item.file.path, "wb") as file:
        file.write(b"%PDF-1.7 broken")
    client.force_login(make_user("reviewer"))
    assert "打不开" in client.get(reverse("attachment-view", args=[report.pk, item.uid])).content.decode()
