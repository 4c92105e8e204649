"""A nil report (零报告) in public: its reason is read, and nothing pretends to figures, a score or a grade."""

from __future__ import annotations

import csv
import io

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse

from reports import workflow
from reports.models import Publication
from reports.workflow import Step
from tests.db import make_department, make_publication, make_report, make_user

pytestmark = pytest.mark.django_db
REASON = "年初并入其他单位，本年度没有自己的支出"


@pytest.fixture
def published() -> Publication:
    unit = make_department("示例区农机站")
    report = make_report(department=unit)
    head, filler = make_user("unit_head", department=unit), make_user("filler", department=unit)
    report = workflow.apply(report, Step.FILE_NIL, by=filler, reason=REASON).report
    report = workflow.apply(report, Step.CERTIFY, by=head).report
    report = workflow.apply(report, Step.SUBMIT, by=head).report
    return make_publication(report)


def test_the_page_gives_the_reason_and_no_figures(published):
    page = Client().get(published.get_absolute_url())
    assert page.status_code == 200
    text = page.content.decode()
    assert "零报告" in text
    assert REASON in text
    for word in ("预算执行率", "自评得分", "绩效指标", "收入", "“三公”"):
        assert word not in text.split("<main", 1)[1].split("</main", 1)[0], word


def test_the_list_and_the_data_leave_score_and_grade_empty(published):
    assert (published.grade, published.self_score) == ("", None)
    assert "示例区农机站" in Client().get(reverse("public-list"), {"q": "农机"}).content.decode()
    row = next(
        csv.DictReader(
            io.StringIO(body(reverse("public-data-csv", args=("430407", 2023))).decode("utf-8-sig"))
        )
    )
    assert {row[name] for name in row if "得分" in name or "等级" in name or "万元" in name} == {""}


def test_its_pdf(published):
    pdf = pypdfium2.PdfDocument(body(published.get_absolute_url() + "report.pdf"))
    text = pdf[0].get_textpage().get_text_range()
    assert "零报告" in text


def body(address: str) -> bytes:
    answer = Client().get(address)
    assert answer.status_code == 200, address
    return b"".join(answer) if answer.streaming else answer.content
