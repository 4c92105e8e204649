"""Departments and people of a region from lists (批量建立单位和账号): planned first, then made in one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction

from departments.choices import UNIT_ROLES, Role
from departments.models import Department, Region, RoleAssignment, User
from departments.services import record

DEPARTMENT_HEADS = ("单位名称", "机构性质", "预算单位编码", "统一社会信用代码", "主管部门")
PEOPLE_HEADS = ("姓名", "账号", "角色", "单位", "联系电话")
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without signs that are taken for each other on paper."""
PASSWORD_LENGTH = 12


@dataclass(frozen=True)
class Row:
    """One line of a list, and where it stands (``人员!3``)."""

    place: str
    values: dict[str, str]

    def get(self, name: str) -> str:
        return self.values.get(name, "").strip()


@dataclass(frozen=True)
class Person:
    """A person with one role, to be made or given the role."""

    username: str
    name: str
    phone: str
    role: Role
    department: str


@dataclass
class Plan:
    """What the lists would make."""

    region: Region
    departments: list[Department] = field(default_factory=list)
    parents: dict[str, str] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    """What is there already and stays as it is."""
    complaints: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Account:
    """A new account with its first password, to be handed out."""

    username: str
    name: str
    role: str
    department: str
    password: str


def plan(region: Region, departments: Sequence[Row], people: Sequence[Row]) -> Plan:
    """Look at both lists without writing anything; every complaint names its line."""
    made = Plan(region)
    existing = set(Department.objects.filter(region=region).values_list("name", flat=True))
    names: set[str] = set()
    for row in departments:
        _department(made, row, existing, names)
    for name, parent in made.parents.items():
        if parent not in existing | names:
            made.complaints.append(f"单位“{name}”的主管部门“{parent}”不在名单里，也还没有建立")
    taken = dict(User.objects.values_list("username", "name"))
    roles = {
        (user, role, department or "")
        for user, role, department in RoleAssignment.objects.filter(is_active=True).values_list(
            "user__username", "role", "department__name"
        )
    }
    for row in people:
        _person(made, row, existing | names, taken, roles)
    return made


def _department(made: Plan, row: Row, existing: set[str], names: set[str]) -> None:
    name = row.get("单位名称")
    if not name:
        made.complaints.append(f"{row.place}：没有填写单位名称")
        return
    if name in existing:
        made.known.append(f"单位“{name}”已经建立")
        return
    if name in names:
        made.complaints.append(f"{row.place}：单位“{name}”在名单里出现两次")
        return
    unit = Department(
        region=made.region,
        name=name,
        kind=row.get("机构性质"),
        budget_code=row.get("预算单位编码"),
        credit_code=row.get("统一社会信用代码"),
    )
    try:
        unit.full_clean(exclude=["parent"])
    except ValidationError as error:
        made.complaints.append(f"{row.place}：{'；'.join(error.messages)}")
        return
    names.add(name)
    made.departments.append(unit)
    parent = row.get("主管部门")
    if parent and parent != name:
        made.parents[name] = parent


def _person(
    made: Plan, row: Row, departments: set[str], taken: dict[str, str], roles: set[tuple[str, str, str]]
) -> None:
    username, name, place = row.get("账号"), row.get("姓名"), row.get("单位")
    role = next((one for one in Role if row.get("角色") in (one.label, one.value)), None)
    wrong = []
    if not username or not name:
        wrong.append("姓名和账号都要填写")
    if role is None:
        wrong.append(f"角色“{row.get('角色')}”不认识，可以填{'、'.join(one.label for one in Role)}")
    elif role in UNIT_ROLES and place not in departments:
        wrong.append(f"单位“{place}”不在名单里，也还没有建立")
    if username in taken and taken[username] != name:
        wrong.append(f"账号“{username}”已属于“{taken[username]}”")
    if wrong or role is None:
        made.complaints.append(f"{row.place}：{'；'.join(wrong)}")
        return
    department = place if role in UNIT_ROLES else ""
    if (username, str(role), department) in roles:
        made.known.append(f"“{name}”已是{department}{role.label}")
        return
    roles.add((username, str(role), department))
    taken[username] = name
    made.people.append(Person(username, name, row.get("联系电话"), role, department))


@transaction.atomic
def carry_out(made: Plan, *, by: User | None = None) -> list[Account]:
    """Make everything of a plan without complaints, and answer the new accounts with their first passwords."""
    if made.complaints:
        raise ValueError("名单还有需要改正的地方，没有建立任何单位和账号")
    for unit in made.departments:
        unit.save()
    units = {unit.name: unit for unit in Department.objects.filter(region=made.region)}
    for name, parent in made.parents.items():
        Department.objects.filter(pk=units[name].pk).update(parent=units[parent])
    accounts = []
    for person in made.people:
        user = User.objects.filter(username=person.username).first()
        if user is None:
            password = "".join(secrets.choice(ALPHABET) for _ in range(PASSWORD_LENGTH))
            user = User(username=person.username, name=person.name, phone=person.phone)
            user.set_password(password)
            user.full_clean()
            user.save()
            accounts.append(
                Account(person.username, person.name, person.role.label, person.department, password)
            )
        place = {"department": units[person.department]} if person.department else {"region": made.region}
        RoleAssignment.objects.create(user=user, role=person.role, **place)
    record(
        event="accounts.bulk",
        sentence=f"{by or '系统'}批量建立了{len(made.departments)}个单位、{len(accounts)}个账号，授予{len(made.people)}个角色",
        by=by,
        region=made.region,
        data={
            "departments": [unit.name for unit in made.departments],
            "accounts": [a.username for a in accounts],
        },
    )
    return accounts
