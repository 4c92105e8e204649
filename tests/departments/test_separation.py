"""The administrator is not the auditor, and nobody gives roles to oneself, wherever roles are given."""

from __future__ import annotations

import pytest
from django.urls import reverse

from departments.accounts import AccountRefused, accounts_of
from departments.bulk import Change, Row, carry_out, plan
from departments.choices import Role
from departments.confirming import CONFIRMED
from departments.models import RoleAssignment
from departments.people import Keeper
from departments.people import give_role as give_role_to
from departments.separation import mixture
from evalsite.checks import roles_are_apart
from tests.db import PASSWORD, give_role, make_region, make_user

pytestmark = pytest.mark.django_db


def row(username: str, name: str, role: str, number: int = 2) -> Row:
    values = {"账号": username, "姓名": name, "角色": role}
    return Row(
        sheet="人员", number=number, values=values, columns={head: "ABC"[i] for i, head in enumerate(values)}
    )


def test_what_may_not_be_together():
    assert "不能既是系统管理员又是审计监察" in mixture(["auditor", "filler", "administrator"])
    assert mixture(["auditor", "reviewer"]) == ""


def test_the_pages_of_people_refuse_too():
    chief, auditor = make_user("administrator"), make_user("auditor")
    with pytest.raises(AccountRefused, match="不能既是系统管理员又是审计监察"):
        give_role_to(person=auditor, by=chief, role=Role.ADMINISTRATOR, place=make_region())
    with pytest.raises(AccountRefused, match="不能变更自己"):
        give_role_to(person=chief, by=chief, role=Role.REVIEWER, place=make_region())
    give_role_to(person=auditor, by=chief, role=Role.REVIEWER, place=make_region())
    RoleAssignment.objects.filter(user=auditor, role=Role.AUDITOR).update(is_active=False)
    give_role_to(person=auditor, by=chief, role=Role.ADMINISTRATOR, place=make_region())


def test_they_ask_for_the_password_before_a_role_changes(client):
    chief, person = make_user("administrator"), make_user("reviewer")
    client.force_login(chief)
    session = client.session
    session[CONFIRMED] -= 600
    session.save()
    held = person.role_assignments.get()
    taken = reverse("role-take", args=[person.pk, held.pk])
    assert client.post(taken).url == reverse("confirm-again")
    assert client.post(reverse("role-give", args=[person.pk])).url == reverse("confirm-again")
    client.post(taken)
    client.post(reverse("confirm-again"), {"password": PASSWORD})
    held.refresh_from_db()
    assert not held.is_active


def test_a_list_is_refused_likewise():
    region = make_region()
    chief = make_user("administrator", username="chief", name="赵管理")
    make_user("auditor", username="sun", name="孙审计")
    people = [
        row("sun", "孙审计", "系统管理员"),
        row("chief", "赵管理", "绩效股", 3),
        row("chief", "赵管理", "系统管理员", 4),
        row("new", "钱某", "审计监察", 5),
        row("new", "钱某", "系统管理员", 6),
    ]
    found = plan(region, [], people, by=chief)
    assert [item.place for item in found.of(Change.REFUSED)] == ["人员!C2", "人员!C3", "人员!C6"]
    told = "".join(item.detail for item in found.of(Change.REFUSED))
    assert "不能给自己授予角色" in told
    assert "不能既是系统管理员又是审计监察" in told
    assert len(carry_out(region, [], [people[3]], by=chief).accounts) == 1


def change(client, person, roles):
    address = reverse("admin:departments_user_change", args=[person.pk])
    prefix = "role_assignments"
    data = {
        f"{prefix}-TOTAL_FORMS": str(len(roles)),
        f"{prefix}-INITIAL_FORMS": "0",
        "username": person.username,
        "name": person.name,
        "is_active": "on",
        "is_staff": "on",
        "is_superuser": "on",
        "date_joined_0": "2024-01-01",
        "date_joined_1": "00:00",
    }
    for number, role in enumerate(roles):
        data |= {
            f"{prefix}-{number}-role": role,
            f"{prefix}-{number}-region": str(make_region().pk),
            f"{prefix}-{number}-user": str(person.pk),
            f"{prefix}-{number}-is_active": "on",
        }
    return client.post(address, data)


def test_the_technical_administration_refuses_too(client):
    staff = make_user(username="staff")
    staff.is_staff = staff.is_superuser = True
    staff.save()
    client.force_login(staff)
    person = make_user(username="new")
    assert "不能既是系统管理员又是审计监察" in change(client, person, ["administrator", "auditor"]).text
    assert "不能给自己授予角色" in change(client, staff, ["auditor"]).text
    assert not RoleAssignment.objects.exists()
    assert change(client, person, ["auditor", "reviewer"]).status_code == 302
    assert RoleAssignment.objects.filter(user=person).count() == 2


def test_accounts_from_before_the_rule_are_reported():
    assert roles_are_apart(None, databases=["default"]) == []
    both = make_user("administrator", username="both")
    give_role(both, "auditor")
    (found,) = roles_are_apart(None, databases=["default"])
    assert (found.id, "both" in found.msg) == ("evalsite.W002", True)
    assert roles_are_apart(None) == []


def test_an_administrator_keeps_whoever_has_several_roles_of_the_region_and_none_elsewhere():
    chief, both, far = make_user("administrator"), make_user("reviewer"), make_user("filler")
    give_role(both, "auditor")
    give_role(both, "filler")
    give_role(far, "reviewer", region=make_region("430408", "邻区"))
    assert set(accounts_of(chief, make_region())) == {chief, both}
    assert set(Keeper.of(chief).kept()) == {both}
