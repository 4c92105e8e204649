"""People and roles: who keeps whom, what is refused, what is written to the trail."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from departments import people
from departments.accounts import AccountRefused
from departments.choices import Role
from departments.models import AuditEntry, RoleAssignment, User
from departments.people import DetailsRefused, Keeper, LastHead
from tests.db import give_role, make_department, make_region, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    return make_user("administrator", name="管理某")


@pytest.fixture
def head():
    return make_user("unit_head", name="负责某")


def add(by, **changes):
    stated = {
        "username": "dag-zhang",
        "role": Role.FILLER,
        "place": make_department(),
        "name": "张某",
    } | changes
    return people.add_person(by=by, **stated)


def test_a_new_person_has_one_role_and_a_one_time_password(head):
    person, account = add(head, phone="0734-8120000 转 3")
    assert person.check_password(account.password)
    assert person.must_change_password
    assert (account.role, account.department) == ("填报人", "示例区档案馆")
    entry = AuditEntry.objects.get()
    assert entry.sentence == "负责某建立账号“dag-zhang”（张某），授予角色：示例区档案馆填报人"
    assert entry.department == make_department()
    assert account.password not in str(entry.data) + entry.sentence


def test_all_that_is_wrong_with_a_new_person_is_told_at_once(head):
    make_user(username="Dag-Zhang")
    with pytest.raises(DetailsRefused) as refused:
        add(head, name=" ", phone="不知道", email="x")
    assert set(refused.value.errors) == {"name", "phone", "email", "username"}
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("role", [Role.UNIT_HEAD, Role.MAIN_REVIEWER])
def test_a_head_gives_only_the_role_of_filler(head, role):
    with pytest.raises(PermissionDenied):
        add(head, role=role)
    assert not User.objects.filter(username="dag-zhang").exists()


def test_a_head_gives_roles_only_in_the_own_unit(head):
    with pytest.raises(PermissionDenied):
        add(head, place=make_department("示例区水利局"))


def test_an_administrator_gives_roles_only_in_the_own_region(administrator):
    far = make_region("430408", "邻区")
    add(administrator, username="a", role=Role.REVIEWER, place=make_region())
    for place, role in ((make_department("邻区水利局", region=far), Role.FILLER), (far, Role.REVIEWER)):
        with pytest.raises(PermissionDenied):
            add(administrator, username="b", role=role, place=place)


def test_a_role_fits_its_place(administrator):
    for role, place in ((Role.FILLER, make_region()), (Role.REVIEWER, make_department())):
        with pytest.raises(AccountRefused, match="要指定"):
            add(administrator, role=role, place=place)


def test_nobody_without_such_a_role_keeps_people():
    for role in ("filler", "reviewer", "round_manager", "auditor", "main_reviewer", None):
        with pytest.raises(PermissionDenied):
            Keeper.of(make_user(role))


def test_nobody_changes_the_own_account_or_roles(administrator):
    own = administrator.role_assignments.get()
    for act in (
        lambda: people.take_role(assignment=own, by=administrator),
        lambda: people.give_role(
            person=administrator, by=administrator, role=Role.AUDITOR, place=make_region()
        ),
        lambda: people.deactivate(person=administrator, by=administrator, reason="试"),
        lambda: people.reset_password(person=administrator, by=administrator),
    ):
        with pytest.raises(AccountRefused, match="自己"):
            act()


def test_a_head_does_not_touch_an_account_with_other_roles(head):
    person = make_user("filler")
    give_role(person, "filler", department=make_department("示例区水利局"))
    assert person in Keeper.of(head).people()
    for act in (people.reset_password, people.reactivate):
        with pytest.raises(PermissionDenied):
            act(person=person, by=head)
    people.take_role(assignment=person.role_assignments.get(department=make_department()), by=head)
    assert person.role_assignments.filter(is_active=True).count() == 1


def test_an_administrator_does_not_touch_accounts_of_another_region_or_technical_staff(administrator):
    person = make_user("filler")
    give_role(person, "reviewer", region=make_region("430408", "邻区"))
    staff = make_user("filler")
    User.objects.filter(pk=staff.pk).update(is_staff=True)
    for one in (person, staff):
        with pytest.raises(PermissionDenied):
            people.deactivate(person=one, by=administrator, reason="调离")


def test_a_role_is_taken_and_given_again_as_the_same_row(administrator):
    person = make_user("filler", name="张某")
    held = person.role_assignments.get()
    people.take_role(assignment=held, by=administrator)
    assert not RoleAssignment.objects.get(pk=held.pk).is_active
    again = people.give_role(person=person, by=administrator, role=Role.FILLER, place=make_department())
    assert again.pk == held.pk
    with pytest.raises(AccountRefused, match="张某已经是示例区档案馆填报人"):
        people.give_role(person=person, by=administrator, role=Role.FILLER, place=make_department())
    assert list(AuditEntry.objects.values_list("sentence", flat=True)) == [
        "管理某授予张某角色：示例区档案馆填报人",
        "管理某收回张某的角色：示例区档案馆填报人",
    ]


def test_the_last_head_is_taken_only_knowingly(administrator, head):
    for act in (
        lambda sure: people.take_role(assignment=head.role_assignments.get(), by=administrator, sure=sure),
        lambda sure: people.deactivate(person=head, by=administrator, reason="调离", sure=sure),
    ):
        with pytest.raises(LastHead, match="“示例区档案馆”将没有单位负责人"):
            act(sure=False)
        head.refresh_from_db()
        assert head.is_active
        assert head.role_assignments.get().is_active
    people.deactivate(person=head, by=administrator, reason="调离", sure=True)
    assert not User.objects.get(pk=head.pk).is_active


def test_another_active_head_makes_it_ordinary(administrator, head):
    second = make_user("unit_head")
    User.objects.filter(pk=second.pk).update(is_active=False)
    with pytest.raises(LastHead):
        people.take_role(assignment=head.role_assignments.get(), by=administrator)
    User.objects.filter(pk=second.pk).update(is_active=True)
    people.take_role(assignment=head.role_assignments.get(), by=administrator)


def test_an_account_is_switched_off_with_a_reason_and_on_again(head):
    person = make_user("filler", name="张某")
    with pytest.raises(DetailsRefused):
        people.deactivate(person=person, by=head, reason=" ")
    people.deactivate(person=person, by=head, reason="调离")
    people.deactivate(person=person, by=head, reason="又一次")
    with pytest.raises(AccountRefused, match="停用"):
        people.reset_password(person=person, by=head)
    people.reactivate(person=person, by=head)
    assert User.objects.get(pk=person.pk).is_active
    assert [entry.sentence for entry in AuditEntry.objects.all()] == [
        "负责某恢复张某的账号",
        "负责某停用张某的账号：调离",
    ]


def test_a_switched_off_person_is_out_at_once(client, head):
    person = make_user("filler")
    client.force_login(person)
    assert client.get("/").status_code == 200
    people.deactivate(person=person, by=head, reason="调离")
    assert client.get("/").status_code == 302


def test_details_are_changed_and_told(head):
    person = make_user("filler", name="张某")
    assert people.change_details(person=person, by=head, name="张三", phone="8120000", email="") == [
        "姓名",
        "联系电话",
    ]
    assert people.change_details(person=person, by=head, name="张三", phone="8120000", email="") == []
    assert (
        AuditEntry.objects.get().sentence
        == "负责某修改张某的资料：姓名“张某”改为“张三”，联系电话“空”改为“8120000”"
    )


def test_a_password_is_reset_and_the_old_one_ends(head):
    person = make_user("filler")
    account = people.reset_password(person=person, by=head)
    person.refresh_from_db()
    assert person.check_password(account.password)
    assert person.must_change_password
    assert AuditEntry.objects.get().event == "account.reset"
