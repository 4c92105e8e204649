"""Writing on the departments floor: the audit entry, the lock of a year, the notice on every page."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from departments.choices import Role
from departments.models import (
    AnnualProfile,
    AuditEntry,
    Banner,
    Department,
    Region,
    RoleAssignment,
    User,
)


def record(
    *,
    event: str,
    sentence: str,
    by: User | None,
    profile: AnnualProfile | None = None,
    department: Department | None = None,
    region: Region | None = None,
    data: dict[str, Any] | None = None,
) -> AuditEntry:
    """Write one audit entry (操作日志). Call it inside the transaction of the change that it tells of."""
    if profile is not None:
        department = profile.department
    if department is not None:
        region = department.region
    return AuditEntry.objects.create(
        event=event,
        sentence=sentence[:500],
        actor=by,
        actor_name=by.name if by else "系统",
        profile=profile,
        department=department,
        region=region,
        data=data or {},
    )


def record_of(
    user: User, *, event: str, sentence: str, by: User | None, data: dict[str, Any] | None = None
) -> AuditEntry:
    """Write an audit entry about an account, in the region of its first role."""
    role = user.role_assignments.select_related("region", "department__region").first()
    region = (role.region or role.department.region) if role else None
    return record(event=event, sentence=sentence, by=by, region=region, data=data)


@transaction.atomic
def set_banner(
    *, region: Region, by: User, text: str, starts: datetime.datetime, ends: datetime.datetime
) -> Banner:
    """Show a notice on every page of the region's people and before signing in (维护公告); it replaces an earlier one.

    Raises :class:`~django.core.exceptions.PermissionDenied` for everyone but the region's administrator.
    """
    _require_administrator(by, region)
    banner, _ = Banner.objects.update_or_create(
        region=region, defaults={"text": text, "starts": starts, "ends": ends, "by": by}
    )
    times = [f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" for moment in (starts, ends)]
    record(
        event="banner-set",
        sentence=f"{by.name}发布维护公告（{times[0]}至{times[1]}）：{text}",
        by=by,
        region=region,
    )
    return banner


@transaction.atomic
def remove_banner(*, region: Region, by: User) -> bool:
    """Take the region's notice down (撤下公告); whether there was one. Raises ``PermissionDenied`` likewise."""
    _require_administrator(by, region)
    banner = Banner.objects.filter(region=region).first()
    if banner is None:
        return False
    banner.delete()
    record(event="banner-remove", sentence=f"{by.name}撤下维护公告：{banner.text}", by=by, region=region)
    return True


def _require_administrator(by: User, region: Region) -> None:
    held = RoleAssignment.objects.filter(
        user=by, role=Role.ADMINISTRATOR, region=region, is_active=True, user__is_active=True
    )
    if not held.exists():
        raise PermissionDenied("没有“发布维护公告”的权限")


def lock_year(profile: AnnualProfile) -> None:
    """Lock a year's facts. Must run inside a transaction that also changes the report's state."""
    _require_transaction()
    AnnualProfile.objects.filter(pk=profile.pk, locked_at=None).update(locked_at=timezone.now())


def unlock_year(profile: AnnualProfile) -> None:
    """Open a year's facts again; the database allows it only when the report's state does."""
    _require_transaction()
    AnnualProfile.objects.filter(pk=profile.pk).exclude(locked_at=None).update(locked_at=None)


def _require_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("the lock of a year changes only inside a transaction")
