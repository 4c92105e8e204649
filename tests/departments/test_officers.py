"""The three officers: who makes accounts, who gives roles, who reads the log; and a region in which they are strictly apart."""

from __future__ import annotations

import pytest
from axes.models import AccessAttempt
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from departments import lockout, people
from departments.accounts import AccountRefused
from departments.bulk import Row, carry_out, plan
from departments.choices import Role
from departments.models import AuditEntry, Region, RoleAssignment, User
from departments.people import Keeper
from departments.separation import mixture
from evalsite.checks import roles_are_apart
from reports.handover import hand_over
from tests.db import give_role, make_department, make_region, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return make_department("示例区档案馆")


@pytest.fixture
def chief():
    return make_user("administrator", name="赵管理")


@pytest.fixture
def officer():
    return make_user("security_officer", name="吴安全")


@pytest.fixture
def apart(unit) -> Region:
    Region.objects.filter(pk=unit.region_id).update(officers_apart=True)
    unit.region.refresh_from_db()
    return unit.region


def roles_of(person: User) -> list[tuple[str, bool, bool]]:
    return list(person.role_assignments.order_by("pk").values_list("role", "is_active", "is_requested"))


def events() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("event", flat=True))


# ------------------------------------------------------------------ apart in any case


@pytest.mark.parametrize(
    "held",
    [["administrator", "security_officer"], ["security_officer", "auditor"], ["administrator", "auditor"]],
)
def test_nobody_holds_two_of_the_three(held):
    assert "同一人不能既是" in mixture([*held, "filler"])
    assert mixture([held[0], "reviewer", "filler"]) == ""


def test_the_check_names_old_violations(officer):
    RoleAssignment.objects.create(user=officer, role=Role.AUDITOR, region=make_region())
    (found,) = roles_are_apart(None, databases=["default"])
    assert (found.id, officer.username in found.msg) == ("evalsite.W002", True)


def test_the_check_names_a_region_without_officer(apart):
    (found,) = roles_are_apart(None, databases=["default"])
    assert (found.id, apart.code in found.msg) == ("evalsite.W003", True)
    make_user("security_officer")
    assert roles_are_apart(None, databases=["default"]) == []


def test_the_officer_gives_roles_but_makes_no_accounts(officer, unit):
    person = make_user("filler", department=unit)
    people.give_role(person=person, by=officer, role=Role.UNIT_HEAD, place=unit)
    people.take_role(assignment=person.role_assignments.get(role="filler"), by=officer)
    assert roles_of(person) == [("filler", False, False), ("unit_head", True, False)]
    refused = (
        lambda: people.add_person(by=officer, username="x", role=Role.FILLER, place=unit, name="某"),
        lambda: people.change_details(person=person, by=officer, name="改"),
        lambda: people.deactivate(person=person, by=officer, reason="试", sure=True),
        lambda: people.reset_password(person=person, by=officer),
        lambda: hand_over(person=person, to=make_user("filler", department=unit), by=officer),
    )
    for act in refused:
        with pytest.raises(PermissionDenied):
            act()
    with pytest.raises(AccountRefused, match="不能变更自己"):
        people.give_role(person=officer, by=officer, role=Role.REVIEWER, place=unit.region)


def test_the_officer_of_another_region_gives_nothing(unit):
    far = make_user("security_officer", region=make_region("430408", "邻区"))
    person = make_user("filler", department=unit)
    with pytest.raises(PermissionDenied):
        people.give_role(person=person, by=far, role=Role.UNIT_HEAD, place=unit)
    with pytest.raises(PermissionDenied):
        people.take_role(assignment=person.role_assignments.get(), by=far)


def test_an_officer_who_is_head_of_a_unit_keeps_its_fillers_only(officer, unit):
    give_role(officer, "unit_head", department=unit)
    mine = make_user("filler", department=unit)
    other = make_user("filler", department=make_department("示例区水利局"))
    keeper = Keeper.of(officer)
    assert set(keeper.kept_accounts()) == {mine}
    assert set(keeper.kept()) == {mine, other}


