"""One test for each way in which an attacker, or a careless colleague, would try the site.

Hostile workbooks, zip bombs, external entities and macros are tried in ``tests/reports/intake``, every route without a role or
without the form's token in ``test_access.py``; what is here goes through several floors at once.
"""

from __future__ import annotations

import html
import io
import re
import uuid
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from budgets.models import Line
from departments.models import AuditEntry, InternalOffice
from reports.models import Attachment, Report
from reports.workspace.sections import SECTIONS
from tests.db import PASSWORD, make_department, make_region, make_report, make_user
from tests.factories import make_dossier
from tests.reports.workspace.pages import Page

pytestmark = pytest.mark.django_db

SCRIPT = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}{% now 'Y' %}"
FORMULA = '=HYPERLINK("http://203.0.113.1/","点我")'


def poisoned(text: str) -> Any:
    """A dossier with the text in every field that takes a sentence or a name."""
    dossier = make_dossier()
    money, indicators = dossier.money, dossier.indicators
    return dossier.model_copy(
        update={
            "profile": dossier.profile.model_copy(
                update={
                    "internal_offices": (text, *dossier.profile.internal_offices),
                    "duties": (text, *dossier.profile.duties),
                    "head": text[:50],
                    "contact": text[:50],
                }
            ),
            "money": money.model_copy(
                update={
                    "projects": tuple(
                        item.model_copy(update={"name": f"{text}{number}"[:100]})
                        for number, item in enumerate(money.projects)
                    ),
                    "adjustments": tuple(
                        item.model_copy(update={"document": text[:90], "explanation": text})
                        for item in money.adjustments
                    ),
                    "frugality": text,
                }
            ),
            "indicators": indicators.model_copy(
                update={
                    "goals": tuple(
                        item.model_copy(update={"expected": text, "actual": text})
                        for item in indicators.goals
                    ),
                    "indicators": tuple(
                        item.model_copy(
                            update={
                                "name": f"{text}{number}"[:100],
                                "evidence": text,
                                "deviation_reason": text,
                            }
                        )
                        for number, item in enumerate(indicators.indicators)
                    ),
                }
            ),
            "narrative": tuple(item.model_copy(update={"text": text}) for item in dossier.narrative),
        }
    )


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


# ------------------------------------------------------------------ scripts and template code


@pytest.mark.parametrize("kind", ["unit", "bureau"])
def test_typed_markup_is_shown_as_text_on_every_page(kind):
    report = make_report(dossier=poisoned(SCRIPT), department=make_department(f"示例区<b>{SCRIPT}"[:100]))
    person = (
        make_user("filler", department=report.department) if kind == "unit" else make_user("round_manager")
    )
    pages = [reverse("report", args=[report.pk]), reverse("home")]
    if kind == "unit":
        pages += [reverse("workspace-section", args=[report.pk, item.key]) for item in SECTIONS]
    else:
        pages += [reverse("queue"), reverse("audit")]
    shown = 0
    for page in pages:
        text = signed_in(person).get(page, follow=True).content.decode()
        assert "<script>alert" not in text and "<img src=x" not in text, page
        assert "49&quot;" not in text
        shown += html.escape("<script>alert(1)") in text
    assert shown > len(pages) // 3, "the poison was not shown at all: the test would pass on anything"


