"""Steps on many reports: each row is one transaction, refusals are listed, a killed worker's run is gone on with."""

from __future__ import annotations

import datetime

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from departments.models import AuditEntry, BusinessOffice, RoleAssignment
from reports import workflow
from reports.models import BulkRow, BulkRun, Comment, Notice, Report
from reports.queue import bulk
from reports.workflow import Step
from tests.db import make_department, make_region, make_report, make_submission, make_user
from tests.factories import make_dossier
from tests.reports.review_queue.build import fill

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def post(client, act: str, reports, **data):
    data |= {"act": act, "report": [report.pk for report in reports], "query": "status=submitted"}
    return client.post(reverse("bulk-start"), data)


def done(client, act: str, reports, **data):
    """Confirmed at once; the result page."""
    response = client.post(
        reverse("bulk-start"),
        {"act": act, "report": [report.pk for report in reports], "confirmed": "1", **data},
        follow=True,
    )
    assert response.status_code == 200
    return response


def submitted(*names: str, **fields) -> list[Report]:
    return [make_report(department=make_department(name), status="submitted", **fields) for name in names]


def results() -> dict[str, tuple[str, str]]:
    return {row.report.department.name: (row.state, row.text) for row in BulkRow.objects.all()}


def test_nothing_is_done_before_it_is_confirmed(client):
    reports = submitted("甲馆", "乙馆")
    client.force_login(make_user("reviewer"))
    response = post(client, "approve", reports)
    assert response.status_code == 200
    html = response.content.decode()
    assert "审核通过：2 份报告" in html
    assert "甲馆" in html
    assert not BulkRun.objects.exists()
    assert set(Report.objects.values_list("status", flat=True)) == {"submitted"}


def test_each_row_goes_its_own_way_and_refusals_are_listed_with_reason_and_link(client):
    reports = submitted("甲馆", "乙馆", "丙馆")
    reviewer = make_user("reviewer", name="王审核")
    Comment.objects.create(report=reports[1], text="请补充", author=reviewer)
    Report.objects.filter(pk=reports[2].pk).update(status="returned")
    client.force_login(reviewer)
    html = done(client, "approve", reports).content.decode()
    states = results()
    assert states["甲馆"][0] == "done"
    assert states["乙馆"] == (
        "refused",
        "不能审核通过：还有1条审核意见单位未答复，请先了结意见或退回修改",
    )
    assert states["丙馆"][0] == "refused"
    assert "已退回" in states["丙馆"][1]
    assert "办成 1 份，未办成 2 份" in html
    assert html.index("乙馆") < html.index("甲馆")  # what needs attention stands first
    assert reverse("report", args=[reports[1].pk]) in html
    assert AuditEntry.objects.filter(event="step-approve").count() == 1


@pytest.mark.parametrize(
    ("act", "role", "data", "holds"),
    [
        ("claim", "reviewer", {}, lambda report, by: report.assigned_to == by),
        ("return", "reviewer", {"reason": "请补充"}, lambda report, by: report.status == "returned"),
        ("approve", "round_manager", {}, lambda report, by: report.status == "approved"),
    ],
)
def test_acts(act, role, data, holds, client):
    reports, by = submitted("甲馆", "乙馆"), make_user(role)
    client.force_login(by)
    done(client, act, reports, **data)
    assert all(holds(report, by) for report in Report.objects.all()), results()


def test_publish_extend_and_assign(client):
    manager, reviewer = make_user("round_manager"), make_user("reviewer", name="王审核")
    approved = make_report(department=make_department("甲馆"), status="approved")
    make_submission(approved)
    owing = make_report(department=make_department("乙馆"), status="draft")
    type(owing.round).objects.update(deadline=timezone.localdate())
    waiting = submitted("丙馆")[0]
    client.force_login(manager)
    done(client, "publish", [approved])
    later = timezone.localdate() + datetime.timedelta(days=9)
    done(client, "extend", [owing], until=later.isoformat(), reason="系统故障")
    done(client, "assign", [waiting], to=reviewer.pk)
    assert Report.objects.get(pk=approved.pk).status == "published"
    assert Report.objects.get(pk=owing.pk).extended_until == later
    assert Report.objects.get(pk=waiting.pk).assigned_to == reviewer
    assert Notice.objects.filter(user=reviewer, text__contains="分派给您审核").exists()


