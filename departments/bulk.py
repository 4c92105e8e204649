"""Departments and people of a region from lists (批量建立单位和账号): planned first, then made in one transaction.

One service for the administrator's page and for ``manage.py import_people``. Planning is a fixed number of queries; every
line of a list becomes an :class:`Item` that says what would happen with it, and what is refused names its cell.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.db import transaction

from departments.accounts import Account, give_one_time_password
from departments.choices import UNIT_ROLES, Role
from departments.models import Department, Region, RoleAssignment, User
from departments.separation import OWN_ROLES, mixture
from departments.services import record

DEPARTMENT_HEADS = ("单位名称", "机构性质", "预算单位编码", "统一社会信用代码", "主管部门")
PEOPLE_HEADS = ("姓名", "账号", "角色", "单位", "联系电话")
MOST_ROWS = 3000
"""Lines of one list; a district has some hundred units."""
_FIELDS = {"机构性质": "kind", "预算单位编码": "budget_code", "统一社会信用代码": "credit_code"}


class Change(StrEnum):
    """What happens with one line of a list; the value is shown."""

    NEW = "新增"
    CHANGED = "变更"
    SAME = "不变"
    REFUSED = "需要改正"


@dataclass(frozen=True)
class Row:
    """One line of a list, and where it stands: the sheet, the number of the line, the letters of its columns."""

    sheet: str
    number: int
    values: Mapping[str, str]
    columns: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        return self.values.get(name, "").strip()

    def at(self, name: str = "") -> str:
        """``单位!D3`` for the cell of a head, the whole line when the list has no such column."""
        return f"{self.sheet}!{self.columns.get(name, '')}{self.number}"


@dataclass(frozen=True)
class Item:
    """What happens with one line, as shown in the preview."""

    change: Change
    place: str
    title: str
    detail: str = ""


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
    """What the lists would make and change."""

    region: Region
    items: list[Item] = field(default_factory=list)
    departments: list[Department] = field(default_factory=list)
    """New ones."""
    changed: dict[str, dict[str, str]] = field(default_factory=dict)
    """New values of the fields of known departments, by name."""
    parents: dict[str, str] = field(default_factory=dict)
    """主管部门 of new departments and of those that get another one."""
    people: list[Person] = field(default_factory=list)
    """Roles to be given; the accounts that are missing are made for them."""
    phones: dict[str, str] = field(default_factory=dict)
    """New telephone numbers of known accounts."""

    def of(self, change: Change) -> list[Item]:
        return [item for item in self.items if item.change is change]

    @property
    def complaints(self) -> list[str]:
        """Every refused line as a sentence that names its cell."""
        return [f"{item.place}：{item.detail}" for item in self.of(Change.REFUSED)]

    @property
    def does_something(self) -> bool:
        return bool(self.of(Change.NEW) or self.of(Change.CHANGED))

    @property
    def fingerprint(self) -> str:
        """Changes when the lists would do something else than what was shown."""
        told = [(item.change, item.place, item.title, item.detail) for item in self.items]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Made:
    """What was written."""

    departments: list[str]
    changed: list[str]
    roles: int
    phones: int
    accounts: list[Account]


class BulkRefused(Exception):
    """The lists are not written; the message says why in Chinese."""


def plan(
    region: Region, departments: Sequence[Row], people: Sequence[Row], *, by: User | None = None
) -> Plan:
    """Look at both lists without writing anything; every complaint names its cell. ``by`` may not give roles to oneself."""
    made = Plan(region)
    if max(len(departments), len(people)) > MOST_ROWS:
        rows = departments if len(departments) > MOST_ROWS else people
        made.items.append(
            Item(
                Change.REFUSED, rows[0].sheet, "", f"名单有{len(rows)}行，一次最多{MOST_ROWS}行，请分几次导入"
            )
        )
        return made
    units = _Units(made, departments)
    units.read()
    _People(made, people, units.usable(), by).read()
    return made


# ------------------------------------------------------------------ departments


class _Units:
    def __init__(self, made: Plan, rows: Sequence[Row]) -> None:
        self.made, self.rows = made, rows
        self.known = {
            unit.name: unit for unit in Department.objects.filter(region=made.region).select_related("parent")
        }
        codes = {row.get("统一社会信用代码") for row in rows} - {""}
        self.owners = dict(
            Department.objects.filter(credit_code__in=codes).values_list("credit_code", "name")
        )
        self.seen: dict[str, str] = {}
        self.codes: dict[str, str] = {}
        self.above = {name: unit.parent.name for name, unit in self.known.items() if unit.parent}

    def usable(self) -> set[str]:
        """Names of the departments that people may be put in."""
        return {name for name, unit in self.known.items() if unit.is_active} | {
            unit.name for unit in self.made.departments
        }

    def read(self) -> None:
        for row in self.rows:
            if row.get("单位名称"):
                self.seen.setdefault(row.get("单位名称"), row.at())
        given = {
            row.get("单位名称"): row.get("主管部门")
            for row in self.rows
            if row.get("主管部门") and row.get("主管部门") != row.get("单位名称")
        }
        self.above |= given
        for row in self.rows:
            self._row(row)

    def _row(self, row: Row) -> None:
        name = row.get("单位名称")
        wrong = self._wrong(row, name)
        unit = self.known.get(name)
        values = {column: row.get(head) for head, column in _FIELDS.items() if row.get(head)}
        if not wrong and unit is None:
            unit = Department(region=self.made.region, name=name, **values)
            wrong = _invalid(unit, row)
            if not wrong:
                self.made.departments.append(unit)
                self._parent(row, None)
                detail = f"主管部门：{self.above[name]}" if name in self.above else ""
                self.made.items.append(Item(Change.NEW, row.at(), name, detail))
        elif not wrong and unit is not None:
            self._known(row, unit, values)
            return
        self.made.items.extend(Item(Change.REFUSED, place, name, detail) for place, detail in wrong)

    def _wrong(self, row: Row, name: str) -> list[tuple[str, str]]:
        if not name:
            return [(row.at("单位名称"), "没有填写单位名称")]
        wrong = []
        if self.seen[name] != row.at():
            wrong.append((row.at("单位名称"), f"单位“{name}”在名单里出现两次，前一次在{self.seen[name]}"))
        if name in self.known and not self.known[name].is_active:
            wrong.append((row.at("单位名称"), f"单位“{name}”已停用，请先恢复在用再导入"))
        code, parent = row.get("统一社会信用代码"), row.get("主管部门")
        if code:
            owner = self.codes.setdefault(code, name)
            if self.owners.get(code, name) != name or owner != name:
                other = owner if owner != name else "另一单位"
                wrong.append((row.at("统一社会信用代码"), f"统一社会信用代码“{code}”已被“{other}”使用"))
        if parent and parent != name:
            if parent not in self.seen and parent not in self.known:
                wrong.append((row.at("主管部门"), f"主管部门“{parent}”不在名单里，也还没有建立"))
            elif self._turns_round(name):
                wrong.append((row.at("主管部门"), f"“{name}”和“{parent}”互为主管部门，请核对"))
        return wrong

    def _turns_round(self, name: str) -> bool:
        passed, above = {name}, self.above.get(name)
        while above is not None:
            if above in passed:
                return True
            passed.add(above)
            above = self.above.get(above)
        return False

    def _parent(self, row: Row, known: str | None) -> None:
        parent = row.get("主管部门")
        if parent and parent not in (row.get("单位名称"), known):
            self.made.parents[row.get("单位名称")] = parent

    def _known(self, row: Row, unit: Department, values: dict[str, str]) -> None:
        """An empty cell leaves what is stored."""
        told = {column: value for column, value in values.items() if getattr(unit, column) != value}
        heads = {column: head for head, column in _FIELDS.items()}
        details = [
            f"{heads[column]}：{getattr(unit, column) or '（空）'} → {value}"
            for column, value in told.items()
        ]
        for column, value in told.items():
            setattr(unit, column, value)
        wrong = _invalid(unit, row) if told else []
        if wrong:
            self.made.items.extend(Item(Change.REFUSED, place, unit.name, detail) for place, detail in wrong)
            return
        before = unit.parent.name if unit.parent else None
        self._parent(row, before)
        if unit.name in self.made.parents:
            details.append(f"主管部门：{before or '（无）'} → {self.made.parents[unit.name]}")
        if told:
            self.made.changed[unit.name] = told
        change = Change.CHANGED if details else Change.SAME
        self.made.items.append(Item(change, row.at(), unit.name, "；".join(details)))


def _told(head: str, messages: Sequence[str]) -> str:
    told = "；".join(messages)
    return told if head in told else f"{head}：{told}"


def _invalid(unit: Department, row: Row) -> list[tuple[str, str]]:
    """What the model's own rules say, at the cells that they speak of. Uniqueness is looked at over the whole list."""
    heads = {column: head for head, column in _FIELDS.items()} | {"name": "单位名称"}
    try:
        unit.clean_fields(exclude=["region", "parent"])
    except ValidationError as error:
        return [
            (row.at(heads.get(column, "")), _told(heads.get(column, column), messages))
            for column, messages in error.message_dict.items()
        ]
    return []


