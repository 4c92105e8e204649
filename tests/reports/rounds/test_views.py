"""Pages of the rounds: previewed before anything is written, nothing typed is lost, size costs no queries."""

from __future__ import annotations

import datetime

import icalendar
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from departments.models import Department
from indicators.policy import DEFAULT_POLICY
from reports.models import NilReason, Notice, Reminder, Report, Round
from reports.outline import DEFAULT_TEMPLATE
from tests.db import make_department, make_region, make_report, make_round, make_user
from tests.factories import make_dossier

pytestmark = pytest.mark.django_db


def days(number: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=number)


@pytest.fixture
def manager(client):
    user = make_user("round_manager", name="刘绩效")
    client.force_login(user)
    return user


def text_of(response) -> str:
    return response.content.decode()


def terms(**changes) -> dict:
    return {
        "year": "2024",
        "opens": days(0).isoformat(),
        "deadline": days(30).isoformat(),
        "policy": DEFAULT_POLICY,
        "template": DEFAULT_TEMPLATE,
        "carry_over": "on",
    } | changes


# ------------------------------------------------------------------ opening


def test_a_year_is_opened_by_form_preview_and_confirmation(client, manager):
    before = make_report(dossier=make_dossier(), status="approved")
    other = make_department("示例区水利局")
    left_out = make_department("示例区图书馆")
    page = text_of(client.get(reverse("round-open")))
    assert page.count('name="departments"') == page.count(" checked>") - 1 == 3
    typed = terms(departments=[before.department.pk, other.pk])
    preview = text_of(client.post(reverse("round-open"), typed))
    assert "现在还没有写入任何内容" in preview
    assert "从上年度带入的单位（1）" in preview and left_out.name in preview
    assert not Round.objects.filter(year=2024).exists()
    back = text_of(client.post(reverse("round-open"), typed | {"do": "edit"}))
    assert f'id="department-{other.pk}" checked' in back
    assert f'id="department-{left_out.pk}" checked' not in back
    answer = client.post(reverse("round-open"), typed | {"do": "open"}, follow=True)
    assert "新建报告2份，其中从上年度带入1份、空白1份" in text_of(answer)
    assert Round.objects.get(year=2024).reports.count() == 2
    again = client.post(reverse("round-open"), typed | {"do": "open"})
    assert again.status_code == 422
    assert "已经建立" in text_of(again)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"year": "二〇二四"}, "四位数字"),
        ({"deadline": "5月31日"}, "2024-05-31 的格式"),
        ({"deadline": "2020-01-01"}, "截止日期"),
        ({"policy": "x"}, "请选择评分办法"),
        ({"departments": []}, "请至少选择一个单位"),
        ({"departments": ["99999"]}, "请重新勾选"),
        ({"departments": ["abc"]}, "请重新勾选"),
    ],
)
def test_what_is_typed_wrongly_is_said_and_kept(client, manager, changes, message):
    department = make_department()
    response = client.post(
        reverse("round-open"), terms(departments=[department.pk], scan_required="on") | changes
    )
    assert response.status_code == 422
    page = text_of(response)
    assert message in page
    assert 'name="scan_required"' in page and page.count("checked") >= 2
    assert not Round.objects.exists()


def test_the_list_groups_units_below_their_main_department(client, manager):
    main = make_department("示例区文化局")
    make_department("示例区美术馆", parent=main)
    gone = make_department("示例区撤销局", is_active=False)
    make_department("遗留单位", parent=gone)
    page = text_of(client.get(reverse("round-open")))
    assert page.index("示例区文化局") < page.index("示例区美术馆")
    assert "示例区撤销局（已停用）" in page
    assert page.count('name="departments"') == 3


def test_units_are_added_after_a_preview(client, manager):
    make_report()
    round, new = Round.objects.get(), make_department("新设单位")
    address = reverse("round-add", args=[round.pk])
    assert text_of(client.get(address)).count('name="departments"') == 1
    assert "请至少选择一个单位" in text_of(client.post(address, {"do": "add"}))
    assert "确认增加 1 个单位" in text_of(client.post(address, {"departments": new.pk}))
    assert Report.objects.count() == 1
    answer = client.post(address, {"departments": new.pk, "do": "add"}, follow=True)
    assert "新建报告1份" in text_of(answer)
    assert Report.objects.filter(round=round).count() == 2