def test_reminding_passes_over_who_owes_nothing_and_who_was_reminded_today(client):
    owing = make_report(department=make_department("甲馆"))
    filler = make_user("filler", department=owing.department)
    nobody, sent = make_report(department=make_department("乙馆")), submitted("丙馆")[0]
    client.force_login(make_user("round_manager"))
    page = post(client, "remind", [owing]).content.decode()
    assert "请抓紧完成" in page
    done(client, "remind", [owing, nobody, sent], message="请抓紧报送")
    assert Notice.objects.get(user=filler).text.startswith("甲馆2023年度自评报告：催报：请抓紧报送")
    assert {name: text for name, (_, text) in results().items()} == {
        "甲馆": "已催报",
        "乙馆": "单位没有可以收到通知的账号，请电话联系",
        "丙馆": "报告现为“待审核”，不用催报",
    }
    done(client, "remind", [owing], message="再催一次")
    assert BulkRow.objects.order_by("pk").last().text == "今天已经催报过"


@pytest.mark.parametrize(
    ("act", "data", "complaint"),
    [
        ("return", {"reason": " "}, "请写明理由"),
        ("extend", {"until": "", "reason": "x"}, "请选择延期日期"),
        ("assign", {"to": ""}, "请选择审核人员"),
    ],
)
def test_what_is_missing_is_said_at_the_field_and_nothing_is_lost(act, data, complaint, client):
    reports = submitted("甲馆")
    client.force_login(make_user("round_manager"))
    response = post(client, act, reports, confirmed="1", **data)
    assert response.status_code == 422
    html = response.content.decode()
    assert complaint in html
    assert f'name="report" value="{reports[0].pk}"' in html
    assert not BulkRun.objects.exists()


def test_nothing_ticked_leads_back_with_a_sentence(client):
    client.force_login(make_user("reviewer"))
    response = client.post(reverse("bulk-start"), {"act": "claim", "query": "mine=on"}, follow=True)
    assert "请先在左边勾选" in response.content.decode()
    assert response.redirect_chain[-1][0].endswith("?mine=on")


def test_a_report_that_is_not_visible_is_never_in_a_run(client):
    far = make_report(
        department=make_department("邻馆", region=make_region("430408", "邻区")), status="submitted"
    )
    client.force_login(make_user("reviewer"))
    post(client, "claim", [far, *submitted("甲馆")], confirmed="1")
    assert set(results()) == {"甲馆"}


@pytest.mark.django_db(transaction=True)
def test_everything_of_the_filter_and_more_than_a_page_goes_to_the_worker(client):
    fill(70, "submitted")
    fill_one = submitted("另一馆")[0]
    reviewer = make_user("reviewer")
    client.force_login(reviewer)
    response = client.post(
        reverse("bulk-start"),
        {"act": "claim", "everything": "on", "query": "q=示例区单位", "confirmed": "1"},
        follow=True,
    )
    assert response.status_code == 200
    run = BulkRun.objects.get()
    assert (run.finished_at, run.rows.count()) == (None, 70)
    assert "还有 70 份" in response.content.decode()
    call_command("db_worker", batch=True, interval=0, startup_delay=False)
    run.refresh_from_db()
    assert run.finished_at
    assert Report.objects.filter(assigned_to=reviewer).count() == 70
    assert Report.objects.get(pk=fill_one.pk).assigned_to is None


class Killed(BaseException):
    """Ends a worker in the middle, as a kill does: nothing of ours catches it."""


