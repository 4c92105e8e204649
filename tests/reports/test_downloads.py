"""Downloads: type, name, content of the right version, and an entry in the log for each."""

from __future__ import annotations

import io
import zipfile
from urllib.parse import quote

import pypdfium2
import pytest
from django.urls import reverse
from openpyxl import load_workbook

from budgets.models import Line
from departments.models import AuditEntry
from reports import workflow
from reports.workflow import Step
from tests.db import make_report, make_user
from tests.factories import make_dossier

pytestmark = pytest.mark.django_db

TYPES = {
    "pdf": ("application/pdf", b"%PDF-"),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
}


def get(client, report, kind, user=None, **data):
    client.force_login(user or make_user("reviewer"))
    return client.get(reverse("report-download", args=[report.pk, kind]), data)


def pdf_text(data: bytes) -> str:
    return "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data))


@pytest.mark.parametrize("kind", TYPES)
def test_type_name_and_log_of_a_download(kind, client):
    report = make_report(dossier=make_dossier())
    response = get(client, report, kind, make_user("reviewer", name="王审核"))
    content_type, beginning = TYPES[kind]
    assert response.status_code == 200
    assert response["Content-Type"] == content_type
    name = quote(f"示例区档案馆_2023年度绩效自评报告.{kind}")
    assert response["Content-Disposition"] == f"attachment; filename*=utf-8''{name}"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert response.content.startswith(beginning)
    entry = AuditEntry.objects.get()
    assert entry.event == "report-export"
    assert entry.sentence.startswith("王审核导出报告（")


def test_a_submitted_report_is_printed_from_its_frozen_version(client):
    report, head, reviewer = (
        make_report(dossier=make_dossier()),
        make_user("unit_head"),
        make_user("reviewer"),
    )
    workflow.apply(report, Step.CERTIFY, by=head)
    workflow.apply(report, Step.SUBMIT, by=head)
    first = get(client, report, "pdf", reviewer).content
    assert "第1次报送" in pdf_text(first)
    assert get(client, report, "pdf", reviewer).content == first
    workflow.apply(report, Step.RETURN, by=reviewer, reason="请修改")
    Line.objects.filter(profile=report.profile, table="three_public").update(prior_final="123400")
    assert "第1次报送" not in pdf_text(get(client, report, "pdf", reviewer).content)
    old = pdf_text(get(client, report, "pdf", reviewer, version="1").content)
    assert "第1次报送" in old
    assert "12.34" not in old
    assert AuditEntry.objects.filter(sentence__contains="第1次报送").exists()


def test_the_watermark_goes_with_the_approval(client):
    report, head, reviewer = (
        make_report(dossier=make_dossier()),
        make_user("unit_head"),
        make_user("reviewer"),
    )
    workflow.apply(report, Step.CERTIFY, by=head)
    workflow.apply(report, Step.SUBMIT, by=head)

    def mentions_draft() -> bool:
        data = get(client, report, "docx", reviewer).content
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any("草稿" in archive.read(name).decode("utf-8", "ignore") for name in archive.namelist())

    assert mentions_draft()
    workflow.apply(report, Step.APPROVE, by=reviewer)
    assert not mentions_draft()


def test_the_workbook_contains_the_entered_figures(client):
    report = make_report(dossier=make_dossier(spent="264.55", budget="96.24"))
    book = load_workbook(io.BytesIO(get(client, report, "xlsx").content))
    values = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert any(str(value) in {"264.55", "264.55万元"} for value in values)


@pytest.mark.parametrize(
    ("kind", "data"), [("exe", {}), ("pdf", {"version": "9"}), ("pdf", {"version": "x"})]
)
def test_what_does_not_exist_is_404_and_not_logged(kind, data, client):
    report = make_report(dossier=make_dossier())
    assert get(client, report, kind, **data).status_code == 404
    assert not AuditEntry.objects.exists()
