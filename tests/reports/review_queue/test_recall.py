"""Recall (撤回): the unit takes a submission back until a reviewer has opened it; what was submitted stays frozen."""

from __future__ import annotations

import datetime

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from departments.models import AnnualProfile, AuditEntry
from reports import services, workflow
from reports.models import Notice, Opening, Report, Submission
from reports.workflow import NotAllowed, Step, WorkflowRefused
from tests.db import make_department, make_report, make_round, make_user
from tests.factories import make_dossier

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def head():
    return make_user("unit_head", name="陈负责")


@pytest.fixture
def report(head) -> Report:
    made = make_report(dossier=make_dossier())
    workflow.apply(made, Step.CERTIFY, by=head)
    return workflow.apply(made, Step.SUBMIT, by=head).report


def open_page(client, report, user):
    client.force_login(user)
    return client.get(reverse("report", args=[report.pk]))


def test_the_unit_recalls_before_anybody_has_opened_it(report, head):
    reviewer = make_user("reviewer")
    before = Submission.objects.get().dossier_json
    recalled = workflow.apply(report, Step.RECALL, by=head).report
    assert recalled.status == "draft"
    assert (recalled.certified_hash, recalled.certified_by) == ("", None)
    assert AnnualProfile.objects.get(pk=report.profile_id).locked_at is None
    assert Submission.objects.get().dossier_json == before
    assert "撤回已报送的报告" in AuditEntry.objects.get(event="step-recall").sentence
    assert Notice.objects.filter(user=reviewer, text__contains="撤回").count() == 1
    workflow.apply(recalled, Step.CERTIFY, by=head)
    again = workflow.apply(recalled, Step.SUBMIT, by=head).report
    assert (again.times_submitted, again.submissions.count()) == (2, 2)


def test_a_reviewer_who_opens_it_ends_the_time_for_recalling(report, head, client):
    assert '/steps/recall/"' in open_page(client, report, head).content.decode()
    assert not Opening.objects.exists()  # the unit's own reading opens nothing
    reviewer = make_user("reviewer", name="王审核")
    open_page(client, report, reviewer)
    opening = Opening.objects.get()
    assert (opening.by, opening.submission) == (reviewer, report.submissions.get())
    open_page(client, report, make_user("reviewer"))
    assert Opening.objects.get().by == reviewer
    with pytest.raises(WorkflowRefused, match=r"王审核已于.*开始审核"):
        workflow.apply(report, Step.RECALL, by=head)
    assert "/steps/recall/" not in open_page(client, report, head).content.decode()


def test_an_auditor_and_a_main_department_out_of_turn_open_nothing(report, client):
    open_page(client, report, make_user("auditor"))
    main = make_department("示例区文化局")
    type(report.department).objects.filter(pk=report.department.pk).update(parent=main)
    open_page(client, report, make_user("main_reviewer", department=main))
    assert not Opening.objects.exists()


def test_an_opening_is_of_one_submission(report, head, client):
    reviewer = make_user("reviewer")
    open_page(client, report, reviewer)
    workflow.apply(report, Step.RETURN, by=reviewer, reason="请补充")
    workflow.apply(report, Step.CERTIFY, by=head)
    workflow.apply(report, Step.SUBMIT, by=head)
    assert workflow.apply(report, Step.RECALL, by=head).report.status == "draft"


def test_a_main_departments_review_cannot_be_recalled_after_it(head, client):
    make_round(department_review=True)
    main = make_department("示例区文化局")
    unit = make_department("示例区图书馆", parent=main)
    chief, checker = make_user("unit_head", department=unit), make_user("main_reviewer", department=main)
    report = make_report(department=unit, dossier=make_dossier())
    workflow.apply(report, Step.CERTIFY, by=chief)
    assert workflow.apply(report, Step.SUBMIT, by=chief).report.status == "department_review"
    assert workflow.apply(report, Step.RECALL, by=chief).report.status == "draft"
    workflow.apply(report, Step.CERTIFY, by=chief)
    workflow.apply(report, Step.SUBMIT, by=chief)
    open_page(client, report, make_user("reviewer"))  # not the bureau's turn yet
    assert not Opening.objects.exists()
    open_page(client, report, checker)
    workflow.apply(report, Step.DEPARTMENT_PASS, by=checker)
    with pytest.raises(WorkflowRefused, match="开始审核"):
        workflow.apply(report, Step.RECALL, by=chief)


def test_nothing_is_recalled_after_the_deadline_for_it_could_not_be_sent_again(report, head):
    type(report.round).objects.update(
        opens="2024-01-01", deadline=timezone.localdate() - datetime.timedelta(days=1)
    )
    with pytest.raises(WorkflowRefused, match="已过截止日期"):
        workflow.apply(report, Step.RECALL, by=head)


def test_nobody_else_recalls(report):
    for role in ("reviewer", "round_manager", "auditor"):
        with pytest.raises(NotAllowed):
            workflow.apply(report, Step.RECALL, by=make_user(role))


def test_an_opening_is_never_changed(report):
    services.record_opening(report=report, by=make_user("reviewer"), submission=report.submissions.get())
    with pytest.raises(DatabaseError), transaction.atomic():
        Opening.objects.update(at=timezone.now())
    with pytest.raises(DatabaseError), transaction.atomic():
        Opening.objects.all().delete()