# ------------------------------------------------------------------ people


class _People:
    def __init__(self, made: Plan, rows: Sequence[Row], departments: set[str], by: User | None) -> None:
        self.made, self.rows, self.departments, self.by = made, rows, departments, by
        wanted = {row.get("账号") for row in rows} - {""}
        region = made.region
        roles = RoleAssignment.objects.filter(user__username__in=wanted).select_related(
            "department", "region", "user"
        )
        self.roles: dict[tuple[str, str, str], RoleAssignment | None] = {}
        self.elsewhere: set[str] = set()
        for role in roles:
            place = role.region or role.department.region
            if place.pk != region.pk:
                self.elsewhere.add(role.user.username)
                continue
            self.roles[role.user.username, role.role, role.department.name if role.department else ""] = role
        self.held: dict[str, set[str]] = defaultdict(set)
        for role in roles:
            if role.is_active:
                self.held[role.user.username].add(role.role)
        self.users = {user.username: user for user in User.objects.filter(username__in=wanted)}
        self.names = {name: user.name for name, user in self.users.items()}
        self.spelled = {name.lower(): name for name in self.names}
        self.given: set[tuple[str, str, str]] = set()

    def read(self) -> None:
        for row in self.rows:
            self._row(row)

    def _row(self, row: Row) -> None:
        username = User.normalize_username(row.get("账号"))
        name, place, title = row.get("姓名"), row.get("单位"), row.get("角色")
        role = next((one for one in Role if title in (one.label, one.value)), None)
        wrong = self._wrong(row, username, name)
        if role is None:
            named = f"角色“{title}”不认识" if title else "没有填写角色"
            wrong.append((row.at("角色"), f"{named}，可以填{'、'.join(one.label for one in Role)}"))
        elif role in UNIT_ROLES and place not in self.departments:
            wrong.append(
                (
                    row.at("单位"),
                    f"单位“{place}”不在名单里，也还没有建立" if place else f"{role.label}要填写单位",
                )
            )
        called = f"{name}（{username}）"
        if role is not None and not wrong and (apart := self._apart(username, role)):
            wrong.append((row.at("角色"), apart))
        if wrong or role is None:
            self.made.items.extend(Item(Change.REFUSED, at, called, detail) for at, detail in wrong)
            return
        department = place if role in UNIT_ROLES else ""
        self.held[username].add(role)
        self._put(row, Person(username, name, row.get("联系电话"), role, department), called)

    def _apart(self, username: str, role: Role) -> str:
        """Why this role may not be added to the account; a role that it holds already is no addition."""
        if role in self.held[username]:
            return ""
        if self.by is not None and self.by.username == username:
            return OWN_ROLES
        return mixture({*self.held[username], role})

    def _wrong(self, row: Row, username: str, name: str) -> list[tuple[str, str]]:
        wrong = []
        if not name:
            wrong.append((row.at("姓名"), "没有填写姓名"))
        if not username:
            return [*wrong, (row.at("账号"), "没有填写账号")]
        if name and self.spelled.get(username.lower(), username) != username:
            wrong.append(
                (
                    row.at("账号"),
                    f"账号“{username}”和“{self.spelled[username.lower()]}”只差大小写，请改用同一个写法",
                )
            )
        if username in self.elsewhere:
            wrong.append((row.at("账号"), f"账号“{username}”已在其他区县使用，请换一个账号"))
        elif username in self.users and not self._ours(username):
            wrong.append((row.at("账号"), f"账号“{username}”已被使用，请换一个账号"))
        elif name and self.names.get(username, name) != name:
            wrong.append(
                (row.at("账号"), f"账号“{username}”已属于“{self.names[username]}”，这里的姓名是“{name}”")
            )
        elif username in self.users and not self.users[username].is_active:
            wrong.append((row.at("账号"), f"账号“{username}”已停用，请先恢复再导入"))
        elif username not in self.names:
            user = User(username=username, name=name, phone=row.get("联系电话"))
            heads = {"username": "账号", "name": "姓名", "phone": "联系电话"}
            try:
                user.clean_fields(exclude=["password", *(["name"] if not name else [])])
            except ValidationError as error:
                wrong.extend(
                    (row.at(heads.get(column, "")), _told(heads.get(column, column), messages))
                    for column, messages in error.message_dict.items()
                )
        return wrong

    def _ours(self, username: str) -> bool:
        """Whether a known account is one of this region's: others are not told about, nor given roles by a list."""
        return any(user == username for user, _, _ in self.roles)

    def _put(self, row: Row, person: Person, called: str) -> None:
        key = (person.username, str(person.role), person.department)
        where = f"{person.department or self.made.region.name}{person.role.label}"
        known = self.roles.get(key)
        details = []
        user = self.users.get(person.username)
        if (
            user is not None
            and person.phone
            and person.phone
            not in (
                user.phone,
                self.made.phones.get(person.username),
            )
        ):
            details.append(f"联系电话：{user.phone or '（空）'} → {person.phone}")
            self.made.phones[person.username] = person.phone
        waits = known is not None and known.is_requested and self.made.region.officers_apart
        if key in self.given or waits or (known is not None and known.is_active):
            change = Change.CHANGED if details else Change.SAME
        else:
            change = Change.CHANGED if person.username in self.users else Change.NEW
            given = "申请角色" if self.made.region.officers_apart else "恢复角色" if known else "授予角色"
            details.insert(0, f"{given}：{where}")
            self.made.people.append(person)
        self.given.add(key)
        self.names.setdefault(person.username, person.name)
        self.spelled.setdefault(person.username.lower(), person.username)
        self.made.items.append(Item(change, row.at(), called, "；".join(details) or where))