def test_the_officer_reads_no_report_and_no_other_log(client, officer, unit):
    person = make_user("filler", department=unit)
    for event in (
        "sign-in",
        "account.locked",
        "second-factor.reset",
        "role-give",
        "section.save",
        "person-off",
    ):
        AuditEntry.objects.create(event=event, sentence=f"记录{event}", actor_name="某", region=unit.region)
    AuditEntry.objects.create(
        event="role-take", sentence="记录单位角色", actor_name="某", region=unit.region, department=unit
    )
    far = make_region("430408", "邻区")
    AuditEntry.objects.create(event="sign-in", sentence="邻区登录", actor_name="某", region=far)
    client.force_login(officer)
    page = client.get(reverse("audit")).text
    shown = ("sign-in", "account.locked", "second-factor.reset", "role-give")
    assert all(f"记录{event}<" in page for event in shown)
    assert "记录单位角色" in page
    assert not [text for text in ("section.save", "person-off", "邻区登录") if text in page]
    assert "登录记录" in client.get("/").text
    assert person.role_assignments.exists()


# ------------------------------------------------------------------ a region that is not strict


def test_without_the_option_the_administrator_gives_roles_as_before(chief, unit):
    person, _ = people.add_person(by=chief, username="zhang", role=Role.FILLER, place=unit, name="张某")
    people.give_role(person=person, by=chief, role=Role.REVIEWER, place=unit.region)
    assert roles_of(person) == [("filler", True, False), ("reviewer", True, False)]


# ------------------------------------------------------------------ a strict region


def test_roles_are_asked_for_and_given_by_two_people(chief, officer, unit, apart):
    person, _ = people.add_person(by=chief, username="zhang", role=Role.FILLER, place=unit, name="张某")
    assert roles_of(person) == [("filler", False, True)]
    assert not person.access.roles, "what is only asked for reaches nothing"
    people.give_role(person=person, by=chief, role=Role.REVIEWER, place=apart)
    with pytest.raises(AccountRefused, match="已在申请中"):
        people.give_role(person=person, by=chief, role=Role.REVIEWER, place=apart)
    waiting = list(people.requested(officer))
    assert [one.role for one in waiting] == ["filler", "reviewer"] or len(waiting) == 2
    assert not people.requested(chief).exists()
    people.give_requested(by=officer, chosen=[one.pk for one in waiting])
    assert roles_of(person) == [("filler", True, False), ("reviewer", True, False)]
    assert events() == ["person-add", "role-request", "role-give", "role-give"]
    with pytest.raises(AccountRefused, match="已经办理或撤回"):
        people.give_requested(by=officer, chosen=[waiting[0].pk])


def test_the_administrator_takes_no_role_but_withdraws_a_request(chief, officer, unit, apart):
    person = make_user("filler", department=unit)
    with pytest.raises(PermissionDenied):
        people.take_role(assignment=person.role_assignments.get(), by=chief)
    asked = people.give_role(person=person, by=chief, role=Role.UNIT_HEAD, place=unit)
    people.take_role(assignment=asked, by=chief)
    assert roles_of(person) == [("filler", True, False), ("unit_head", False, False)]
    again = people.give_role(person=person, by=chief, role=Role.UNIT_HEAD, place=unit)
    people.take_role(assignment=again, by=officer)
    assert not people.requested(officer).exists()
    assert events()[-1] == "role-refuse"


def test_the_head_of_a_unit_asks_too(officer, unit, apart):
    head = make_user("unit_head", department=unit)
    person, _ = people.add_person(by=head, username="zhang", role=Role.FILLER, place=unit, name="张某")
    assert roles_of(person) == [("filler", False, True)]
    people.give_requested(by=officer, chosen=[person.role_assignments.get().pk])
    assert roles_of(person) == [("filler", True, False)]


def test_a_role_of_the_three_is_refused_when_it_is_given_too(chief, officer, unit, apart):
    person = make_user("filler", department=unit)
    asked = people.give_role(person=person, by=chief, role=Role.AUDITOR, place=apart)
    RoleAssignment.objects.create(user=person, role=Role.ADMINISTRATOR, region=apart)
    with pytest.raises(AccountRefused, match="同一人不能既是"):
        people.give_requested(by=officer, chosen=[asked.pk])


def test_a_list_asks_too(chief, officer, unit, apart):
    values = {"账号": "zhang", "姓名": "张某", "角色": "填报人", "单位": unit.name}
    rows = [Row("人员", 2, values, dict.fromkeys(values, "A"))]
    made = plan(apart, [], rows, by=chief)
    assert made.items[0].detail.startswith("申请角色")
    carry_out(apart, [], rows, by=chief)
    person = User.objects.get(username="zhang")
    assert roles_of(person) == [("filler", False, True)]
    assert not plan(apart, [], rows, by=chief).does_something
    assert "申请1个角色" in AuditEntry.objects.get(event="accounts.bulk").sentence


