"""按旧规则核对: a submission remembers its rules; checking again stands beside the frozen result and never in it."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from departments.models import AuditEntry
from indicators.policy import load_policy
from reports import level_services, rechecking, rulebook, workflow
from reports.checks import all_checks
from reports.findings import Level
from reports.models import Recheck, Report, Round, Submission
from reports.workflow import NotAllowed, Refused, Step
from tests.db import make_policy, make_region, make_report, make_user
from tests.factories import make_dossier

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def report() -> Report:
    made = make_report(dossier=make_dossier())
    head = make_user("unit_head", department=made.department)
    workflow.apply(made, Step.CERTIFY, by=head)
    return workflow.apply(made, Step.SUBMIT, by=head).report


def change_a_level(code: str = "table-sum", level: str = "hint") -> None:
    manager = make_user("round_manager")
    level_services.set_level(region=make_region(), code=code, level=level, reason="试行", by=manager)


def frozen() -> tuple:
    return Submission.objects.values_list("dossier_json", "scorecard", "findings", "policy", "rules").get()


def test_a_fingerprint_follows_rules_levels_and_policy():
    policy = load_policy()
    plain = rulebook.fingerprint(policy, {})
    rule = all_checks()[0]
    assert rulebook.fingerprint(policy, {rule.code: rule.level}) == plain  # the rule's own level is no change
    assert rulebook.fingerprint(policy, {rule.code: Level.OFF}) != plain
    assert rulebook.fingerprint(load_policy("framework-2013-53"), {}) != plain


def test_a_new_version_of_a_rule_is_another_fingerprint(monkeypatch):
    plain = rulebook.fingerprint(load_policy(), {})
    rule = all_checks()[0]
    newer = type(rule)(**{**vars(rule), "version": rule.version + 1})
    monkeypatch.setattr(rulebook, "all_checks", lambda: (newer, *all_checks()[1:]))
    assert rulebook.fingerprint(load_policy(), {}) != plain


def test_a_submission_remembers_its_rules_and_is_outdated_when_they_change(report, client):
    assert report.submissions.get().rules == report.checked_by_rules == rulebook.current_of(report.round)
    assert not rulebook.outdated(report)
    client.force_login(make_user("reviewer"))
    page = reverse("report", args=[report.pk])
    assert "按旧规则核对" not in client.get(page).content.decode()
    change_a_level()
    assert rulebook.outdated(report)
    assert "按旧规则核对" in client.get(page).content.decode()


def test_checking_again_keeps_the_frozen_result_and_shows_what_changed(report, client):
    before = frozen()
    submission = report.submissions.get()
    present = {finding["code"] for finding in submission.findings}
    grades = [{**grade, "at_least": "0"} for grade in load_policy().model_dump(mode="json")["grades"][-1:]]
    row = make_policy(name="lenient", grades=grades)
    Round.objects.update(policy=row.title)
    if present:
        change_a_level(sorted(present)[0], "off")
    reviewer = make_user("reviewer", name="王审核")
    client.force_login(reviewer)
    response = client.post(reverse("report-recheck", args=[report.pk]), follow=True)
    html = response.content.decode()
    assert "已按现行规则重新核对" in html
    assert frozen() == before
    recheck = Recheck.objects.get()
    assert (recheck.submission, recheck.by, recheck.rules) == (
        submission,
        reviewer,
        rulebook.current_of(Round.objects.get()),
    )
    result = rechecking.compared(submission)
    assert {finding.code for finding in result.gone} == set(sorted(present)[:1])
    assert "（差）" in result.scores[0]
    report.refresh_from_db()
    assert not rulebook.outdated(Report.objects.with_context().get())
    assert "按旧规则核对：" not in html
    assert "按现行规则重新核对" in html
    assert AuditEntry.objects.get(event="report-recheck").actor == reviewer


def test_the_same_rules_are_not_run_twice_and_nobody_else_runs_them(report):
    reviewer = make_user("reviewer")
    with pytest.raises(Refused, match="已按现行规则核对"):
        rechecking.check_again(report=report, by=reviewer)
    change_a_level()
    rechecking.check_again(report=report, by=reviewer)
    with pytest.raises(Refused, match="已按现行规则核对"):
        rechecking.check_again(report=report, by=reviewer)
    for role in ("auditor", "main_reviewer", "filler", "administrator"):
        with pytest.raises(NotAllowed):
            rechecking.check_again(report=report, by=make_user(role))
    assert Recheck.objects.count() == 1


def test_a_draft_has_nothing_to_check_again():
    with pytest.raises(Refused, match="没有可以重新核对"):
        rechecking.check_again(report=make_report(), by=make_user("reviewer"))


def test_a_recheck_is_never_changed(report):
    change_a_level()
    rechecking.check_again(report=report, by=make_user("reviewer"))
    with pytest.raises(DatabaseError), transaction.atomic():
        Recheck.objects.all().delete()
