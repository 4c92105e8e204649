"""Closing and chasing at the same moment as others act, on real connections."""

from __future__ import annotations

import pytest

from departments.models import AuditEntry
from reports import workflow
from reports.models import Notice, Reminder, Report, Round
from reports.rounds import services
from reports.workflow import Refused, Step
from tests.db import make_department, make_report, make_user
from tests.factories import make_dossier
from tests.reports.test_race import at_once

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def test_a_round_is_closed_while_a_unit_submits():
    department = make_department()
    head, manager = make_user("unit_head", department=department), make_user("round_manager")
    report = make_report(department=department, dossier=make_dossier())
    workflow.apply(report, Step.CERTIFY, by=head)
    closed, sent = at_once(
        lambda: services.close(round=report.round, by=manager),
        lambda: workflow.apply(report, Step.SUBMIT, by=head),
    )
    assert isinstance(closed, Round)
    status = Report.objects.get(pk=report.pk).status
    if isinstance(sent, Refused):
        assert "已经关闭" in str(sent) and status == "certified"
    else:
        assert status == "submitted"
        assert "未报送0份，待审核1份" in closed_sentence()


def closed_sentence() -> str:
    return AuditEntry.objects.get(event="round-close").sentence


def test_two_managers_remind_at_the_same_moment():
    report = make_report()
    make_user("filler", department=report.department)
    managers = [make_user("round_manager"), make_user("round_manager")]
    answers = at_once(
        *(
            lambda by=by: services.remind(round=report.round, reports=[report], by=by, text="请报送")
            for by in managers
        )
    )
    assert sorted(len(answer.sent) for answer in answers) == [0, 1]
    assert Reminder.objects.count() == Notice.objects.count() == 1


def test_two_workers_make_each_report_once():
    manager = make_user("round_manager")
    report = make_report()
    new = [make_department(f"单位{number}") for number in range(4)]
    services.add_departments(round=report.round, by=manager, departments=new)
    answers = at_once(*(lambda: services.begin_awaiting(round=report.round) for _ in range(2)))
    assert sum(answer.empty for answer in answers) == 4
    assert Report.objects.count() == 5