def test_a_large_round_is_left_to_the_worker_and_can_be_gone_on_with(client, manager, monkeypatch):
    monkeypatch.setattr("reports.rounds.tasks.AT_ONCE", 0)
    keys = [make_department(f"单位{number}").pk for number in range(3)]
    answer = client.post(reverse("round-open"), terms(departments=keys, do="open"), follow=True)
    assert "其余3份正在后台建立" in text_of(answer)
    round = Round.objects.get()
    monkeypatch.setattr("reports.rounds.tasks.AT_ONCE", 30)
    answer = client.post(reverse("round-begin", args=[round.pk]), follow=True)
    assert "继续建立" in text_of(answer)
    assert round.reports.count() == 3


# ------------------------------------------------------------------ the page


def test_nil_reports_are_said_apart_and_cancelled_units_not_counted(client, manager):
    make_report(status="approved")
    nil = make_report(department=make_department("示例区水利局"))
    NilReason.objects.create(profile=nil.profile, reason="并入其他单位")
    make_report(department=make_department("示例区图书馆"), status="cancelled")
    make_report(department=make_department("示例区美术馆"))
    page = text_of(client.get(reverse("round", args=[nil.round_id])))
    assert "应报 3 份，其中零报告 1 份；已审核 1 份（33%）。已取消的 1 个单位不计入应报" in page
    only = text_of(client.get(reverse("round", args=[nil.round_id]), {"state": "nil"}))
    assert "示例区水利局" in only and "示例区美术馆" not in only
    assert "零报告 1 份" in text_of(client.get(reverse("home")))


@pytest.mark.parametrize("name", ["round", "round-close", "rounds", "home"])
def test_pages_cost_the_same_queries_with_2_and_with_40_units(
    client, manager, name, django_assert_max_num_queries
):
    make_report()
    make_report(department=make_department("单位0"))
    round = Round.objects.get()
    address = reverse(name, args=[round.pk] if name.startswith("round-") or name == "round" else [])
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for number in range(1, 40):
        make_report(department=make_department(f"单位{number}", parent=make_department("单位0")))
    with django_assert_max_num_queries(len(few)):
        client.get(address)


def test_hostile_addresses(client, manager):
    make_report()
    page = reverse("round", args=[Round.objects.get().pk])
    for query in ({"page": "x"}, {"state": "'"}, {"q": "<script>" * 20}):
        answer = client.get(page, query)
        assert answer.status_code == 200
        assert "<script>&" not in text_of(answer) and "<script><" not in text_of(answer)
    act = reverse("round-act", args=[Round.objects.get().pk, "remind"])
    answer = client.post(act, {"report": ["1 or 1", "²", "999999999"]}, follow=True)
    assert "请先勾选单位" in text_of(answer)
    assert client.post(act.replace("remind", "delete"), {}).status_code == 404


# ------------------------------------------------------------------ acts


def test_all_who_owe_are_reminded_in_two_clicks_and_not_twice_a_day(client, manager):
    make_round(deadline=days(3))
    report = make_report()
    filler = make_user("filler", department=report.department)
    alone = make_report(department=make_department("没有账号的单位"))
    make_report(department=make_department("已报单位"), status="submitted")
    act = reverse("round-act", args=[report.round_id, "remind"])
    asked = text_of(client.post(act, {"all": "owed"}))
    assert "催报：2 个单位" in asked and "请抓紧完成2023年度" in asked
    assert not Reminder.objects.exists()
    chosen = {"report": [report.pk, alone.pk], "confirm": "1", "text": "请今天报送。"}
    done = text_of(client.post(act, chosen))
    assert "2 个单位中已办理 1 个" in done and "请电话催报" in done
    assert "请今天报送。（截止日期" in Notice.objects.get(user=filler).text
    assert "今天已经催报过" in text_of(client.post(act, {"all": "owed"}))
    client.post(act, chosen)
    assert Notice.objects.filter(user=filler).count() == 1
    client.post(act, chosen | {"again": "on"})
    assert Notice.objects.filter(user=filler).count() == 2
    empty = client.post(act, chosen | {"text": ""})
    assert empty.status_code == 422 and "请填写催报内容" in text_of(empty)


def test_ticked_units_are_extended_and_left_out(client, manager):
    make_round(deadline=days(3))
    report, done = make_report(), make_report(department=make_department("已审单位"), status="approved")
    extend = reverse("round-act", args=[report.round_id, "extend"])
    asked = text_of(client.post(extend, {"report": [report.pk, done.pk]}))
    assert "延期：1 个单位" in asked and "状态不符，不办理（1）" in asked
    wrong = client.post(extend, {"report": report.pk, "confirm": "1", "until": "明天", "reason": "停电"})
    assert wrong.status_code == 422 and "停电" in text_of(wrong)
    client.post(extend, {"report": report.pk, "confirm": "1", "until": days(9).isoformat(), "reason": "停电"})
    assert Report.objects.get(pk=report.pk).extended_until == days(9)
    cancel = reverse("round-act", args=[report.round_id, "cancel"])
    answer = client.post(cancel, {"report": report.pk, "confirm": "1", "reason": "单位已撤销"})
    assert "1 个单位中已办理 1 个" in text_of(answer)
    assert Report.objects.get(pk=report.pk).status == "cancelled"