def test_typed_markup_stays_text_in_word(client):
    report = make_report(dossier=poisoned("</w:t><w:br/>&amp;<正文>"))
    client.force_login(make_user("reviewer"))
    response = client.get(reverse("report-download", args=[report.pk, "docx"]))
    document = docx.Document(io.BytesIO(response.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert any(
        "</w:t><w:br/>&amp;<正文>" in text for text in [*cells, *(p.text for p in document.paragraphs)]
    )


# ------------------------------------------------------------------ formulas


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t=", "\r="])
def test_typed_formulas_stay_text_in_the_workbook(first, client):
    report = make_report(dossier=poisoned(first + FORMULA[1:]))
    client.force_login(make_user("reviewer"))
    response = client.get(reverse("report-download", args=[report.pk, "xlsx"]))
    book = load_workbook(io.BytesIO(response.content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f" and "HYPERLINK" in str(cell.value)]
    typed = [cell for cell in cells if "HYPERLINK" in str(cell.value or "")]
    assert typed
    assert all(cell.quotePrefix for cell in typed if str(cell.value)[0] in "=+-@")


# ------------------------------------------------------------------ files


def pdf(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, make_pdf(), content_type="application/pdf")


def make_pdf() -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.drawString(100, 700, "evidence")
    canvas.save()
    return buffer.getvalue()


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/cron.d/x.pdf",
        "..\\..\\evil.pdf",
        "/etc/passwd.pdf",
        "a\r\nX-Evil: 1.pdf",
        "\u202efdp.exe.pdf",
    ],
)
def test_a_file_name_never_becomes_a_path_or_a_header(name):
    report = make_report(dossier=make_dossier())
    filler = signed_in(make_user("filler"))
    filler.post(reverse("workspace-attachment-upload", args=[report.pk]), {"file": pdf(name)})
    kept = Attachment.objects.filter(profile=report.profile).first()
    files = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    if kept is None:
        assert files == []
        return
    assert [re.fullmatch(r"[0-9a-f]{64}", path.name) is not None for path in files] == [True]
    response = filler.get(reverse("workspace-attachment", args=[report.pk, kept.uid]))
    assert "/" not in kept.name and "\\" not in kept.name
    assert response["Content-Disposition"].startswith("attachment")
    assert "X-Evil" not in response
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_page_that_calls_itself_a_picture_is_refused():
    report = make_report(dossier=make_dossier())
    upload = SimpleUploadedFile("佐证.png", b"<html><script>alert(1)</script>", content_type="image/png")
    signed_in(make_user("filler")).post(
        reverse("workspace-attachment-upload", args=[report.pk]), {"file": upload}
    )
    assert not Attachment.objects.exists()


def test_a_bomb_in_a_package_is_not_unpacked():
    report = make_report(dossier=make_dossier())
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/workbook.xml", "<workbook/>")
        package.writestr("xl/worksheets/sheet1.xml", b"0" * (200 * 1024 * 1024))
    data = buffer.getvalue()
    assert len(data) < 1024 * 1024
    response = signed_in(make_user("filler")).post(
        reverse("workspace-import", args=[report.pk]),
        {"file": SimpleUploadedFile("决算.xlsx", data)},
        follow=True,
    )
    assert "远超一份自评资料" in response.content.decode()


# ------------------------------------------------------------------ numbers


@pytest.mark.parametrize(
    "number",
    [
        "9" * 400,
        "1e999999",
        "-1e308",
        "NaN",
        "Infinity",
        "0x10",
        "1_000",
        "１２．３．４",
        "1" + "0" * 15,
        "1,2,3",
        "٣",
    ],
)
def test_numbers_beyond_sense_are_answered_at_the_field(number):
    report = make_report(dossier=make_dossier())
    page = Page(make_user("filler"), report, "income")
    before = sorted(Line.objects.filter(profile=report.profile).values_list("key", "actual"))
    name = next(key for key in page.data if key.endswith(".actual"))
    assert page.send({name: number}).status_code == 302
    page.open()
    assert page.data[name] == number, "what was typed is shown again"
    assert 'aria-invalid="true"' in page.html
    assert sorted(Line.objects.filter(profile=report.profile).values_list("key", "actual")) == before


# ------------------------------------------------------------------ identities of others


@pytest.fixture
def two_units():
    own = make_report(dossier=make_dossier())
    other = make_report(dossier=make_dossier(), department=make_department("示例区水利局"))
    return own, other, make_user("filler", department=own.department)


def test_a_row_of_another_unit_cannot_be_taken_over(two_units):
    own, other, filler = two_units
    stolen = InternalOffice.objects.filter(profile=other.profile).first()
    page = Page(filler, own, "profile")
    rows = "rows:profile.internal_offices"
    page.send(
        {
            rows: [*page.data[rows][:-1], str(stolen.uid)],
            f"profile.internal_offices.{stolen.uid}.name": "被改的机构",
            "delete:" + f"profile.internal_offices.{stolen.uid}": "on",
        }
    )
    stolen.refresh_from_db()
    assert (stolen.profile_id, stolen.name) != (own.profile_id, "被改的机构")
    assert stolen.name != "被改的机构"


def test_ids_of_another_unit_s_rows_do_not_exist(two_units):
    own, other, filler = two_units
    attachment = Attachment.objects.create(
        profile=other.profile,
        name="x.pdf",
        file="x",
        content_type="application/pdf",
        size=1,
        sha256="0" * 64,
        uploaded_by=filler,
    )
    client = signed_in(filler)
    for address in (
        reverse("report", args=[other.pk]),
        reverse("workspace-attachment", args=[own.pk, attachment.uid]),
        reverse("workspace-attachment", args=[other.pk, attachment.uid]),
        reverse("workspace-project", args=[own.pk, uuid.uuid4()]),
        reverse("report-download", args=[other.pk, "pdf"]),
    ):
        assert client.get(address).status_code == 404, address


def test_a_report_cannot_be_assigned_to_somebody_of_another_region():
    report = make_report(dossier=make_dossier(), status="submitted")
    stranger = make_user("reviewer", region=make_region("430408", "邻区"))
    signed_in(make_user("round_manager")).post(
        reverse("report-assign", args=[report.pk]), {"to": stranger.pk}
    )
    assert Report.objects.get(pk=report.pk).assigned_to is None


def test_fields_that_no_form_offers_are_not_written():
    report = make_report(dossier=make_dossier())
    page = Page(make_user("filler"), report, "profile")
    page.send({"status": "approved", "locked_at": "2026-01-01", "reviewed_score": "100", "year": "2030"})
    after = Report.objects.select_related("profile").get(pk=report.pk)
    assert (after.status, after.reviewed_score, after.year) == ("draft", None, report.year)
    assert after.profile.locked_at is None


# ------------------------------------------------------------------ sessions


def test_the_session_changes_its_key_at_sign_in_and_dies_at_sign_out(client):
    user = make_user("filler")
    client.get(reverse("login"))
    session = client.session
    session["planted"] = "by the attacker"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    client.post(reverse("login"), {"username": user.username, "password": PASSWORD})
    inside = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert inside != session.session_key
    client.post(reverse("logout"))
    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = inside
    assert stolen.get(reverse("home")).status_code == 302


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_sign_in_leads_to_no_foreign_address(target, client):
    user = make_user("filler")
    response = client.post(
        reverse("login"), {"username": user.username, "password": PASSWORD, "next": target}
    )
    assert response.status_code == 302
    assert response["Location"] == reverse("home")


# ------------------------------------------------------------------ headers


def test_every_page_carries_the_headers(client):
    client.force_login(make_user("reviewer"))
    for address in (reverse("home"), reverse("queue")):
        response = client.get(address)
        policy = response["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert response["X-Frame-Options"] == "DENY"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Referrer-Policy"] == "same-origin"
        assert response["Cache-Control"] == "private, no-store"


def test_reading_and_exporting_another_unit_s_report_is_in_the_log(client):
    report = make_report(dossier=make_dossier())
    client.force_login(make_user("auditor", name="钱审计"))
    client.get(reverse("report", args=[report.pk]))
    client.get(reverse("report-download", args=[report.pk, "pdf"]))
    found = list(AuditEntry.objects.order_by("pk").values_list("event", "actor_name", "department__name"))
    assert found == [
        ("report-read", "钱审计", report.department.name),
        ("report-export", "钱审计", report.department.name),
    ]
