"""People and their roles (人员和角色), kept on pages: by the administrator for a region, by the head of a unit for its fillers;
the roles also by the security officer (安全管理员).

Every act names the person and is written to the trail. Nobody changes the own roles or ends the own account. People are
never deleted: what they did stays under their name, the account is switched off (停用).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from departments import second_factor, separation
from departments.accounts import Account, AccountRefused, give_one_time_password
from departments.choices import UNIT_ROLES, Role
from departments.models import Department, Region, RoleAssignment, User
from departments.services import record

DETAILS = {"name": "姓名", "phone": "联系电话", "email": "电子邮箱"}


class DetailsRefused(AccountRefused):
    """Something typed cannot be kept; ``errors`` maps the field to its Chinese sentence."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("；".join(errors.values()))
        self.errors = errors


class LastHead(AccountRefused):
    """The act would leave units without a head (单位负责人). It is done when the person says that this is meant."""

    def __init__(self, units: Iterable[Department]) -> None:
        self.units = list(units)
        names = "、".join(unit.name for unit in self.units)
        super().__init__(f"办理后“{names}”将没有单位负责人，报告无人确认。请先指定新的负责人，或勾选后继续。")


@dataclass(frozen=True)
class Keeper:
    """Whose people and which roles a person keeps: regions as administrator or as security officer, units as their head.

    Who keeps accounts gives roles too, but in a region with 三员分立 only asks for them: there the security officer gives.
    """

    user: User
    regions: frozenset[int] = field(default_factory=frozenset)
    """Regions whose accounts this person keeps as administrator."""
    units: frozenset[int] = field(default_factory=frozenset)
    secured: frozenset[int] = field(default_factory=frozenset)
    """Regions in which this person is security officer."""
    apart: frozenset[int] = field(default_factory=frozenset)
    """Of all these regions, and those of the units, the ones that set 三员分立."""

    @classmethod
    def of(cls, user: User) -> Keeper:
        """By the roles held now. Raises ``PermissionDenied`` for whoever keeps nobody."""
        roles = RoleAssignment.objects.filter(user=user.pk, is_active=True, user__is_active=True)
        held = list(
            roles.filter(role__in=[Role.ADMINISTRATOR, Role.SECURITY, Role.UNIT_HEAD]).values_list(
                "role", "region", "department", "region__officers_apart"
            )
        )
        if not held:
            raise PermissionDenied("只有系统管理员、安全管理员和单位负责人可以管理人员")
        units = frozenset(unit for _, _, unit, _ in held if unit)
        apart = {region for _, region, _, is_apart in held if is_apart}
        if units:
            above = Region.objects.filter(departments__in=units, officers_apart=True)
            apart |= set(above.values_list("pk", flat=True))
        return cls(
            user,
            frozenset(region for role, region, _, _ in held if role == Role.ADMINISTRATOR),
            units,
            frozenset(region for role, region, _, _ in held if role == Role.SECURITY),
            frozenset(apart),
        )

    def require_region(self, region: Region) -> None:
        """Raises ``PermissionDenied`` for a region that this person does not administer."""
        if region.pk not in self.regions:
            raise PermissionDenied("只有本区县的系统管理员可以办理")

    @property
    def watched(self) -> frozenset[int]:
        """Regions all of whose people this person sees."""
        return self.regions | self.secured

    @property
    def keeps_accounts(self) -> bool:
        """Whether this person makes accounts and switches them off; the security officer does not."""
        return bool(self.regions or self.units)

    @property
    def roles(self) -> list[Role]:
        """Roles that this person gives or asks for."""
        return list(Role) if self.watched else [Role.FILLER]

    @property
    def departments(self) -> QuerySet[Department]:
        """Units in which this person gives or asks for roles."""
        return Department.objects.filter(Q(region__in=self.watched) | Q(pk__in=self.units))

    @property
    def places(self) -> Q:
        """Condition for the roles that this person gives and takes, or asks for."""
        return self._places(self.watched)

    def _places(self, regions: frozenset[int]) -> Q:
        return (
            Q(region__in=regions)
            | Q(department__region__in=regions)
            | Q(department__in=self.units, role=Role.FILLER)
        )

    def people(self) -> QuerySet[User]:
        """People whom this person sees: of the regions, and whoever has a role in the own units."""
        return self._with(self.places | Q(department__in=self.units, is_active=True))

    def kept(self) -> QuerySet[User]:
        """Accounts whose roles this person gives or asks for: every role ever held is such a one; not staff, not the own."""
        return self._only_in(self.places)

    def kept_accounts(self) -> QuerySet[User]:
        """Of these, accounts that this person changes, switches off and gives passwords to."""
        return self._only_in(self._places(self.regions))

    def _only_in(self, places: Q) -> QuerySet[User]:
        roles = RoleAssignment.objects.filter(user=OuterRef("pk"))
        # Without the person: a reference to the outer row would mean the role inside the second query.
        mine = RoleAssignment.objects.filter(places)
        return (
            self._with(places)
            .filter(~Exists(roles.exclude(pk__in=mine.values("pk"))))
            .exclude(pk=self.user.pk)
        )

    def _with(self, condition: Q) -> QuerySet[User]:
        roles = RoleAssignment.objects.filter(condition, user=OuterRef("pk"))
        return User.objects.filter(Exists(roles), is_superuser=False, is_staff=False)

    def asks_for(self, assignment: RoleAssignment) -> bool:
        """Whether a role in its place is one that this person gives, or at least asks for."""
        region = _region_of(assignment)
        return region in self.watched or (
            assignment.department_id in self.units and assignment.role == Role.FILLER
        )

    def gives(self, assignment: RoleAssignment) -> bool:
        """Whether this person gives and takes a role in its place by the own word."""
        region = _region_of(assignment)
        return region in self.secured or (self.asks_for(assignment) and region not in self.apart)

    @property
    def only_asks(self) -> bool:
        """Whether this person gives no role anywhere by the own word."""
        return not self.secured and self.regions <= self.apart and bool(self.apart)

    def resets_second_factor(self, person: User) -> bool:
        """The security officer of all the person's regions, or the administrator where 三员分立 is not set."""
        held = RoleAssignment.objects.filter(user=person).select_related("department")
        regions = {_region_of(one) for one in held}
        return bool(regions) and (
            regions <= self.secured or (regions <= self.regions and not regions & self.apart)
        )


