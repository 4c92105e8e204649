"""The seal of the audit trail (操作日志封存): batches of entries under digests that hang on one another.

The triggers refuse changes through the application's database role. Whoever owns the database can drop them, and the
chain is what shows it then: each :class:`~departments.models.AuditSeal` holds the SHA-256 of the digest before it and of every
entry of its batch, so that one changed, added or removed entry breaks its batch and all later ones. The newest digest,
kept outside the database (printed, mailed, on another machine), also shows a chain that was made anew as a whole.

Sealing runs from a timer, never while a page is saved.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC

from django.db import connections, router, transaction
from django.db.models import Max

from departments.models import AuditEntry, AuditSeal

BATCH = 10_000
"""Entries under one seal."""

GENESIS = "0" * 64
"""What the first seal has before it."""


@dataclass(frozen=True)
class Verdict:
    """What a look at the whole chain found."""

    seals: int
    entries: int
    unsealed: int
    """Entries written since the newest seal."""
    digest: str
    """Of the newest sound seal; :data:`GENESIS` when there is none."""
    broken: AuditSeal | None = None
    """The first batch that does not hold."""
    complaint: str = ""
    """Chinese; empty when everything holds."""


def seal(batch: int = BATCH) -> list[AuditSeal]:
    """Seal all entries written so far, in batches; returns the new seals, oldest first.

    Two runs at the same time do no harm: the second one finds ``previous`` taken and raises
    :class:`~django.db.IntegrityError`.
    """
    last_entry = _newest_settled()
    newest = AuditSeal.objects.first()
    last, digest = (newest.last, newest.digest) if newest else (0, GENESIS)
    made = []
    while found := list(AuditEntry.objects.filter(pk__gt=last, pk__lte=last_entry).order_by("pk")[:batch]):
        made.append(
            AuditSeal.objects.create(
                first=found[0].pk,
                last=found[-1].pk,
                entries=len(found),
                previous=digest,
                digest=_digest(digest, found),
            )
        )
        last, digest = made[-1].last, made[-1].digest
    return made


def verify(expected: str = "") -> Verdict:
    """Recompute the whole chain. ``expected`` is a digest kept outside; it must be one of the chain's."""
    digest, after, seals, entries, known = GENESIS, 0, 0, 0, set()
    for item in AuditSeal.objects.order_by("last").iterator():
        found = list(AuditEntry.objects.filter(pk__gt=after, pk__lte=item.last).order_by("pk"))
        if complaint := _complaint(item, found, digest):
            return Verdict(seals, entries, _count_after(after), digest, item, complaint)
        digest, after = item.digest, item.last
        seals, entries = seals + 1, entries + len(found)
        known.add(digest)
    complaint = ""
    if expected and expected.lower() not in known:
        complaint = f"链上没有另行保存的指纹{expected}：封存记录被整体改写过，或者指纹抄错"
    return Verdict(seals, entries, _count_after(after), digest, None, complaint)


def _complaint(item: AuditSeal, found: list[AuditEntry], previous: str) -> str:
    batch = f"第{item.first}至{item.last}号日志"
    if item.previous != previous:
        return f"{batch}的封存没有接在上一批之后：中间有封存记录被删除或改动"
    if len(found) != item.entries:
        return f"{batch}封存时有{item.entries}条，现在有{len(found)}条：有日志被删除或插入"
    if _digest(previous, found) != item.digest:
        return f"{batch}的内容与封存时不一致：有日志被改动"
    return ""


def _digest(previous: str, entries: list[AuditEntry]) -> str:
    found = hashlib.sha256(previous.encode())
    for line in _lines(entries):
        found.update(line)
    return found.hexdigest()


def _lines(entries: list[AuditEntry]) -> Iterator[bytes]:
    for entry in entries:
        fields = {
            field.attname: getattr(entry, field.attname)
            for field in AuditEntry._meta.concrete_fields
            if field.name != "at"
        }
        fields["at"] = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
        yield json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _newest_settled() -> int:
    """The newest entry below which none can still appear.

    On PostgreSQL a number is given out before its row is committed: the table lock waits for those under way. SQLite
    has one writer at a time.
    """
    alias = router.db_for_write(AuditEntry)
    with transaction.atomic(using=alias):
        if connections[alias].vendor == "postgresql":
            with connections[alias].cursor() as cursor:
                cursor.execute(f'LOCK TABLE "{AuditEntry._meta.db_table}" IN SHARE MODE')
        return AuditEntry.objects.aggregate(newest=Max("pk"))["newest"] or 0


def _count_after(last: int) -> int:
    return AuditEntry.objects.filter(pk__gt=last).count()
