"""Passwords of accounts (账号和密码): one-time passwords that are handed out on paper, and their change at first sign-in.

A one-time password is shown once to the administrator and stored only hashed. Whoever signs in with it is led to
the page that changes it (:class:`evalsite.middleware.ChangePasswordFirstMiddleware`), and it runs out after a few days.
"""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher, make_password
from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from departments.choices import Role
from departments.models import Region, RoleAssignment, User
from departments.passwords import is_old, remember
from departments.services import record, record_of

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without signs that are taken for each other on paper."""
PASSWORD_LENGTH = 12
ITERATIONS = 20_000
"""Rounds of the hash of a one-time password: 59 random bits need no million rounds, and a list of hundreds of people must
be made within one request. Django hashes it anew with its full number of rounds at the first sign-in."""


@dataclass(frozen=True)
class Account:
    """An account with its one-time password, to be handed out."""

    username: str
    name: str
    role: str
    """Roles in Chinese, several with 、 between them."""
    department: str
    """Unit, empty for people of the bureau."""
    password: str


class AccountRefused(Exception):
    """Something about an account is not done; the message says why in Chinese."""


def give_one_time_password(user: User) -> str:
    """Put a new one-time password on an account without saving it, and answer the password."""
    password = random_text(PASSWORD_LENGTH)
    user.password = hashed_random(password)
    must_change(user)
    return password


def random_text(length: int) -> str:
    """Random signs that can be read from paper."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def hashed_random(text: str) -> str:
    """The hash of what was drawn by :func:`random_text`, with few rounds."""
    hasher = get_hasher("default")
    if isinstance(hasher, PBKDF2PasswordHasher):
        return hasher.encode(text, hasher.salt(), iterations=ITERATIONS)
    return make_password(text)


def must_change(user: User) -> None:
    """Mark the password of an account as one that its owner has to change (not saved)."""
    user.must_change_password = True
    user.password_expires_at = timezone.now() + datetime.timedelta(days=settings.ONE_TIME_PASSWORD_DAYS)


@transaction.atomic
def change_password(*, user: User, password: str) -> User:
    """Give an account the password that its owner chose (修改密码); a one-time password ends with it."""
    forced = "初始" if user.must_change_password else "过期的" if is_old(user) else ""
    remember(user)
    user.set_password(password)
    user.must_change_password, user.password_expires_at = False, None
    user.password_changed_at = timezone.now()
    user.save(
        update_fields=["password", "must_change_password", "password_expires_at", "password_changed_at"]
    )
    sentence = f"{user}按要求修改了自己的{forced}密码" if forced else f"{user}修改了自己的密码"
    record_of(user, event="account.password", sentence=sentence, by=user, data={"forced": bool(forced)})
    return user


@transaction.atomic
def change_contact(*, user: User, phone: str, email: str) -> bool:
    """Put telephone and e-mail that their owner typed on the account (我的账号); whether something changed."""
    was = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    changed = [
        label
        for label, old, new in (("联系电话", was.phone, phone), ("电子邮箱", was.email, email))
        if old != new
    ]
    if changed:
        user.phone, user.email = phone, email
        user.save(update_fields=["phone", "email"])
        record_of(user, event="account.contact", sentence=f"{user}修改了自己的{'和'.join(changed)}", by=user)
    return bool(changed)


def accounts_of(by: User, region: Region, *roles: Role) -> QuerySet[User]:
    """Accounts that this administrator keeps in a region (本区县的账号): a role there, none outside the administered regions, no
    technical staff. Nothing for whoever does not administer the region. ``roles`` name others than the administrator."""
    regions = by.access.regions(*(roles or [Role.ADMINISTRATOR]))
    if not by.is_active or region.pk not in regions:
        return User.objects.none()
    held = RoleAssignment.objects.filter(user=OuterRef("pk"))
    # Without the person: a reference to the outer row would mean the role inside the second query.
    kept = RoleAssignment.objects.filter(Q(region__in=regions) | Q(department__region__in=regions))
    return User.objects.filter(
        Exists(held.filter(Q(region=region) | Q(department__region=region))),
        ~Exists(held.exclude(pk__in=kept.values("pk"))),
        is_superuser=False,
        is_staff=False,
    )


@transaction.atomic
def hand_out_again(*, by: User, region: Region, chosen: Sequence[int]) -> list[Account]:
    """New one-time passwords for accounts of the region (重新发放初始密码), with what stands on their slips.

    Raises :class:`AccountRefused` when one of them is not this administrator's to keep.
    """
    wanted = set(chosen)
    if not wanted:
        raise AccountRefused("请先勾选要重新发放初始密码的账号。")
    roles = RoleAssignment.objects.filter(is_active=True).select_related("department")
    users = list(
        accounts_of(by, region)
        .filter(pk__in=wanted, is_active=True)
        .select_for_update(no_key=True)
        .prefetch_related(Prefetch("role_assignments", roles, to_attr="held"))
    )
    if len(users) != len(wanted):
        raise AccountRefused("勾选的账号里有不归您管理的或已变动的，没有发放任何密码，请刷新后重新勾选。")
    made = [_handed(user, region) for user in sorted(users, key=lambda user: user.username)]
    User.objects.bulk_update(
        users, ["password", "must_change_password", "password_expires_at"], batch_size=200
    )
    record(
        event="accounts.password",
        sentence=f"{by}给{len(made)}个账号重新发放了初始密码",
        by=by,
        region=region,
        data={"accounts": [account.username for account in made]},
    )
    return made


def _handed(user: User, region: Region) -> Account:
    roles = [
        role
        for role in user.held
        if role.region_id == region.pk or (role.department and role.department.region_id == region.pk)
    ]
    return Account(
        user.username,
        user.name,
        "、".join(dict.fromkeys(Role(role.role).label for role in roles)),
        "、".join(dict.fromkeys(role.department.name for role in roles if role.department)),
        give_one_time_password(user),
    )


def state_of(user: User) -> str:
    """What the administrator reads about an account's password."""
    if not user.is_active:
        return "已停用"
    if not user.must_change_password:
        return "已启用"
    if user.password_expires_at and user.password_expires_at <= timezone.now():
        return "初始密码已过期"
    return "尚未修改初始密码" if user.last_login else "尚未登录"
