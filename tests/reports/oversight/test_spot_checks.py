"""Spot checks: drawn once, shared out among others than those who approved, recorded, told to the unit, exported."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from departments.models import AuditEntry
from reports import workflow
from reports.evaluation import evaluate
from reports.models import Explanation, Notice, Report, SpotCheck, SpotCheckDraw
from reports.oversight import spot_checks
from reports.workflow import NotAllowed, Refused, Step
from tests.db import make_department, make_report, make_round, make_submission, make_user
from tests.factories import make_dossier
from tests.oversight_rows import make_spot_check

pytestmark = pytest.mark.django_db


def approved(name: str, **fields) -> Report:
    report = make_report(department=make_department(name), status="approved", **fields)
    make_submission(report)
    return report


@pytest.fixture
def manager():
    return make_user("round_manager")


@pytest.fixture
def reviewer():
    return make_user("reviewer")


def drawn_by(manager, **fields):
    return spot_checks.draw(round=make_round(), by=manager, **({"method": "random", "count": 2} | fields))


def test_a_random_draw_is_written_down_and_can_be_repeated(manager):
    for number in range(6):
        approved(f"示例区第{number}局")
    made = drawn_by(manager, count=50, percent=True)
    assert len(made.drawn) == 3 and made.seed.isdecimal()
    assert spot_checks.repeated(made) == made.drawn
    assert len(made.population) == 6
    assert set(SpotCheck.objects.values_list("report", flat=True)) == set(made.drawn)
    entry = AuditEntry.objects.get(event="spot-check-draw")
    assert made.seed in entry.sentence and "50%" in entry.sentence
    again = drawn_by(manager, count=100, percent=True, seed="7")
    assert not set(again.drawn) & set(made.drawn)  # nobody is drawn twice
    with pytest.raises(Refused, match="没有可以抽查的报告"):
        drawn_by(manager)


def test_only_approved_and_published_reports_can_be_drawn(manager):
    make_submission(make_report(department=make_department("甲局"), status="submitted"))
    published = make_report(department=make_department("乙局"), status="published")
    make_submission(published)
    assert drawn_by(manager, count=9).drawn == [published.pk]


def test_by_hand(manager):
    one, two = approved("甲局"), approved("乙局")
    made = drawn_by(manager, method="by_hand", chosen=[two.pk])
    assert made.drawn == [two.pk] and made.seed == ""
    with pytest.raises(Refused, match="请选择"):
        drawn_by(manager, method="by_hand", chosen=[two.pk, one.pk])
    with pytest.raises(Refused, match="请选择"):
        drawn_by(manager, method="by_hand", chosen=[])


def test_the_riskiest_first(manager):
    calm = approved("甲局", shown_self_score=Decimal(90), shown_score=Decimal(90))
    steep = approved("乙局", shown_self_score=Decimal(99), shown_score=Decimal(70))
    for report in (calm, steep):
        report.department.parent = make_department("主管局")
        report.department.save()
    made = drawn_by(manager, method="risk", count=1)
    assert made.drawn == [steep.pk]
    assert "自评得分高于系统评分29分" in SpotCheck.objects.get().why


def test_who_approved_does_not_check(manager, reviewer):
    head = make_user("unit_head", department=make_department("甲局"))
    report = make_report(department=make_department("甲局"), dossier=make_dossier())
    for finding in evaluate(report).unexplained:
        Explanation.objects.create(profile=report.profile, finding=finding.key, text="已核对，情况属实")
    for step, by in ((Step.CERTIFY, head), (Step.SUBMIT, head), (Step.APPROVE, reviewer)):
        report = workflow.apply(report, step, by=by).report
    other = make_user("reviewer")
    drawn_by(manager, reviewers=[reviewer, other])
    check = SpotCheck.objects.get()
    assert check.reviewer == other
    with pytest.raises(Refused, match="其他人"):
        spot_checks.assign(check=check, by=manager, to=reviewer)
    assert Notice.objects.filter(user=other, text__contains="指派您抽查").exists()


def test_recording_tells_the_unit_and_leaves_the_report_alone(manager, reviewer):
    report = approved("甲局", shown_self_score=Decimal(95))
    filler = make_user("filler", department=report.department)
    drawn_by(manager, reviewers=[reviewer])
    check = SpotCheck.objects.get()
    assert not SpotCheck.objects.visible_to(filler).exists()
    assert not AuditEntry.objects.visible_to(filler).filter(sentence__contains="抽查").exists()
    assert not Notice.objects.filter(user=filler).exists()
    with pytest.raises(Refused, match="要写明抽查发现"):
        spot_checks.record(check=check, by=reviewer, score=Decimal(95), conclusion="mostly")
    with pytest.raises(Refused, match="不一致"):
        spot_checks.record(check=check, by=reviewer, score=Decimal(94), conclusion="true")
    spot_checks.record(check=check, by=reviewer, score=Decimal(90), conclusion="mostly", findings="台账不全")
    report.refresh_from_db()
    assert (report.status, report.reviewed_score) == ("approved", None)
    assert SpotCheck.objects.visible_to(filler).get().conclusion == "mostly"
    assert Notice.objects.filter(user=filler, text__contains="基本属实").exists()
    assert "抽查得分90分" in AuditEntry.objects.get(event="spot-check-record").sentence
    with pytest.raises(Refused, match="已有结果"):
        spot_checks.withdraw(check=check, by=manager, reason="不要了")


def test_only_the_assigned_reviewer_or_the_manager_records(manager, reviewer):
    check = make_spot_check(approved("甲局"), by=manager, reviewer=reviewer)
    for person in (make_user("reviewer"), make_user("auditor")):
        with pytest.raises(NotAllowed):
            spot_checks.record(check=check, by=person, score=Decimal(90), conclusion="true")


def test_a_reopened_report_takes_no_result(manager, reviewer):
    report = approved("甲局")
    check = make_spot_check(report, by=manager, reviewer=reviewer)
    Report.objects.filter(pk=report.pk).update(status="returned")
    with pytest.raises(Refused, match="不再抽查的请撤销"):
        spot_checks.record(check=check, by=reviewer, score=Decimal(90), conclusion="true")
    spot_checks.withdraw(check=check, by=manager, reason="报告已重新打开")
    assert SpotCheck.objects.get().state == "已撤销"


# ------------------------------------------------------------------ pages


def test_the_whole_way_by_the_pages(client, manager, reviewer):
    report = approved("甲局", shown_self_score=Decimal(95))
    client.force_login(manager)
    round_ = make_round()
    page = client.get(reverse("spot-check-draw-form"), {"round": round_.pk}).content.decode()
    assert "甲局" in page
    refused = client.post(
        reverse("spot-check-draw"), {"round": round_.pk, "method": "random", "count": "很多"}
    )
    assert refused.status_code == 422 and "请填整数" in refused.content.decode()
    data = {
        "round": round_.pk, "method": "random", "count": "100", "unit": "percent", "seed": "99",
        "reviewers": [reviewer.pk], "due": "2099-01-01",
    }  # fmt: skip
    shown = client.post(reverse("spot-check-draw"), data, follow=True).content.decode()
    assert "随机种子" in shown and "结果一致" in shown and reviewer.name in shown
    check = SpotCheck.objects.get()
    client.force_login(reviewer)
    assert reverse("spot-check", args=[check.pk]) in client.get("/").content.decode()
    address = reverse("spot-check-record", args=[check.pk])
    wrong = client.post(address, {"score": "101", "conclusion": "mostly", "findings": "台账不全"})
    assert wrong.status_code == 422
    assert "台账不全" in wrong.content.decode() and "0至100" in wrong.content.decode()
    client.post(address, {"score": "90.5", "conclusion": "mostly", "findings": "台账不全"})
    client.force_login(make_user("filler", department=report.department))
    text = client.get(reverse("report", args=[report.pk])).content.decode()
    assert "基本属实" in text and "90.5" in text
    assert "台账不全" in client.get(reverse("spot-check", args=[check.pk])).content.decode()


def test_the_export_is_a_workbook_with_numbers_and_is_logged(client, manager):
    report = approved("甲局")
    make_spot_check(
        report, by=manager, reviewer=manager, self_score=Decimal(100), score=Decimal("90.5"),
        conclusion="mostly", findings="台账不全", recorded_by=manager, recorded_at=timezone.now(),
    )  # fmt: skip
    client.force_login(make_user("auditor"))
    answer = client.get(reverse("spot-checks-export"))
    sheet = load_workbook(io.BytesIO(answer.content)).active
    values = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
    assert "甲局" in values and 90.5 in values and "9.50%" in values and "基本属实" in values
    assert AuditEntry.objects.filter(event="spot-check-export").exists()


def test_a_draw_of_another_region_is_out_of_reach(client):
    from tests.db import make_region

    far = make_round(region=make_region("430408", "邻区"))
    client.force_login(make_user("round_manager"))
    assert client.get(reverse("spot-checks"), {"round": far.pk}).status_code == 404
    assert not SpotCheckDraw.objects.exists()


def test_the_list_costs_the_same_with_few_and_many(client, manager):
    client.force_login(manager)

    def cost():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(reverse("spot-checks")).status_code == 200
        return len(queries)

    make_spot_check(approved("第0局"), by=manager, reviewer=manager)
    cost()
    few = cost()
    for number in range(1, 12):
        make_spot_check(
            approved(f"第{number}局"), by=manager, reviewer=manager, due=datetime.date(2024, 1, number)
        )
    assert cost() == few


def test_a_refused_reason_of_withdrawing_is_shown_again(client, manager):
    check = make_spot_check(approved("甲馆"), by=manager)
    client.force_login(manager)
    response = client.post(reverse("spot-check-withdraw", args=[check.pk]), {"reason": "重复抽取" * 100})
    assert response.status_code == 422
    assert "重复抽取" * 100 in response.text
    assert "理由不超过300字" in response.text
    check.refresh_from_db()
    assert check.withdrawn_at is None
