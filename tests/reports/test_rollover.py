"""A new round begins from last year's approved dossier: names, duties, weights and goals; every figure empty."""

from __future__ import annotations

import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from departments.models import AuditEntry
from reports.models import NilReason, Notice, Report, Round
from reports.outline import load_outline
from reports.rollover import begin_report, carried_over
from reports.take import take
from tests.db import make_department, make_report, make_round, make_user
from tests.factories import make_dossier

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def dossier_of(report):
    return take(Report.objects.with_context().get(pk=report.pk).profile, load_outline())


def test_what_is_carried_over_and_what_is_not():
    old = make_dossier()
    new = carried_over(old)
    assert new.year == 2024
    assert new.profile.internal_offices == old.profile.internal_offices
    assert new.profile.duties == old.profile.duties
    assert new.profile.authorized_posts == 12
    assert (new.profile.staff_on_posts, new.profile.prepared_on) == (None, None)
    assert [goal.expected for goal in new.indicators.goals] == [
        goal.expected for goal in old.indicators.goals
    ]
    assert {goal.actual for goal in new.indicators.goals} == {""}
    for sheet, before in zip(
        [new.indicators, *new.indicators.projects], [old.indicators, *old.indicators.projects], strict=True
    ):
        assert [(i.name, i.weight) for i in sheet.indicators] == [
            (i.name, i.weight) for i in before.indicators
        ]
        assert {
            (i.target, i.actual, i.self_score, i.evidence, i.deviation_reason) for i in sheet.indicators
        } == {(None, None, None, "", "")}
        assert sheet.assessment.score is None
    assert [project.name for project in new.money.projects] == [
        project.name for project in old.money.projects
    ]
    assert {project.spent for project in new.money.projects} == {None}
    assert new.money.expenditure.rows == ()
    assert new.narrative == ()


@pytest.mark.parametrize("status", ["approved", "published"])
def test_a_report_begins_from_the_approved_one(status):
    before = make_report(dossier=make_dossier(), status=status)
    report, carried = begin_report(department=before.department, round_=make_round(2024))
    assert carried
    found = dossier_of(report)
    assert found.profile.duties == make_dossier().profile.duties
    assert len(found.indicators.projects) == 2
    assert found.money.income_source.rows == ()
    assert "带入2023年度" in AuditEntry.objects.get(event="report.begin").sentence


@pytest.mark.parametrize("status", ["draft", "submitted", "returned", "cancelled"])
def test_nothing_is_taken_from_a_report_that_was_not_approved(status):
    before = make_report(dossier=make_dossier(), status=status)
    report, carried = begin_report(department=before.department, round_=make_round(2024))
    assert not carried
    assert dossier_of(report).indicators.indicators == ()


def test_a_second_call_changes_nothing():
    before = make_report(dossier=make_dossier(), status="approved")
    first, _ = begin_report(department=before.department, round_=make_round(2024))
    again, carried = begin_report(department=before.department, round_=make_round(2024))
    assert (again.pk, carried) == (first.pk, False)
    assert AuditEntry.objects.filter(event="report.begin").count() == 1


def test_who_fills_in_is_told_of_the_new_report():
    department = make_department()
    filler = make_user("filler", department=department)
    make_user("filler", department=make_department("示例区水利局"))
    begin_report(department=department, round_=make_round(2024))
    notice = Notice.objects.get()
    assert notice.user == filler
    assert "请于2099年12月31日前报送" in notice.text


def test_a_nil_report_has_nothing_to_carry_over():
    before = make_report(dossier=make_dossier())
    NilReason.objects.create(profile=before.profile, reason="并入其他单位")
    Report.objects.update(status="approved")
    report, carried = begin_report(department=before.department, round_=make_round(2024))
    assert not carried
    assert dossier_of(report).indicators.indicators == ()


def run(*args: str) -> str:
    out = StringIO()
    call_command("open_round", "--region", "430407", *args, stdout=out)
    return out.getvalue()


def test_the_command_opens_a_round_like_last_year_s():
    make_report(dossier=make_dossier(), status="approved")
    with pytest.raises(CommandError, match="--deadline"):
        run("--year", "2024")
    make_department("示例区水利局")
    make_department("已撤销单位", is_active=False)
    deadline = (timezone.localdate() + datetime.timedelta(days=60)).isoformat()
    answer = run("--year", "2024", "--deadline", deadline)
    assert "新建2份，其中从上年度带入1份、空白1份；已有0份" in answer
    assert Round.objects.get(year=2024).policy == Round.objects.get(year=2023).policy
    assert "新建0份" in run("--year", "2024")
    make_department("新设单位")
    assert "新建1份，其中从上年度带入0份、空白1份；已有2份没有改动" in run("--year", "2024")


def test_an_unknown_region():
    with pytest.raises(CommandError, match="没有区划代码"):
        call_command("open_round", "--region", "999999", "--year", "2024")
