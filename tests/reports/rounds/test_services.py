"""A round from opening to closing: who may, what is written, who is told."""

from __future__ import annotations

import datetime

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.utils import timezone

from departments.models import AuditEntry, Department
from indicators.policy import DEFAULT_POLICY
from reports import services as report_services
from reports import workflow
from reports.choices import Status
from reports.models import NilReason, Notice, Reminder, Report, Round
from reports.outline import DEFAULT_TEMPLATE
from reports.rounds import reading, services, tasks
from reports.rounds.services import Terms
from reports.workflow import NotAllowed, Refused, Step
from tests.db import make_department, make_region, make_report, make_round, make_submission, make_user
from tests.factories import make_dossier

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def days(number: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=number)


def opened(by, *names: str, year: int = 2024, **fields) -> Round:
    departments = [make_department(name) for name in names or ("示例区档案馆", "示例区水利局")]
    terms = Terms(opens=days(0), deadline=days(30), **fields)
    return services.open_year(
        region=make_region(),
        by=by,
        year=year,
        departments=departments,
        policy=DEFAULT_POLICY,
        template=DEFAULT_TEMPLATE,
        terms=terms,
    )


def events(prefix: str = "round-") -> list[str]:
    return list(AuditEntry.objects.filter(event__startswith=prefix).values_list("event", flat=True))


# ------------------------------------------------------------------ opening


def test_opening_a_year_makes_the_chosen_reports_and_tells_their_people():
    manager, filler = make_user("round_manager"), make_user("filler", department=make_department())
    make_department("没有选的单位")
    make_report(dossier=make_dossier(), status="approved")
    round = opened(manager, scan_required=True)
    assert Report.objects.filter(round=round).count() == 0
    made = services.begin_awaiting(round=round, by=manager)
    assert (made.carried, made.empty, made.left) == (1, 1, 0)
    names = Report.objects.filter(round=round).values_list("profile__department__name", flat=True)
    assert set(names) == {"示例区档案馆", "示例区水利局"}
    assert Notice.objects.get(user=filler).text.count("请于") == 1
    assert services.begin_awaiting(round=round, by=manager).empty == 0
    entry = AuditEntry.objects.get(event="round-open")
    assert "2个单位" in entry.sentence and "须上传盖章扫描件" in entry.sentence


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"year": 1999}, "2000年至2100年"),
        ({"policy": "no-such"}, "no-such"),
        ({"template": "no-such@1"}, "no-such"),
        ({"terms": Terms(opens=days(5), deadline=days(1))}, "不能早于"),
        ({"terms": Terms(opens=days(-9), deadline=days(-1))}, "已经过去"),
        ({"terms": Terms(opens=days(0), deadline=days(500))}, "核对年份"),
        ({"departments": []}, "至少选择一个"),
    ],
)
def test_what_cannot_be_opened(change, message):
    wanted = {
        "region": make_region(),
        "by": make_user("round_manager"),
        "year": 2024,
        "departments": [make_department()],
        "policy": DEFAULT_POLICY,
        "template": DEFAULT_TEMPLATE,
        "terms": Terms(opens=days(0), deadline=days(30)),
    }
    with pytest.raises(Refused, match=message):
        services.open_year(**wanted | change)
    assert not Round.objects.exists()


def test_a_year_is_opened_once_by_the_region_s_manager_for_the_region_s_departments():
    manager = make_user("round_manager")
    opened(manager)
    with pytest.raises(Refused, match="已经建立"):
        opened(manager)
    with pytest.raises(NotAllowed):
        opened(make_user("reviewer"), year=2025)
    far = make_department("邻区档案局", region=make_region("430408", "邻区"))
    with pytest.raises(Refused, match="不属于本区县"):
        services.add_departments(round=Round.objects.get(), by=manager, departments=[far])


def test_units_join_later_and_what_was_interrupted_goes_on():
    manager = make_user("round_manager")
    round = opened(manager)
    assert services.begin_awaiting(round=round, by=manager, seconds=0).left == 2
    late = make_department("示例区图书馆")
    assert services.add_departments(round=round, by=manager, departments=[late]) == [late.pk]
    with pytest.raises(Refused, match="都已在"):
        services.add_departments(round=round, by=manager, departments=[late])
    tasks.begin_rest.call(round.pk, manager.pk)
    assert Report.objects.filter(round=round).count() == 3
    assert Round.objects.get().awaiting == []


def test_a_nil_report_or_none_carries_nothing_over_and_the_preview_says_so():
    approved = make_report(dossier=make_dossier(), status="approved")
    nil = make_report(department=make_department("示例区水利局"))
    NilReason.objects.create(profile=nil.profile, reason="并入")
    Report.objects.update(status="approved")
    new = make_department("示例区图书馆")
    make_department("不参加的单位")
    chosen = [approved.department, nil.department, new]
    make_user("filler", department=new)
    plan = reading.plan(make_region(), 2024, chosen, carry_over=True)
    assert plan.carried == (approved.department,)
    assert plan.empty == (nil.department, new)
    assert set(plan.without_people) == {approved.department, nil.department}
    assert [item.name for item in plan.left_out] == ["不参加的单位"]
    assert reading.plan(make_region(), 2024, chosen, carry_over=False).carried == ()


