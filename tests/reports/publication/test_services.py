"""The bureau's side: marks, dates and the 20-day clock, classified units, and what the pages say."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from departments.models import AuditEntry, Department
from reports.choices import Status
from reports.models import PublicationMark, Report, Round
from reports.publication import freeze, services
from reports.publication.clock import Clock, clock_of
from reports.workflow import NotAllowed, Refused
from tests.db import make_department, make_publication, make_report, make_submission, make_user
from tests.factories import make_dossier

pytestmark = pytest.mark.django_db
DAY = datetime.date


@pytest.fixture
def report() -> Report:
    """An approved report."""
    report = make_report(dossier=make_dossier())
    make_submission(report)
    Report.objects.filter(pk=report.pk).update(status=Status.APPROVED)
    return Report.objects.with_context().get(pk=report.pk)


@pytest.fixture
def manager():
    return make_user("round_manager")


@pytest.mark.parametrize(
    ("due", "today", "published", "words", "late"),
    [
        (DAY(2024, 8, 21), DAY(2024, 8, 20), None, "还有1天", False),
        (DAY(2024, 8, 21), DAY(2024, 8, 21), None, "今天到期", False),
        (DAY(2024, 8, 21), DAY(2024, 8, 22), None, "已逾期1天", True),
        (DAY(2024, 8, 21), DAY(2025, 1, 1), DAY(2024, 8, 21), "按期公开", False),
        (DAY(2024, 8, 21), DAY(2025, 1, 1), DAY(2024, 8, 22), "逾期公开", True),
        (None, DAY(2024, 8, 22), None, "未填决算批复日期", False),
        (None, DAY(2024, 8, 22), DAY(2024, 8, 1), "已公开", False),
    ],
)
def test_the_clock(due, today, published, words, late):
    clock = Clock(due, today, published)
    assert (clock.words, clock.late) == (words, late)


def test_the_clock_runs_from_the_units_own_date_else_the_rounds(report, manager):
    assert report.publish_by is None
    services.set_round_date(round=report.round, by=manager, date=DAY(2024, 8, 1))
    report = Report.objects.with_context().get(pk=report.pk)
    assert report.publish_by == DAY(2024, 8, 21)
    services.set_report_date(report=report, by=manager, date=DAY(2024, 8, 5))
    report = Report.objects.with_context().get(pk=report.pk)
    assert clock_of(report, DAY(2024, 8, 6)).due == DAY(2024, 8, 25)
    assert AuditEntry.objects.filter(event="accounts-approved").count() == 2


@pytest.mark.parametrize("date", [DAY(2023, 12, 31), DAY(2027, 1, 1)])
def test_an_implausible_date_is_refused_at_the_field(report, manager, client, date):
    with pytest.raises(Refused, match="请核对年份"):
        services.set_round_date(round=report.round, by=manager, date=date)
    client.force_login(manager)
    for address in (
        reverse("publication-round-date", args=[report.round_id]),
        reverse("report-publication-date", args=[report.pk]),
    ):
        answer = client.post(address, {"date": date.isoformat()})
        assert answer.status_code == 422
        text = answer.content.decode()
        assert "请核对年份" in text
        assert date.isoformat() in text
    assert Round.objects.get(pk=report.round_id).accounts_approved_on is None


def test_a_mark_withholds_and_is_logged(report, manager):
    services.mark(report=report, by=manager, where="narrative.problems", reason="涉及未公开的案件")
    view = freeze.source_of(report).view
    section = next(item for item in view.sections if item.key == "problems")
    assert section.withheld
    assert section.text == "本部分不予公开。"
    assert "涉及未公开的案件" in AuditEntry.objects.get(event="publication-mark").sentence
    with pytest.raises(Refused, match="已经标记"):
        services.mark(report=report, by=manager, where="narrative.problems", reason="再次")
    services.unmark(mark=PublicationMark.objects.get(), by=manager)
    assert not any(item.withheld for item in freeze.source_of(report).view.sections)


def test_who_marks_and_when(report, manager):
    with pytest.raises(NotAllowed):
        services.mark(report=report, by=make_user("reviewer"), where="narrative.problems", reason="理由")
    with pytest.raises(Refused, match="没有这个部分"):
        services.mark(report=report, by=manager, where="narrative.nothing", reason="理由")
    with pytest.raises(Refused, match="理由"):
        services.mark(report=report, by=manager, where="narrative.problems", reason=" ")
    make_publication(report)
    with pytest.raises(Refused, match="请先撤下"):
        services.mark(report=report, by=manager, where="narrative.problems", reason="理由")


def test_a_refused_mark_keeps_what_was_typed(report, manager, client):
    client.force_login(manager)
    address = reverse("report-publication-mark", args=[report.pk])
    answer = client.post(address, {"where": "", "reason": "写好的理由"})
    assert answer.status_code == 422
    assert "请选择不公开的部分" in answer.content.decode()
    assert "写好的理由" in answer.content.decode()


def test_classified_is_lifted_too_and_both_are_logged(manager):
    unit = make_department()
    services.classify(department=unit, by=manager, classified=True, reason="承担涉密任务")
    assert Department.objects.get(pk=unit.pk).classified
    services.classify(department=unit, by=manager, classified=False, reason="任务已结束")
    unit.refresh_from_db()
    assert (unit.classified, unit.classified_reason) == (False, "")
    assert AuditEntry.objects.filter(event="classify").count() == 2
    with pytest.raises(NotAllowed):
        services.classify(department=unit, by=make_user("reviewer"), classified=True, reason="理由")
    with pytest.raises(Refused):
        services.classify(department=unit, by=manager, classified=True, reason=" ")


def test_the_overview_shows_clock_and_next_act(report, manager, client):
    services.set_round_date(round=report.round, by=manager, date=DAY(2024, 8, 1))
    client.force_login(manager)
    text = client.get(reverse("publication")).content.decode()
    assert "2024-08-21" in text
    assert "已逾期" in text
    assert "准备公开" in text
    page = client.get(reverse("report-publication", args=[report.pk])).content.decode()
    assert "公众将看到的内容" in page
    assert "信息公开版" in page
    assert "确认公开" in page


def test_queries_of_the_overview_do_not_grow(manager, client, django_assert_max_num_queries):
    for number in range(12):
        make_report(department=make_department(f"示例区第{number}中学"), status=Status.APPROVED)
    client.force_login(manager)
    with django_assert_max_num_queries(14):
        client.get(reverse("publication"))
