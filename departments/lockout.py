"""Accounts that are locked after wrong passwords (登录暂停): until when, and unlocking by who is in charge."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max, QuerySet, Sum
from django.utils import timezone

from departments.accounts import accounts_of
from departments.choices import Role
from departments.models import AuditEntry, Region, User
from departments.services import record, record_of

KEEPERS = (Role.ADMINISTRATOR, Role.SECURITY)


@dataclass(frozen=True)
class Locked:
    """A locked account."""

    user: User
    address: str
    """From where the wrong passwords came; elsewhere the account can still be used."""
    failures: int
    until: datetime.datetime


def pause() -> datetime.timedelta:
    """How long an account stays locked."""
    return datetime.timedelta(hours=settings.AXES_COOLOFF_TIME)


def locked_until(username: str, address: str) -> datetime.datetime | None:
    """Until when that name is locked for that address; nothing if it is not."""
    found = _locking().filter(username=username, ip_address=address or None).first()
    return found["last"] + pause() if found else None


def locked_accounts(by: User, region: Region) -> list[Locked]:
    """Accounts of the region that are locked now, of those that this person keeps or secures; one line for each address."""
    attempts = list(_locking())
    names = {attempt["username"] for attempt in attempts}
    users = {user.username: user for user in accounts_of(by, region, *KEEPERS).filter(username__in=names)}
    return [
        Locked(
            users[attempt["username"]],
            attempt["ip_address"] or "",
            attempt["failures"],
            attempt["last"] + pause(),
        )
        for attempt in attempts
        if attempt["username"] in users
    ]


def may_unlock(by: User, region: Region) -> bool:
    """Whether this person unlocks accounts of the region: its security officer, and its administrator unless 三员分立 is set."""
    access = by.access
    return region.pk in access.secured_regions or (
        region.pk in access.administered_regions and not region.officers_apart
    )


@transaction.atomic
def unlock(*, user: User, region: Region, by: User) -> bool:
    """Let a locked person try again at once (解除登录暂停); whether it was locked.

    Raises :class:`~django.core.exceptions.PermissionDenied` when the account is not this administrator's to keep, or the own one.
    """
    if not may_unlock(by, region):
        raise PermissionDenied("本区县实行三员分立，请由安全管理员解除")
    if user.pk == by.pk or not accounts_of(by, region, *KEEPERS).filter(pk=user.pk).exists():
        raise PermissionDenied("没有管理这个账号的权限")
    count, _ = AccessAttempt.objects.filter(username=user.username).delete()
    if count:
        record(
            event="account.unlock",
            sentence=f"{by}解除了{user}（{user.username}）的登录暂停",
            by=by,
            region=region,
            data={"user": user.pk},
        )
    return bool(count)


def tell_of_lock(username: str, address: str) -> None:
    """Write one audit entry for an account that is locked now; further tries within its pause add none."""
    user = User.objects.filter(username=username).first()
    recent = AuditEntry.objects.filter(event="account.locked", at__gt=timezone.now() - pause())
    if user is None or recent.filter(data__user=user.pk, data__address=address).exists():
        return
    record_of(
        user,
        event="account.locked",
        sentence=f"{user}（{username}）连续输错密码，从{address}登录暂停",
        by=None,
        data={"user": user.pk, "address": address},
    )


def _locking() -> QuerySet[AccessAttempt, dict[str, Any]]:
    """Names and addresses that are locked, counted as django-axes counts them: whatever program was used."""
    recent = AccessAttempt.objects.filter(attempt_time__gt=timezone.now() - pause())
    counted = recent.values("username", "ip_address").annotate(
        failures=Sum("failures_since_start"), last=Max("attempt_time")
    )
    return counted.filter(failures__gte=settings.AXES_FAILURE_LIMIT).order_by("username", "ip_address")
