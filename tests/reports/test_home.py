"""The home page says to each role what to do next, and costs the same queries however much there is."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from departments.models import AnnualProfile, Department
from reports.models import Comment, Notice, Report
from tests.db import give_role, make_department, make_report, make_round, make_user

pytestmark = pytest.mark.django_db


def sentences(client, user) -> list[str]:
    client.force_login(user)
    response = client.get(reverse("home"))
    assert response.status_code == 200
    return [card.sentence for card in response.context["cards"]]


def page(client, user) -> str:
    client.force_login(user)
    return client.get(reverse("home")).content.decode()


def test_nobody_signed_in_is_led_to_the_sign_in_page(client):
    response = client.get(reverse("home"))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("login"))


def test_somebody_without_a_role_is_told_whom_to_ask(client):
    text = page(client, make_user())
    assert "请联系本单位负责人添加填报人，或联系财政局绩效股" in text


@pytest.mark.parametrize(
    ("status", "fields", "sentence"),
    [
        (
            "draft",
            {"open_errors": 3, "open_warnings": 2},
            "请继续填报2023年度报告：还有3处错误、2处疑点待处理。",
        ),
        ("draft", {}, "2023年度报告没有待处理的错误和疑点，填完后请负责人确认。"),
        ("returned", {}, "2023年度报告被退回，请按审核意见修改后由负责人重新确认。"),
        ("certified", {}, "负责人已确认2023年度报告，请报送。"),
        ("submitted", {}, "2023年度报告已报送，财政局正在审核，暂时不用办理。"),
        ("department_review", {}, "2023年度报告正在由主管部门审核，暂时不用办理。"),
        ("approved", {}, "2023年度报告已审核通过。"),
        ("published", {}, "2023年度报告已公开。"),
        ("cancelled", {}, "2023年度报告已取消，如有疑问请联系财政局绩效股。"),
    ],
)
def test_the_filler_reads_one_sentence_for_every_state(status, fields, sentence, client):
    make_report(status=status, **fields)
    assert sentences(client, make_user("filler")) == [sentence]


@pytest.mark.parametrize(
    ("status", "fields", "sentence"),
    [
        ("draft", {"open_errors": 3}, "2023年度报告还不能确认：填报人有3处错误、0处疑点待处理。"),
        ("draft", {}, "2023年度报告可以确认，请先通读全文。"),
        ("certified", {}, "您已确认2023年度报告，还没有报送。"),
    ],
)
def test_the_head_reads_whether_it_can_be_certified(status, fields, sentence, client):
    make_report(status=status, **fields)
    assert sentences(client, make_user("unit_head")) == [sentence]


@pytest.mark.parametrize(("offset", "words"), [(3, "还有3天"), (0, "今天截止"), (-2, "已逾期2天")])
def test_the_days_until_the_deadline(offset, words, client):
    deadline = timezone.localdate() + datetime.timedelta(days=offset)
    make_round(deadline=deadline, opens=deadline - datetime.timedelta(days=60))
    make_report()
    assert words in page(client, make_user("filler"))


def test_comments_to_answer_and_last_years_reports_are_shown(client):
    report = make_report(status="returned")
    make_report(year=2022, status="approved")
    Comment.objects.create(report=report, text="请核对", author=make_user("reviewer"))
    text = page(client, make_user("filler"))
    assert "待答复的审核意见 1 条" in text
    assert "2022年度" in text


def test_two_roles_are_two_cards(client):
    make_report()
    user = make_user("filler")
    give_role(user, "unit_head")
    assert len(sentences(client, user)) == 2


def test_the_reviewer_reads_what_waits(client):
    reviewer = make_user("reviewer")
    assert sentences(client, reviewer) == ["没有待审核的报告。"]
    for name in ("甲馆", "乙馆"):
        make_report(department=make_department(name), status="submitted")
    assert sentences(client, reviewer) == ["有2份报告待审核，其中2份还没有人认领。"]
    Report.objects.filter(profile__department__name="甲馆").update(assigned_to=reviewer)
    assert sentences(client, reviewer) == ["您认领的报告还有1份待审核。"]


def test_the_main_department_reads_what_waits(client):
    main = make_department("示例区文化局")
    reviewer = make_user("main_reviewer", department=main)
    assert sentences(client, reviewer) == ["没有等您审核的报告。"]
    make_report(department=make_department("甲馆", parent=main))
    assert sentences(client, reviewer) == ["没有等您审核的报告；所属单位还有1份没有报送。"]
    make_report(department=make_department("乙馆", parent=main), status="department_review")
    assert sentences(client, reviewer) == ["所属单位有1份报告等您审核。"]


def test_the_round_manager_reads_the_progress_and_who_owes(client):
    manager = make_user("round_manager")
    assert sentences(client, manager) == ["还没有自评任务，请先布置。"]
    for number in range(12):
        make_report(department=make_department(f"单位{number:02}"))
    make_report(department=make_department("已审核单位"), status="approved")
    assert sentences(client, manager) == ["还有12份报告没有报送。"]
    text = page(client, manager)
    assert "应报 13 份，已审核 1 份" in text
    assert "查看全部 12 份" in text
    make_round().__class__.objects.update(opens="2024-03-01", deadline="2024-05-31")
    assert sentences(client, manager) == ["有12份报告逾期未报，请催报或办理延期。"]
    Report.objects.update(status="approved")
    assert sentences(client, manager) == ["报告已全部报送，有13份审核通过、可以公开。"]
    Report.objects.update(status="published")
    assert sentences(client, manager) == ["本年度报告已全部报送。"]


def test_the_administrator_sees_departments_and_accounts_and_no_dossier(client):
    make_report()
    admin = make_user("administrator")
    text = page(client, admin)
    assert "现有1个在用单位、1个账号。" in text
    assert reverse("people") in text
    assert reverse("units") in text
    assert reverse("admin:index") not in text
    admin.is_staff = admin.is_superuser = True
    admin.save()
    assert reverse("admin:index") in page(client, admin)
    assert "示例区档案馆" not in text


def test_the_auditor_finds_reports_and_log(client):
    make_report(status="approved")
    text = page(client, make_user("auditor"))
    assert "可查阅本区县1份报告（已审核1份）" in text
    assert reverse("audit") in text


def test_the_newest_unread_notices_stand_on_the_home_page(client):
    user, report = make_user("filler"), make_report()
    for number in range(7):
        Notice.objects.create(user=user, report=report, text=f"通知{number}")
    text = page(client, user)
    assert "通知6" in text
    assert "通知1" not in text


@pytest.mark.database
@pytest.mark.parametrize(
    "role", ["filler", "unit_head", "main_reviewer", "reviewer", "round_manager", "auditor", "administrator"]
)
def test_the_home_page_costs_the_same_queries_with_1_and_with_200_rows(
    role, client, django_assert_num_queries
):
    main, round_ = make_department("示例区文化局"), make_round()
    unit_role = role in ("filler", "unit_head")

    def add(start: int, count: int) -> None:
        units = Department.objects.bulk_create(
            Department(region=main.region, parent=main, name=f"单位{number:03}")
            for number in range(start, start + count)
        )
        profiles = AnnualProfile.objects.bulk_create(
            AnnualProfile(department=unit, year=2023) for unit in units
        )
        reports = Report.objects.bulk_create(
            Report(profile=profile, round=round_, status=("draft", "submitted")[number % 2])
            for number, profile in enumerate(profiles)
        )
        Notice.objects.bulk_create(Notice(user=user, report=report, text="测试") for report in reports)
        if unit_role:
            for unit in units[:60]:
                give_role(user, role, department=unit)

    user = make_user() if unit_role else make_user(role, department=main)
    add(0, 2)
    client.force_login(user)
    client.get(reverse("home"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("home"))
    add(2, 200)
    with django_assert_num_queries(len(few)):
        assert client.get(reverse("home")).status_code == 200


@pytest.mark.parametrize(
    ("role", "shown", "hidden"),
    [
        ("filler", ["home", "inbox"], ["queue", "audit"]),
        ("reviewer", ["home", "queue", "inbox"], ["audit"]),
        ("round_manager", ["home", "queue", "audit", "inbox"], []),
        ("auditor", ["home", "queue", "audit", "inbox"], []),
        ("administrator", ["home", "inbox"], ["queue", "audit"]),
    ],
)
def test_the_navigation_shows_what_the_role_may_open(role, shown, hidden, client):
    text = page(client, make_user(role))
    navigation = text[text.index("<nav") : text.index("</nav>")]
    assert all(f'href="{reverse(name)}"' in navigation for name in shown)
    assert not any(f'href="{reverse(name)}"' in navigation for name in hidden)
    assert f'href="{reverse("home")}" aria-current="page"' in navigation