def _region_of(assignment: RoleAssignment) -> int:
    return assignment.department.region_id if assignment.department else assignment.region_id


def held_by(person: User) -> QuerySet[RoleAssignment]:
    """The roles that a person has now, with their places."""
    return person.role_assignments.filter(is_active=True).select_related(
        "department__region", "region", "user"
    )


def held_or_requested(person: User) -> QuerySet[RoleAssignment]:
    """The roles that a person has now, and those that wait for the security officer."""
    found = person.role_assignments.filter(Q(is_active=True) | Q(is_requested=True))
    return found.select_related("department__region", "region", "user")


def described(assignment: RoleAssignment) -> str:
    """``示例区档案馆填报人``"""
    return f"{assignment.department or assignment.region}{assignment.get_role_display()}"


def without_head(assignments: Iterable[RoleAssignment]) -> list[Department]:
    """Units that lose their last head with these roles. Call it inside the transaction of the act: the units are locked."""
    losing = {
        one.department_id: one.pk for one in assignments if one.role == Role.UNIT_HEAD and one.is_active
    }
    units = Department.objects.select_for_update(no_key=True).filter(pk__in=losing, is_active=True)
    others = RoleAssignment.objects.filter(
        role=Role.UNIT_HEAD, department__in=losing, is_active=True, user__is_active=True
    ).exclude(pk__in=losing.values())
    led = set(others.values_list("department", flat=True))
    return [unit for unit in units if unit.pk not in led]