def test_the_preview_is_the_same_queries_for_2_and_20(django_assert_num_queries):
    for number in range(20):
        make_department(f"单位{number}")
    departments, region = list(Department.objects.all()), make_region()
    for some in (departments[:2], departments):
        with django_assert_num_queries(4):
            reading.plan(region, 2024, some, carry_over=True)


# ------------------------------------------------------------------ changing


def test_a_new_deadline_is_logged_told_and_takes_back_an_extension_it_overtakes():
    manager, filler = make_user("round_manager"), make_user("filler", department=make_department())
    round = make_round(deadline=days(10))
    report = make_report()
    report_services.extend(report=report, by=manager, until=days(15), reason="系统故障")
    Notice.objects.all().delete()
    words = services.change(
        round=round,
        by=manager,
        terms=Terms(opens=round.opens, deadline=days(20), scan_required=True),
        reason="全区统一延期",
    )
    assert len(words) == 3
    report.refresh_from_db()
    assert report.extended_until is None
    assert Round.objects.get().deadline == days(20)
    assert "全区统一延期" in AuditEntry.objects.get(event="round-change").sentence
    text = Notice.objects.get(user=filler).text
    assert "截止日期由" in text and "要求上传盖章扫描件" in text


def test_nothing_changed_writes_nothing():
    round, manager = make_round(), make_user("round_manager")
    assert services.change(round=round, by=manager, terms=Terms(round.opens, round.deadline)) == []
    with pytest.raises(Refused, match="已经过去"):
        services.change(round=round, by=manager, terms=Terms(days(-20), days(-1)))
    assert events() == []


# ------------------------------------------------------------------ several at once


def test_several_are_left_out_and_extended_each_with_its_own_result():
    manager = make_user("round_manager")
    make_round(deadline=days(10))
    draft = make_report()
    done = make_report(department=make_department("示例区水利局"), status="approved")
    results = services.extend(reports=[draft, done], by=manager, until=days(20), reason="系统故障")
    assert [result.done for result in results] == [True, False]
    assert "已审核" in results[1].text
    results = services.leave_out(reports=[draft, done], by=manager, reason="单位已撤销")
    assert [result.done for result in results] == [True, False]
    assert Report.objects.get(pk=draft.pk).status == Status.CANCELLED
    assert events("step-") == ["step-cancel"]


# ------------------------------------------------------------------ reminders


def owing(name: str = "示例区档案馆", status: str = "draft") -> Report:
    department = make_department(name)
    make_user("filler", department=department)
    make_user("unit_head", department=department)
    return make_report(department=department, status=status)


def test_only_those_who_owe_are_reminded_each_with_its_own_day():
    manager, round = make_user("round_manager"), make_round(deadline=days(5))
    draft, sent = owing(), owing("示例区水利局", "submitted")
    later, alone = owing("示例区图书馆"), make_report(department=make_department("没有账号的单位"))
    Report.objects.filter(pk=later.pk).update(extended_until=days(9))
    found = services.remind(round=round, reports=[draft, sent, later, alone], by=manager, text="请抓紧报送。")
    assert [found.sent, found.not_owing, found.nobody] == [[draft, later], [sent], [alone]]
    assert Notice.objects.count() == 4
    assert "还有5天" in Notice.objects.filter(report=draft).first().text
    assert "延期后截止日期" in Notice.objects.filter(report=later).first().text
    assert Reminder.objects.filter(report=draft).get().people == 2
    assert AuditEntry.objects.filter(event="remind").count() == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        Reminder.objects.all().delete()


def test_a_unit_is_reminded_once_a_day_unless_said_so():
    manager, round, report = make_user("round_manager"), make_round(), owing()
    services.remind(round=round, reports=[report], by=manager, text="请报送")
    found = services.remind(round=round, reports=[report], by=manager, text="请报送")
    assert (found.sent, found.today_already) == ([], [report])
    again = services.remind(round=round, reports=[report], by=manager, text="请报送", again=True)
    assert again.sent == [report]
    assert Reminder.objects.count() == 2


def test_a_reminder_is_the_manager_s_and_has_words():
    round, report = make_round(), owing()
    with pytest.raises(NotAllowed):
        services.remind(round=round, reports=[report], by=make_user("reviewer"), text="请报送")
    for text in (" ", "长" * 301):
        with pytest.raises(Refused, match="催报内容"):
            services.remind(round=round, reports=[report], by=make_user("round_manager"), text=text)
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("left", "sent"),
    [(8, 0), (7, 1), (4, 1), (1, 1), (0, 1), (-1, 1), (-14, 1), (-15, 0)],
)
def test_the_clock_reminds_from_seven_days_before_to_two_weeks_after(left, sent):
    make_round(opens=days(-60), deadline=days(left))
    owing()
    assert sum(len(found.sent) for _, found in services.remind_by_clock()) == sent
    assert services.remind_by_clock() == [], "once for a mark, however often it runs"


