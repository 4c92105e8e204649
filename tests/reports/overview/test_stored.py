"""What the workflow stores for the overview: figures on the report, finding counts of the newest submission."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from django.core.management import call_command

from reports import services, workflow
from reports.evaluation import evaluate, figures, remember
from reports.models import Explanation, FindingCount, Report
from reports.workflow import Step
from tests.db import make_department, make_report, make_user
from tests.factories import make_dossier

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def deliver(report: Report) -> Report:
    """Explain all warnings, certify and submit."""
    head = make_user("unit_head", department=report.department)
    for finding in evaluate(report).unexplained:
        Explanation.objects.get_or_create(
            profile=report.profile, finding=finding.key, defaults={"message": finding.message, "text": "属实"}
        )
    for step in (Step.CERTIFY, Step.SUBMIT):
        report = workflow.apply(report, step, by=head).report
    return report


@pytest.fixture
def report() -> Report:
    """Less than a third spent without an explanation: warnings, no errors."""
    return make_report(department=make_department(), dossier=make_dossier(budget="700"))


def test_figures_are_those_of_the_dossier(report):
    evaluation = evaluate(report)
    remember(report, evaluation)
    kept, money = Report.objects.get(pk=report.pk), evaluation.dossier.money
    assert (kept.shown_budget, kept.shown_spent) == (money.budget, money.spent)
    assert abs(kept.shown_rate - money.execution_rate) < Decimal("0.000001")
    assert kept.shown_gap == kept.shown_self_score - kept.shown_score
    assert kept.shown_system_grade == evaluation.scorecard.grade
    judged = [line for line in evaluation.scorecard.lines if line.key != "execution"]
    assert kept.shown_targets == len([line for line in judged if line.outcome in ("met", "unmet")])
    staff = evaluation.dossier.profile.staff_on_posts
    running = money.running_costs.amount("total", "actual")
    assert kept.shown_running_per_head == (running and round(running / staff, 2))
    assert kept.figures_at is not None


def test_nothing_stated_stays_nothing():
    empty = make_report()
    evaluation = evaluate(empty)
    found = figures(evaluation.dossier, evaluation.scorecard)
    for name in ("shown_gap", "shown_budget", "shown_spent", "shown_rate", "shown_all_satisfied"):
        assert found[name] is None
    assert (found["shown_targets"], found["shown_targets_met"]) == (0, 0)


def test_submitting_counts_the_findings_by_rule(report):
    report = deliver(report)
    findings = report.submissions.first().findings
    assert findings
    counted = {(row.code, row.level): row.count for row in FindingCount.objects.filter(report=report)}
    assert sum(counted.values()) == len(findings)
    assert set(counted) == {(item["code"], item["level"]) for item in findings}
    first = FindingCount.objects.filter(report=report, code=findings[0]["code"]).first()
    assert first.message == findings[0]["message"]


def test_a_new_submission_replaces_the_counts_and_a_waived_finding_is_kept_apart(report):
    report = deliver(report)
    reviewer, manager = make_user("reviewer"), make_user("round_manager")
    report = workflow.apply(report, Step.RETURN, by=reviewer, reason="请核对").report
    code = FindingCount.objects.filter(report=report, level="warning").first().code
    services.waive(report=report, by=manager, code=code, reason="口径不同")
    report = deliver(report)
    rows = FindingCount.objects.filter(report=report)
    assert sum(row.count for row in rows) == len(report.submissions.first().findings)
    assert {row.level for row in rows.filter(code=code)} == {"off"}


def test_recount_fills_reports_from_before(report):
    report = deliver(report)
    before = Report.objects.get(pk=report.pk)
    Report.objects.filter(pk=report.pk).update(figures_at=None, shown_rate=None, shown_targets=0)
    FindingCount.objects.all().delete()
    out = io.StringIO()
    call_command("recount", stdout=out)
    after = Report.objects.get(pk=report.pk)
    assert "已更新1份" in out.getvalue()
    assert (after.shown_rate, after.shown_targets) == (before.shown_rate, before.shown_targets)
    assert FindingCount.objects.filter(report=report).exists()
    out = io.StringIO()
    call_command("recount", stdout=out)
    assert out.getvalue() == ""