@transaction.atomic
def add_person(
    *, by: User, username: str, role: Role, place: Department | Region, **details: str
) -> tuple[User, Account]:
    """Make an account with one role and a one-time password (新增人员), which is answered and stored only hashed.

    Raises :class:`DetailsRefused` for what cannot be kept.
    """
    keeper = Keeper.of(by)
    if not keeper.keeps_accounts:
        raise PermissionDenied("安全管理员不建立账号，请由系统管理员办理")
    person = User(username=User.normalize_username(username.strip()))
    errors = _set_details(person, details)
    try:
        person.clean_fields(exclude=["password", *DETAILS])
    except ValidationError as error:
        errors["username"] = "；".join(error.message_dict.get("username", error.messages))
    if not person.username:
        errors["username"] = "请填写账号"
    elif User.objects.filter(username__iexact=person.username).exists():
        errors["username"] = "这个账号已被使用，请换一个；本人已有账号的，由系统管理员授予角色"
    if errors:
        raise DetailsRefused(errors)
    password = give_one_time_password(person)
    person.save()
    given = _give(keeper, person, role, place)
    done = "授予角色" if given.is_active else "申请角色"
    record(
        event="person-add",
        sentence=f"{by.name}建立账号“{person.username}”（{person.name}），{done}：{described(given)}",
        by=by,
        **_of(given),
        data={"user": person.pk},
    )
    unit = given.department.name if given.department else ""
    return person, Account(person.username, person.name, given.get_role_display(), unit, password)


@transaction.atomic
def change_details(*, person: User, by: User, **details: str) -> list[str]:
    """Change name, telephone or e-mail; which of them changed, in Chinese. Raises :class:`DetailsRefused`."""
    person, _ = _kept(person, by)
    before = {name: getattr(person, name) for name in DETAILS}
    if errors := _set_details(person, details):
        raise DetailsRefused(errors)
    changed = [name for name in DETAILS if getattr(person, name) != before[name]]
    if not changed:
        return []
    person.save(update_fields=changed)
    told = [
        f"{DETAILS[name]}“{before[name] or '空'}”改为“{getattr(person, name) or '空'}”" for name in changed
    ]
    _log(by, person, "person-change", f"{by.name}修改{before['name']}的资料：{'，'.join(told)}")
    return [DETAILS[name] for name in changed]


@transaction.atomic
def give_role(*, person: User, by: User, role: Role, place: Department | Region) -> RoleAssignment:
    """Give a person a role in a unit or a region (授予角色), or ask the security officer for it where 三员分立 is set: then the
    answer is not active yet. Raises :class:`AccountRefused`."""
    person, keeper = _kept(person, by, roles=True)
    if not person.is_active:
        raise AccountRefused("账号已停用，请先恢复再授予角色。")
    given = _give(keeper, person, role, place)
    event, done = ("role-give", "授予") if given.is_active else ("role-request", "申请授予")
    _log_role(given, by, event, f"{done}{person.name}角色")
    return given


def requested(by: User) -> QuerySet[RoleAssignment]:
    """Roles that wait for this security officer (待授予的角色), with people and places."""
    keeper = Keeper.of(by)
    mine = Q(region__in=keeper.secured) | Q(department__region__in=keeper.secured)
    rows = RoleAssignment.objects.filter(mine, is_requested=True, user__is_active=True).exclude(user=by)
    return rows.select_related("user", "department__region", "region").order_by("department", "user", "pk")


@transaction.atomic
def give_requested(*, by: User, chosen: Iterable[int]) -> list[RoleAssignment]:
    """Give the chosen roles that were asked for, all or none (授予申请的角色). Raises :class:`AccountRefused`."""
    wanted = set(chosen)
    found = [one for one in requested(by) if one.pk in wanted]
    if not wanted:
        raise AccountRefused("请先勾选要授予的角色。")
    if len(found) != len(wanted):
        raise AccountRefused("勾选的申请里有已经办理或撤回的，没有授予任何角色，请刷新后重新勾选。")
    return [
        give_role(person=one.user, by=by, role=Role(one.role), place=one.department or one.region)
        for one in found
    ]