def test_the_clock_counts_extensions_and_reminders_by_hand_and_leaves_closed_rounds_alone():
    round = make_round(opens=days(-60), deadline=days(2))
    report, later = owing(), owing("示例区水利局")
    Report.objects.filter(pk=later.pk).update(extended_until=days(30))
    services.remind(round=round, reports=[report], by=make_user("round_manager"), text="请报送")
    assert services.remind_by_clock() == []
    ((_, found),) = services.remind_by_clock(today=days(1))
    assert found.sent == [report], "the mark of one day before has been passed since"
    Round.objects.update(closed_at=timezone.now())
    assert services.remind_by_clock(today=days(5)) == []


def test_the_command_says_whom_it_could_not_reach(capsys):
    make_round(opens=days(-60), deadline=days(1))
    owing()
    make_report(department=make_department("没有账号的单位"))
    call_command("remind")
    said = capsys.readouterr().out
    assert "已催报1个单位" in said and "请电话催报：没有账号的单位" in said


# ------------------------------------------------------------------ closing


def test_after_closing_nothing_is_submitted_returned_or_opened_again():
    manager, reviewer = make_user("round_manager"), make_user("reviewer")
    unit = make_department()
    head = make_user("unit_head", department=unit)
    round, report = make_round(), make_report(department=unit, dossier=make_dossier())
    waiting = make_report(department=make_department("示例区水利局"), status="submitted")
    approved = make_report(department=make_department("示例区图书馆"), status="approved")
    make_submission(approved)
    workflow.apply(report, Step.CERTIFY, by=head)
    services.close(round=round, by=manager, note="年度工作结束")
    assert "未报送1份，待审核1份，已审核未公开1份" in AuditEntry.objects.get(event="round-close").sentence
    for item, step, by in (
        (report, Step.SUBMIT, head),
        (waiting, Step.RETURN, reviewer),
        (approved, Step.REOPEN, manager),
    ):
        with pytest.raises(Refused, match="已经关闭"):
            workflow.apply(item, step, by=by, reason="理由")
    with pytest.raises(Refused, match="已经关闭"):
        services.remind(round=round, reports=[report], by=manager, text="请报送")
    with pytest.raises(Refused, match="已经关闭"):
        report_services.extend(report=report, by=manager, until=datetime.date(2100, 1, 5), reason="x")
    workflow.apply(waiting, Step.APPROVE, by=reviewer)
    workflow.apply(approved, Step.PUBLISH, by=manager)
    with pytest.raises(Refused, match="理由"):
        services.reopen(round=round, by=manager, reason=" ")
    services.reopen(round=round, by=manager, reason="审计要求补报")
    assert Notice.objects.filter(user=head, text__contains="已重新开放，理由：审计要求补报").count() == 1
    workflow.apply(report, Step.SUBMIT, by=head)
    assert events() == ["round-reopen", "round-close"]


def test_a_round_is_closed_once_and_not_while_reports_are_being_made():
    manager = make_user("round_manager")
    round = opened(manager)
    with pytest.raises(Refused, match="正在建立"):
        services.close(round=round, by=manager)
    services.begin_awaiting(round=round)
    services.close(round=round, by=manager)
    with pytest.raises(Refused, match="已经关闭"):
        services.close(round=round, by=manager)
    with pytest.raises(Refused, match="已经关闭"):
        services.add_departments(round=round, by=manager, departments=[make_department("新单位")])


# ------------------------------------------------------------------ who is told


def test_a_report_never_waits_unseen_where_nobody_holds_the_role_that_acts():
    manager = make_user("round_manager")
    make_round(department_review=True)
    main = make_department("示例区文化局")
    unit = make_department("示例区美术馆", parent=main)
    head = make_user("unit_head", department=unit)
    report = make_report(department=unit, dossier=make_dossier())
    workflow.apply(report, Step.CERTIFY, by=head)
    workflow.apply(report, Step.SUBMIT, by=head)
    assert Notice.objects.filter(user=manager).count() == 1
    reviewer = make_user("main_reviewer", department=main)
    workflow.apply(report, Step.CANCEL, by=manager, reason="单位撤销")
    assert Notice.objects.filter(user=reviewer, text__contains="取消报告").count() == 1


def test_a_report_whose_reviewer_left_goes_to_all_reviewers_and_an_assigned_manager_is_told():
    gone, other, manager = make_user("reviewer"), make_user("reviewer"), make_user("round_manager")
    gone.role_assignments.update(is_active=False)
    unit = make_department()
    head = make_user("unit_head", department=unit)
    report = make_report(department=unit, dossier=make_dossier(), assigned_to=gone)
    workflow.apply(report, Step.CERTIFY, by=head)
    workflow.apply(report, Step.SUBMIT, by=head)
    assert set(Notice.objects.values_list("user", flat=True)) == {other.pk}
    Report.objects.update(status="certified", assigned_to=manager)
    Notice.objects.all().delete()
    workflow.apply(report, Step.SUBMIT, by=head)
    assert set(Notice.objects.values_list("user", flat=True)) == {manager.pk}
