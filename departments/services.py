"""Writing on the departments floor: the audit entry, the lock of a year."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from departments.models import AnnualProfile, AuditEntry, Department, Region, User


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