# ------------------------------------------------------------------ writing


@transaction.atomic
def carry_out(
    region: Region,
    departments: Sequence[Row],
    people: Sequence[Row],
    *,
    by: User | None = None,
    seen: str | None = None,
) -> Made:
    """Plan again and make everything of the plan, or nothing. Answers the new accounts with their one-time passwords.

    ``seen`` is the fingerprint of the plan that was shown. Raises :class:`BulkRefused` when the plan has complaints,
    or is another one by now.
    """
    region = Region.objects.select_for_update(no_key=True).get(pk=region.pk)
    made = plan(region, departments, people, by=by)
    if made.complaints:
        raise BulkRefused(f"名单有{len(made.complaints)}处需要改正，没有写入任何内容。")
    if seen is not None and made.fingerprint != seen:
        raise BulkRefused("在您查看期间，单位或账号有了变动，没有写入；下面是最新的对比，请再看一遍。")
    Department.objects.bulk_create(made.departments, batch_size=200)
    units = {unit.name: unit for unit in Department.objects.filter(region=region)}
    _change_departments(made, units)
    accounts = _make_accounts(made)
    concerned = {person.username for person in made.people} | set(made.phones)
    users = {user.username: user for user in User.objects.filter(username__in=concerned)}
    _give_roles(made, users, units)
    for username, phone in made.phones.items():
        users[username].phone = phone
    User.objects.bulk_update([users[name] for name in made.phones], ["phone"], batch_size=200)
    result = Made(
        [unit.name for unit in made.departments],
        sorted(set(made.changed) | (set(made.parents) - {unit.name for unit in made.departments})),
        len(made.people),
        len(made.phones),
        accounts,
    )
    record(
        event="accounts.bulk",
        sentence=(
            f"{by or '系统'}批量建立了{len(result.departments)}个单位、{len(accounts)}个账号，"
            f"{'申请' if region.officers_apart else '授予'}{result.roles}个角色，"
            f"修改了{len(result.changed)}个单位、{result.phones}个联系电话"
        ),
        by=by,
        region=region,
        data={
            "departments": result.departments,
            "changed": result.changed,
            "accounts": [account.username for account in accounts],
        },
    )
    return result


