"""Two people at the same moment, on real connections: one wins, the other is told, nothing is written twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import DatabaseError, connection

from departments import locks
from departments.models import AnnualProfile, AuditEntry, InternalOffice
from reports import workflow
from reports.choices import Status
from reports.models import Report, Submission
from reports.workflow import Step, WorkflowRefused
from tests.db import make_report, make_user
from tests.factories import make_dossier

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Start all calls at the same moment, each on its own connection; answers or exceptions, in order."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        try:
            connection.ensure_connection()
            barrier.wait()
            return call()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def submitted() -> Report:
    report = make_report(dossier=make_dossier())
    department = report.profile.department
    head = make_user("unit_head", department=department)
    workflow.apply(report, Step.CERTIFY, by=head)
    return workflow.apply(report, Step.SUBMIT, by=head).report


def entries(step: Step) -> int:
    return AuditEntry.objects.filter(event=workflow.EVENT_PREFIX + step).count()


def test_two_reviewers_approve_at_the_same_moment():
    report = submitted()
    reviewers = [make_user("reviewer", name="王审核"), make_user("reviewer", name="李审核")]
    stamp = workflow.stamp(report)
    answers = at_once(
        *(lambda by=by: workflow.apply(report, Step.APPROVE, by=by, expected=stamp) for by in reviewers)
    )
    refused = [answer for answer in answers if isinstance(answer, WorkflowRefused)]
    assert len(refused) == 1, answers
    winner = reviewers[answers.index(next(answer for answer in answers if answer not in refused))]
    assert winner.name in str(refused[0])
    assert Report.objects.get(pk=report.pk).status == Status.APPROVED
    assert entries(Step.APPROVE) == 1


def test_approve_and_return_at_the_same_moment():
    report = submitted()
    first, second = make_user("reviewer"), make_user("reviewer")
    answers = at_once(
        lambda: workflow.apply(report, Step.APPROVE, by=first),
        lambda: workflow.apply(report, Step.RETURN, by=second, reason="请补充依据"),
    )
    assert sum(isinstance(answer, WorkflowRefused) for answer in answers) == 1, answers
    assert entries(Step.APPROVE) + entries(Step.RETURN) == 1
    status = Report.objects.get(pk=report.pk).status
    locked = AnnualProfile.objects.get(pk=report.profile_id).locked_at is not None
    assert (status, locked) in {(Status.APPROVED, True), (Status.RETURNED, False)}


def test_two_clicks_on_submit_make_one_submission():
    report = make_report(dossier=make_dossier())
    head = make_user("unit_head", department=report.profile.department)
    workflow.apply(report, Step.CERTIFY, by=head)
    answers = at_once(*[lambda: workflow.apply(report, Step.SUBMIT, by=head)] * 3)
    assert [answer.repeated for answer in answers].count(False) == 1, answers
    assert Submission.objects.filter(report=report).count() == 1
    assert entries(Step.SUBMIT) == 1


def test_a_change_beside_a_certification_is_in_the_certified_dossier_or_refused():
    report = make_report(dossier=make_dossier())
    head = make_user("unit_head", department=report.profile.department)
    answers = at_once(
        lambda: workflow.apply(report, Step.CERTIFY, by=head),
        lambda: InternalOffice.objects.create(profile=report.profile, name="新增科室", position=99),
    )
    changed = answers[1]
    if isinstance(changed, DatabaseError):
        assert locks.is_lock_refusal(changed)
    else:
        assert changed.pk
    if not isinstance(answers[0], Exception):
        workflow.apply(report, Step.SUBMIT, by=head)
        frozen = Submission.objects.get(report=report).dossier
        assert ("新增科室" in frozen.profile.internal_offices) is not isinstance(changed, DatabaseError)


def test_thirty_savers_on_different_reports_all_succeed():
    reports = [make_report(year=2001 + number) for number in range(10)]
    answers = at_once(
        *(
            lambda report=report, number=number: InternalOffice.objects.create(
                profile=report.profile, name=f"科室{number}", position=number
            )
            for report in reports
            for number in range(3)
        )
    )
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert InternalOffice.objects.count() == 30