@transaction.atomic
def take_role(*, assignment: RoleAssignment, by: User, sure: bool = False) -> None:
    """Take a role away (收回角色). Raises :class:`LastHead` unless ``sure``, when the unit would have no head left."""
    keeper = Keeper.of(by)
    assignment = (
        RoleAssignment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("user", "department__region", "region")
        .get(pk=assignment.pk)
    )
    if assignment.user_id == by.pk:
        raise AccountRefused("不能变更自己的角色，请由其他管理员办理。")
    if assignment.is_requested and keeper.asks_for(assignment):
        _drop_request(assignment, by)
        return
    if not keeper.gives(assignment):
        raise PermissionDenied("没有收回这个角色的权限")
    if not assignment.is_active:
        return
    if not sure and (units := without_head([assignment])):
        raise LastHead(units)
    assignment.is_active = False
    assignment.save(update_fields=["is_active"])
    _log_role(assignment, by, "role-take", f"收回{assignment.user.name}的角色")


def _drop_request(assignment: RoleAssignment, by: User) -> None:
    """Withdraw, or refuse, what was asked for."""
    assignment.is_requested = False
    assignment.save(update_fields=["is_requested"])
    _log_role(assignment, by, "role-refuse", f"撤销{assignment.user.name}的角色申请")


@transaction.atomic
def deactivate(*, person: User, by: User, reason: str, sure: bool = False) -> None:
    """Switch an account off (停用): it cannot sign in, what was done stays. Raises :class:`LastHead` unless ``sure``."""
    person, _ = _kept(person, by)
    reason = reason.strip()
    if not reason:
        raise DetailsRefused({"reason": "请写明停用的原因"})
    if not person.is_active:
        return
    if not sure and (units := without_head(held_by(person))):
        raise LastHead(units)
    person.is_active = False
    person.save(update_fields=["is_active"])
    _log(by, person, "person-off", f"{by.name}停用{person.name}的账号：{reason}")


@transaction.atomic
def reactivate(*, person: User, by: User) -> None:
    """Switch an account on again (恢复); its password and roles are those it had."""
    person, _ = _kept(person, by)
    if person.is_active:
        return
    person.is_active = True
    person.save(update_fields=["is_active"])
    _log(by, person, "person-on", f"{by.name}恢复{person.name}的账号")


@transaction.atomic
def reset_password(*, person: User, by: User) -> Account:
    """A new one-time password in place of the old (重置密码), answered once and stored only hashed."""
    person, _ = _kept(person, by)
    if not person.is_active:
        raise AccountRefused("账号已停用，请先恢复再重置密码。")
    password = give_one_time_password(person)
    person.save(update_fields=["password", "must_change_password", "password_expires_at"])
    _log(by, person, "account.reset", f"{by.name}重置了{person.name}的密码")
    roles = list(held_by(person))
    titles = "、".join(dict.fromkeys(one.get_role_display() for one in roles))
    units = "、".join(dict.fromkeys(one.department.name for one in roles if one.department))
    return Account(person.username, person.name, titles, units, password)


@transaction.atomic
def reset_second_factor(*, person: User, by: User, reason: str) -> None:
    """Take the second step of signing in from an account whose telephone is lost (重置动态码验证), and end its sessions."""
    person, keeper = _kept(person, by, roles=True)
    if not keeper.resets_second_factor(person):
        raise PermissionDenied("没有重置动态码验证的权限；实行三员分立的区县由安全管理员办理")
    if not (reason := reason.strip()):
        raise DetailsRefused({"reason": "请写明重置的原因"})
    second_factor.reset(person=person, by=by, reason=reason)


@transaction.atomic
def hand_roles(*, person: User, to: User, by: User, sure: bool = False) -> list[RoleAssignment]:
    """Move every role of a person that ``by`` gives to another person (移交角色); what the other now holds of them.

    Roles that ``by`` may only ask for stay where they are: the other has to hold them already.
    """
    person, keeper = _kept(person, by)
    to, _ = _kept(to, by)
    if person.pk == to.pk:
        raise AccountRefused("接手人不能是本人。")
    if not to.is_active:
        raise AccountRefused(f"{to.name}的账号已停用，不能接手。")
    held = list(held_by(person).select_for_update(of=("self",), no_key=True))
    theirs = {(one.role, one.department_id, one.region_id) for one in held_by(to)}
    for one in held:
        key = (one.role, one.department_id, one.region_id)
        if keeper.asks_for(one) and not keeper.gives(one) and key not in theirs:
            told = f"{to.name}还不是{described(one)}"
            raise AccountRefused(f"{told}。本区县实行三员分立，请先申请并由安全管理员授予，再办理交接。")
    moving = [one for one in held if keeper.gives(one)]
    given = [_give(keeper, to, Role(one.role), one.department or one.region, again=True) for one in moving]
    if not sure and (units := without_head(moving)):
        raise LastHead(units)
    RoleAssignment.objects.filter(pk__in=[one.pk for one in moving]).update(is_active=False)
    return given