def _change_departments(made: Plan, units: dict[str, Department]) -> None:
    touched = {}
    for name, values in made.changed.items():
        for column, value in values.items():
            setattr(units[name], column, value)
        touched[name] = units[name]
    for name, parent in made.parents.items():
        units[name].parent = units[parent]
        touched[name] = units[name]
    Department.objects.bulk_update(
        touched.values(), ["kind", "budget_code", "credit_code", "parent"], batch_size=200
    )


def _make_accounts(made: Plan) -> list[Account]:
    """Accounts that are missing, each with all of its roles on one slip."""
    wanted: dict[str, list[Person]] = {}
    for person in made.people:
        wanted.setdefault(person.username, []).append(person)
    known = set(User.objects.filter(username__in=wanted).values_list("username", flat=True))
    users, accounts = [], []
    for username, roles in wanted.items():
        if username in known:
            continue
        phone = next((person.phone for person in roles if person.phone), "")
        user = User(username=username, name=roles[0].name, phone=phone)
        password = give_one_time_password(user)
        users.append(user)
        accounts.append(
            Account(
                username,
                user.name,
                "、".join(dict.fromkeys(person.role.label for person in roles)),
                "、".join(dict.fromkeys(person.department for person in roles if person.department)),
                password,
            )
        )
    User.objects.bulk_create(users, batch_size=200)
    return accounts


def _give_roles(made: Plan, users: dict[str, User], units: dict[str, Department]) -> None:
    """Roles that were taken away before come back, the others are new; where 三员分立 is set, they are only asked for."""
    asked = made.region.officers_apart
    state = {"is_active": not asked, "is_requested": asked}
    held = {
        (role.user_id, role.role, role.department_id, role.region_id): role.pk
        for role in RoleAssignment.objects.filter(user__in=[users[person.username] for person in made.people])
    }
    back, new = [], []
    for person in made.people:
        place = {"department": units[person.department]} if person.department else {"region": made.region}
        role = RoleAssignment(user=users[person.username], role=person.role, **place, **state)
        known = held.get((role.user_id, role.role, role.department_id, role.region_id))
        back.append(known) if known else new.append(role)
    RoleAssignment.objects.filter(pk__in=back).update(**state)
    RoleAssignment.objects.bulk_create(new, batch_size=200)
