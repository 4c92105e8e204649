"""The public page behind the QR code: approved, published, replaced, withdrawn, unknown; nothing said of contents."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from departments.services import record
from reports import paper
from reports.choices import Status
from reports.models import Report, Submission
from reports.verification import APPROVED, look_up
from tests.db import make_report, make_submission, make_user
from tests.factories import make_dossier

pytestmark = pytest.mark.django_db


@pytest.fixture
def report() -> Report:
    report = make_report(dossier=make_dossier())
    make_submission(report)
    return report


def put(report: Report, status: Status) -> None:
    Report.objects.filter(pk=report.pk).update(status=status)
    report.refresh_from_db()
    if status == Status.APPROVED:
        record(event=APPROVED, sentence="审核通过", by=make_user("reviewer"), profile=report.profile)


def code(report: Report, number: int = 1) -> str:
    return Submission.objects.get(report=report, number=number).sha256[:16]


def resubmit(report: Report) -> Submission:
    """A second submission with another fingerprint."""
    first = Submission.objects.get(report=report, number=1)
    dossier = first.dossier.model_copy(update={"title": "改过的标题"})
    return Submission.objects.create(
        report=report, number=2, dossier_json=dossier.canonical_json(), sha256=dossier.sha256(),
        scorecard=first.scorecard, findings=first.findings, policy=first.policy, template=first.template,
        submitted_by=first.submitted_by,
    )  # fmt: skip


def test_what_was_never_approved_is_unknown(report, client):
    put(report, Status.SUBMITTED)
    assert look_up(code(report)) is None
    page = client.get(reverse("verify", args=[code(report)]))
    assert page.status_code == 404
    assert "没有查到" in page.content.decode()
    assert report.department.name not in page.content.decode()


@pytest.mark.parametrize("wrong", ["0123456789abcdef", "zz", "0" * 64, "1" * 65, "ABCDEF"])
def test_unknown_codes_are_said_so(wrong, client):
    page = client.get(reverse("verify", args=[wrong]))
    assert page.status_code == 404
    assert "没有查到" in page.content.decode()


def test_approved_published_replaced_withdrawn(report):
    put(report, Status.APPROVED)
    assert look_up(code(report)).state == "approved"
    assert look_up(code(report).upper()).state == "approved"
    put(report, Status.PUBLISHED)
    assert look_up(code(report)).state == "published"
    put(report, Status.RETURNED)
    assert look_up(code(report)).state == "withdrawn"
    resubmit(report)
    put(report, Status.SUBMITTED)
    assert look_up(code(report)).state == "withdrawn"
    assert look_up(code(report, 2)) is None
    put(report, Status.APPROVED)
    assert look_up(code(report)).state == "replaced"
    assert look_up(code(report, 2)).state == "approved"


def test_the_page_says_who_and_when_and_no_contents(report, client):
    put(report, Status.APPROVED)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = client.get(reverse("verify", args=[code(report)]))
    assert len(queries) <= 4  # one of them asks for maintenance notices, as every page does
    text = page.content.decode()
    assert report.department.name in text and "2023年度" in text and "审核通过" in text
    assert "98.81" not in text and "206.00" not in text
    assert "max-age" in page["Cache-Control"]


def test_the_field_leads_to_the_code(report, client):
    put(report, Status.APPROVED)
    answer = client.get(reverse("verify-ask"), {"code": f" {code(report).upper()} "})
    assert answer.url == reverse("verify", args=[code(report)])
    assert "没有查到" in client.get(reverse("verify-ask"), {"code": "x"}).content.decode()


def test_the_paper_carries_the_code_only_when_approved(report, settings):
    settings.EVALSITE_ADDRESS = "https://example.gov.cn"
    put(report, Status.SUBMITTED)
    draft = paper.document(report, paper.shown(report))
    assert (draft.verification, draft.watermark) == (None, "草稿")
    put(report, Status.APPROVED)
    document = paper.document(report, paper.shown(report))
    assert document.watermark == ""
    assert document.verification.address == f"https://example.gov.cn/verify/{code(report)}/"
    assert document.verification.address in document.footer
    resubmit(report)
    old = paper.document(report, paper.shown(report, 1))
    assert (old.verification, old.watermark) == (None, "旧版")