def _give(
    keeper: Keeper, person: User, role: Role, place: Department | Region, *, again: bool = False
) -> RoleAssignment:
    """Write one role. ``again``: holding it already is no error."""
    field_name = "department" if role in UNIT_ROLES else "region"
    if not isinstance(place, Department if role in UNIT_ROLES else Region):
        raise AccountRefused(f"{role.label}要指定{'单位' if role in UNIT_ROLES else '区县'}。")
    wanted = RoleAssignment(user=person, role=role, **{field_name: place})
    if not keeper.asks_for(wanted):
        raise PermissionDenied("没有授予这个角色的权限")
    if isinstance(place, Department) and not place.is_active:
        raise AccountRefused(f"“{place.name}”已停用，不能授予角色。")
    if complaint := separation.refusal(person=person, role=role):
        raise AccountRefused(f"{complaint}。")
    gives = keeper.gives(wanted)
    state = {"is_active": gives, "is_requested": not gives}
    held, made = RoleAssignment.objects.get_or_create(
        user=person, role=role, **{field_name: place}, defaults=state
    )
    if not made and held.is_active:
        if not again:
            raise AccountRefused(f"{person.name}已经是{described(held)}。")
        return held
    if not made and held.is_requested and not gives:
        raise AccountRefused(f"{person.name}的{described(held)}角色已在申请中，请等安全管理员授予。")
    if not made:
        held.is_active, held.is_requested = gives, not gives
        held.save(update_fields=["is_active", "is_requested"])
    return held


def _kept(person: User, by: User, *, roles: bool = False) -> tuple[User, Keeper]:
    """The account, locked, when ``by`` keeps it, or (``roles``) gives or asks for its roles."""
    keeper = Keeper.of(by)
    if person.pk == by.pk:
        raise AccountRefused("不能变更自己的账号和角色，请由其他管理员办理。")
    mine = keeper.kept() if roles else keeper.kept_accounts()
    found = mine.filter(pk=person.pk).select_for_update(no_key=True).first()
    if found is None:
        raise PermissionDenied("没有管理这个账号的权限")
    return found, keeper


def _set_details(person: User, details: dict[str, str]) -> dict[str, str]:
    """Put name, telephone and e-mail on an account; what is wrong with them, by field."""
    for name in DETAILS.keys() & details.keys():
        setattr(person, name, " ".join(details[name].split()))
    errors = {}
    if not person.name:
        errors["name"] = "请填写姓名"
    if person.phone and not re.fullmatch(r"[\d+()（）转\-\s]{5,30}", person.phone):
        errors["phone"] = "联系电话只写数字、短横线和分机，如 0734-8120000 转 3"
    try:
        person.clean_fields(exclude=["username", "password"])
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            errors.setdefault(name, "；".join(messages))
    return errors


def _log_role(assignment: RoleAssignment, by: User, event: str, did: str) -> None:
    """The entry about one role, under its unit or region."""
    record(
        event=event,
        sentence=f"{by.name}{did}：{described(assignment)}",
        by=by,
        **_of(assignment),
        data={"user": assignment.user_id, "role": assignment.role},
    )


def _of(assignment: RoleAssignment) -> dict[str, Department | Region]:
    """The place of an entry of the trail."""
    return {"department": assignment.department} if assignment.department else {"region": assignment.region}


def _log(by: User, person: User, event: str, sentence: str) -> None:
    first = (
        person.role_assignments.select_related("department__region", "region").order_by("-is_active").first()
    )
    record(event=event, sentence=sentence, by=by, **(_of(first) if first else {}), data={"user": person.pk})