def test_a_hand_over_moves_no_role(chief, unit, apart):
    giver, taker = make_user("filler", department=unit), make_user("unit_head", department=unit, name="李某")
    with pytest.raises(AccountRefused, match="三员分立"):
        hand_over(person=giver, to=taker, by=chief)
    give_role(taker, "filler", department=unit)
    with pytest.raises(AccountRefused, match="没有可以移交"):
        hand_over(person=giver, to=taker, by=chief)
    assert roles_of(giver) == [("filler", True, False)]


def test_only_the_officer_unlocks_and_resets(chief, officer, unit, apart):
    person = make_user("filler", department=unit, username="zhang")
    AccessAttempt.objects.create(
        username="zhang", ip_address="10.1.2.3", failures_since_start=5, attempt_time=timezone.now()
    )
    with pytest.raises(PermissionDenied, match="安全管理员"):
        lockout.unlock(user=person, region=apart, by=chief)
    assert lockout.unlock(user=person, region=apart, by=officer)
    with pytest.raises(PermissionDenied, match="安全管理员"):
        people.reset_second_factor(person=person, by=chief, reason="手机丢失")
    with pytest.raises(AccountRefused, match="没有开启"):
        people.reset_second_factor(person=person, by=officer, reason="手机丢失")


def test_the_pages(client, chief, officer, unit, apart):
    client.force_login(chief)
    data = {"name": "张某", "username": "zhang", "role": "filler", "department": unit.pk}
    assert "三员分立" in client.get(reverse("person-add")).text
    assert client.post(reverse("person-add"), data).status_code == 200
    person = User.objects.get(username="zhang")
    page = client.get(reverse("person", args=[person.pk])).text
    assert "待安全管理员授予" in page
    assert "提交申请" in page
    answer = client.post(reverse("role-give", args=[person.pk]), {"role": "reviewer"}, follow=True)
    assert "已提交申请" in answer.text
    assert "（待授予）" in client.get(reverse("people")).text
    client.force_login(officer)
    page = client.get(reverse("role-requests"))
    assert [one.user for one in page.context["page"]] == [person, person]
    assert client.post(reverse("role-requests")).status_code == 422
    shown = client.get(reverse("person", args=[person.pk])).text
    assert "重置密码" not in shown
    assert "停用账号" not in shown
    chosen = [one.pk for one in people.requested(officer)]
    done = client.post(reverse("role-requests"), {"role": chosen}, follow=True)
    assert "已授予2个角色" in done.text
    assert person.role_assignments.filter(is_active=True).count() == 2
    assert client.get(reverse("person-add")).status_code == 403


def test_the_technical_administration_gives_no_way_round(client, chief, unit, apart):
    User.objects.filter(pk=chief.pk).update(is_staff=True, is_superuser=True)
    person = make_user("filler", department=unit)
    held = person.role_assignments.get()
    client.force_login(User.objects.get(pk=chief.pk))
    start = "role_assignments"
    form = {
        "username": person.username,
        "name": person.name,
        "is_active": "on",
        "date_joined_0": "2024-01-01",
        "date_joined_1": "09:00",
        f"{start}-TOTAL_FORMS": "2",
        f"{start}-INITIAL_FORMS": "1",
        f"{start}-0-id": held.pk,
        f"{start}-0-user": person.pk,
        f"{start}-0-role": "filler",
        f"{start}-0-department": unit.pk,
        f"{start}-0-is_active": "on",
        f"{start}-1-user": person.pk,
        f"{start}-1-role": "reviewer",
        f"{start}-1-region": apart.pk,
        f"{start}-1-is_active": "on",
    }
    answer = client.post(reverse("admin:departments_user_change", args=[person.pk]), form)
    assert "角色由安全管理员授予" in answer.text
    assert roles_of(person) == [("filler", True, False)]


def test_a_role_is_given_or_asked_for_not_both(unit):
    wrong = RoleAssignment(
        user=make_user(), role="filler", department=unit, is_active=True, is_requested=True
    )
    with pytest.raises(ValidationError, match="不再是待授予"):
        wrong.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        wrong.save()
