"""Two people at the same moment, on real connections: versions are numbered once, and a policy never changes under a report."""

from __future__ import annotations

import pytest

from departments.models import AnnualProfile, AuditEntry
from indicators.models import PolicyVersion
from reports import policy_services, reviewing, workflow
from reports.models import ReviewMark, Round, Submission
from reports.workflow import Refused, Step
from tests.db import make_policy, make_region, make_report, make_user
from tests.factories import make_dossier
from tests.reports.test_policies import policy_from
from tests.reports.test_race import at_once

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def test_two_managers_save_at_the_same_moment():
    region = make_region()
    managers = [make_user("round_manager"), make_user("round_manager")]
    policies = [policy_from(name="own", step="0.1"), policy_from(name="own", step="1")]
    answers = at_once(
        *(
            lambda by=by, policy=policy: policy_services.save_version(
                region=region, by=by, policy=policy, based_on="national-2020-10@1", change="同时保存"
            )
            for by, policy in zip(managers, policies, strict=True)
        )
    )
    saved = [answer for answer in answers if isinstance(answer, PolicyVersion)]
    assert sorted(row.version for row in PolicyVersion.objects.all()) == ["1", "2"][: len(saved)]
    assert len(saved) == AuditEntry.objects.filter(event="policy-version").count() >= 1


def test_a_policy_is_chosen_while_a_report_is_submitted():
    report = make_report(dossier=make_dossier())
    head, manager = make_user("unit_head", department=report.department), make_user("round_manager")
    row = make_policy(by=manager, step="0.1")
    workflow.apply(report, Step.CERTIFY, by=head)
    at_once(
        lambda: workflow.apply(report, Step.SUBMIT, by=head),
        lambda: policy_services.choose(round=report.round, by=manager, title=row.title),
    )
    chosen = Round.objects.get().policy
    kept = [item.policy["step"] for item in Submission.objects.all()]
    assert kept in ([], ["0.01" if chosen == "national-2020-10" else "0.1"])
    assert AnnualProfile.objects.get().locked_at is not None


def test_two_reviewers_mark_the_same_line():
    report = make_report(dossier=make_dossier())
    head = make_user("unit_head", department=report.department)
    workflow.apply(report, Step.CERTIFY, by=head)
    report = workflow.apply(report, Step.SUBMIT, by=head).report
    answers = at_once(
        *(
            lambda by=by, points=points: reviewing.set_mark(
                report=report, by=by, line="execution", points=points, reason="重算"
            )
            for by, points in ((make_user("reviewer"), 4), (make_user("reviewer"), 5))
        )
    )
    mark = ReviewMark.objects.get()
    report.refresh_from_db()
    done = [answer for answer in answers if not isinstance(answer, Exception)]
    assert done
    assert report.reviewed_score in {answer.reviewed_score for answer in done}
    assert reviewing.newest(report).marks.get() == mark
    assert all(not isinstance(answer, Refused) for answer in answers)