def test_another_region_s_reports_are_out_of_reach(client, manager):
    report = make_report()
    far = make_report(department=make_department("邻区档案局", region=make_region("430408", "邻区")))
    act = reverse("round-act", args=[report.round_id, "cancel"])
    answer = client.post(act, {"report": far.pk, "confirm": "1", "reason": "x"}, follow=True)
    assert "请先勾选单位" in text_of(answer)
    assert Report.objects.get(pk=far.pk).status == "draft"
    assert client.get(reverse("round", args=[far.round_id])).status_code == 404


def test_settings_closing_and_reopening(client, manager):
    make_round(opens=days(-5), deadline=days(5))
    report = make_report()
    round = report.round_id
    typed = {"opens": days(-5).isoformat(), "deadline": days(15).isoformat(), "reason": ""}
    refused = client.post(reverse("round-settings", args=[round]), typed)
    assert refused.status_code == 422 and "请写明修改理由" in text_of(refused)
    answer = client.post(reverse("round-settings", args=[round]), typed | {"reason": "统一延期"}, follow=True)
    assert "截止日期由" in text_of(answer) and "任务记录" in text_of(answer)
    page = text_of(client.get(reverse("round-close", args=[round])))
    assert "未报送：关闭后不能再报送" in page and report.department.name in page
    closed = text_of(client.post(reverse("round-close", args=[round]), {"note": ""}, follow=True))
    assert "已关闭" in closed and "催报全部" not in closed
    assert "已经关闭" in text_of(
        client.post(reverse("round-act", args=[round, "remind"]), {"all": "owed"}, follow=True)
    )
    assert "请写明重新开放的理由" in text_of(
        client.post(reverse("round-reopen", args=[round]), {"reason": ""}, follow=True)
    )
    client.post(reverse("round-reopen", args=[round]), {"reason": "补报"})
    assert Round.objects.get(pk=round).closed_at is None


# ------------------------------------------------------------------ calendar


def events_of(response) -> list:
    return list(icalendar.Calendar.from_ical(response.content).walk("VEVENT"))


def test_the_unit_s_calendar_has_its_own_day(client):
    make_round(deadline=days(5))
    report = make_report()
    client.force_login(make_user("filler", department=report.department))
    address = reverse("report-calendar", args=[report.pk])
    response = client.get(address)
    assert response["Content-Type"].startswith("text/calendar")
    (event,) = events_of(response)
    assert event.decoded("dtstart") == days(5)
    assert len(event.walk("VALARM")) == 3
    Report.objects.update(extended_until=days(12))
    (later,) = events_of(client.get(address))
    assert later.decoded("dtstart") == days(12)
    assert later["uid"] == event["uid"], "fetched again, the entry moves instead of doubling"
    assert "已批准延期" in str(later["description"])


def test_the_bureau_s_calendar_has_the_round_s_day_and_the_extensions(client, manager):
    make_round(deadline=days(5))
    make_report()
    for name in ("甲单位，二科", "乙单位;三科"):
        make_report(department=make_department(name), extended_until=days(12))
    make_report(department=make_department("丙单位"), extended_until=days(20), status="submitted")
    found = events_of(client.get(reverse("round-calendar", args=[Round.objects.get().pk])))
    assert [event.decoded("dtstart") for event in found] == [days(5), days(12)]
    assert "甲单位，二科" in str(found[1]["description"]) and "乙单位;三科" in str(found[1]["description"])
    assert Department.objects.count() == 4


def test_what_is_being_reviewed_is_counted_and_listed_alike(client):
    round_ = make_round(department_review=True)
    for name, status in (("甲局", "submitted"), ("乙校", "department_review"), ("丙局", "draft")):
        make_report(department=make_department(name), status=status)
    client.force_login(make_user("round_manager"))
    page = client.get(reverse("round", args=[round_.pk]), {"state": "reviewing"})
    assert page.context["figures"].reviewing == 2
    assert {report.department.name for report in page.context["page"]} == {"甲局", "乙校"}


def test_a_refused_reason_of_reopening_is_shown_again(client, manager):
    closed = make_round(closed_at=timezone.now())
    response = client.post(reverse("round-reopen", args=[closed.pk]), {"reason": "补报" * 200})
    assert response.status_code == 422
    assert "补报" * 200 in text_of(response)
    assert "不超过" in text_of(response)
    assert Round.objects.get().closed_at