def test_a_killed_worker_is_gone_on_with_and_no_row_is_done_twice(monkeypatch):
    reports = [report for name in "甲乙丙丁戊" for report in submitted(f"{name}馆", dossier=make_dossier())]
    reviewer = make_user("reviewer")
    run = bulk.start(
        by=reviewer, act=bulk.ACTS["return"], reports=[r.pk for r in reports], params={"reason": "请补充"}
    )
    real, count = workflow.apply, iter(range(99))

    def killed_at_the_third(*args, **kwargs):
        receipt = real(*args, **kwargs)
        if next(count) == 2:
            raise Killed  # after the step, before its row was marked: the step must be undone with it
        return receipt

    monkeypatch.setattr(workflow, "apply", killed_at_the_third)
    with pytest.raises(Killed):
        bulk.carry_on(run.pk)
    assert Report.objects.filter(status="returned").count() == 2
    assert BulkRow.objects.filter(state="waiting").count() == 3
    bulk.carry_on(run.pk)
    bulk.carry_on(run.pk)
    assert Report.objects.filter(status="returned").count() == 5
    assert AuditEntry.objects.filter(event="step-return").count() == 5
    assert set(BulkRow.objects.values_list("state", flat=True)) == {"done"}


@pytest.mark.django_db(transaction=True)
def test_a_run_that_stands_still_is_queued_again_once(client):
    reports = submitted("甲馆", "乙馆")
    reviewer = make_user("reviewer")
    run = bulk.start(by=reviewer, act=bulk.ACTS["claim"], reports=[r.pk for r in reports], params={})
    client.force_login(reviewer)
    address = reverse("bulk-go-on", args=[run.pk])
    assert "还有 2 份" in client.post(address, headers={"HX-Request": "true"}).content.decode()
    assert not bulk.wake(run)  # it has only just begun
    BulkRun.objects.update(beat_at=timezone.now() - 2 * bulk.STALLED_AFTER)
    assert "从停下的地方继续" in client.get(reverse("bulk-run", args=[run.pk])).content.decode()
    assert "已从停下的地方继续" in client.post(address, follow=True).content.decode()
    assert not bulk.wake(run)
    call_command("db_worker", batch=True, interval=0, startup_delay=False)
    assert Report.objects.filter(assigned_to=reviewer).count() == 2
    answer = client.post(address, headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == reverse("bulk-run", args=[run.pk])


def test_the_next_task_takes_up_what_a_killed_worker_left():
    reviewer = make_user("reviewer")
    left = bulk.start(by=reviewer, act=bulk.ACTS["claim"], reports=[submitted("甲馆")[0].pk], params={})
    BulkRun.objects.update(beat_at=timezone.now() - 2 * bulk.STALLED_AFTER)
    other = bulk.start(by=reviewer, act=bulk.ACTS["claim"], reports=[submitted("乙馆")[0].pk], params={})
    bulk.go_on.call(other.pk)
    left.refresh_from_db()
    assert left.finished_at
    assert {state for state, _ in results().values()} == {"done"}


def test_a_right_taken_away_meanwhile_counts():
    reviewer = make_user("reviewer")
    run = bulk.start(
        by=reviewer, act=bulk.ACTS["claim"], reports=[r.pk for r in submitted("甲馆")], params={}
    )
    RoleAssignment.objects.filter(user=reviewer).update(is_active=False)
    bulk.carry_on(run.pk)
    assert results()["甲馆"] == ("refused", "没有查看这份报告的权限")


def test_a_fault_of_ours_stops_one_row_only(monkeypatch):
    reports = submitted("甲馆", "乙馆")
    run = bulk.start(
        by=make_user("reviewer"), act=bulk.ACTS["claim"], reports=[r.pk for r in reports], params={}
    )
    real = bulk.services.claim

    def broken(*, report, by):
        real(report=report, by=by)
        if report.department.name == "甲馆":
            raise ZeroDivisionError

    monkeypatch.setattr(bulk.services, "claim", broken)
    bulk.carry_on(run.pk)
    assert {name: state for name, (state, _) in results().items()} == {"甲馆": "refused", "乙馆": "done"}
    assert Report.objects.get(pk=reports[0].pk).assigned_to is None


# ------------------------------------------------------------------ business offices


def test_assigning_by_office_shares_among_its_people(client):
    office = BusinessOffice.objects.create(region=make_region(), name="教科文股")
    empty = BusinessOffice.objects.create(region=make_region(), name="农业股")
    people = [make_user("reviewer", name=name) for name in ("王审核", "李审核")]
    office.members.set([*people, make_user("auditor")])
    reports = [
        make_report(department=make_department(f"{name}馆", office=office), status="submitted")
        for name in "甲乙丙丁"
    ]
    reports += submitted("无股室馆")
    reports.append(make_report(department=make_department("农业馆", office=empty), status="submitted"))
    client.force_login(make_user("round_manager"))
    done(client, "office", reports)
    shares = [Report.objects.filter(assigned_to=person).count() for person in people]
    assert shares == [2, 2]
    assert results()["无股室馆"][1].startswith("无股室馆还没有归口股室")
    assert results()["农业馆"][1].startswith("农业股还没有审核人员")


def test_the_round_manager_keeps_the_offices(client):
    manager, reviewer = make_user("round_manager"), make_user("reviewer", name="王审核")
    first, second = make_department("甲馆"), make_department("乙馆")
    client.force_login(manager)
    add = reverse("office-add", args=[make_region().pk])
    client.post(add, {"name": " 教科文股 ", "members": [reviewer.pk], "departments": [first.pk, second.pk]})
    office = BusinessOffice.objects.get()
    assert (office.name, list(office.members.all()), office.departments.count()) == (
        "教科文股",
        [reviewer],
        2,
    )
    assert "教科文股" in AuditEntry.objects.get(event="office").sentence
    response = client.post(add, {"name": "教科文股", "departments": [first.pk]})
    assert response.status_code == 422
    assert "本区县已有同名股室" in response.content.decode()
    client.post(add, {"name": "农业股", "departments": [first.pk]})
    first.refresh_from_db()
    assert first.office.name == "农业股"
    client.post(reverse("office", args=[office.pk]), {"name": "教科文股", "departments": []})
    assert office.departments.count() == 0
    client.post(reverse("office-delete", args=[first.office_id]))
    first.refresh_from_db()
    assert first.office is None


def test_an_office_takes_nobody_and_nothing_from_elsewhere(client):
    far = make_region("430408", "邻区")
    stranger, unit = make_user("reviewer", region=far), make_department("邻馆", region=far)
    client.force_login(make_user("round_manager"))
    add = reverse("office-add", args=[make_region().pk])
    for data in ({"members": [stranger.pk]}, {"departments": [unit.pk]}):
        assert client.post(add, {"name": "农业股", **data}).status_code == 422
    assert client.get(reverse("office-add", args=[far.pk])).status_code == 404
    assert not BusinessOffice.objects.exists()


def test_a_submission_is_offered_to_the_office_of_its_department():
    office = BusinessOffice.objects.create(region=make_region(), name="教科文股")
    own, other = make_user("reviewer"), make_user("reviewer")
    office.members.add(own)
    unit = make_department("示例区图书馆", office=office)
    head = make_user("unit_head", department=unit)
    report = make_report(department=unit, dossier=make_dossier())
    workflow.apply(report, Step.CERTIFY, by=head)
    workflow.apply(report, Step.SUBMIT, by=head)
    assert Notice.objects.filter(user=own).exists()
    assert not Notice.objects.filter(user=other).exists()
    office.members.clear()  # an office without people keeps nothing from the bureau
    report = Report.objects.with_context().get(pk=report.pk)
    workflow.apply(report, Step.RECALL, by=head)
    assert Notice.objects.filter(user=other).exists()


def test_an_office_without_anything_is_refused_in_a_sentence(client):
    client.force_login(make_user("round_manager"))
    response = client.post(reverse("office-add", args=[make_region().pk]), {})
    assert response.status_code == 422
    assert "请填写股室名称" in response.content.decode()
