"""One worker at a time has a job: a lease with an end, taken, kept and given back by conditional UPDATE.

The database decides who wins, on SQLite and PostgreSQL alike; a worker that lost its lease finds out at its next write
and writes nothing more.
"""

from __future__ import annotations

import datetime
import os
import secrets
import socket
from pathlib import Path

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from reports.models import ExportJob, ExportState
from reports.models.exports import OPEN_STATES


class LeaseLost(Exception):
    """The job was cancelled, or another worker has it."""


def take(job: int, owner: str) -> bool:
    """Take a job that nobody has; whether it worked."""
    now = timezone.now()
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    taken = ExportJob.objects.filter(free, pk=job, state__in=OPEN_STATES).update(
        state=ExportState.RUNNING, lease_owner=owner, lease_until=_end(now), turns=F("turns") + 1
    )
    return taken == 1


def keep(job: int, owner: str) -> None:
    """Say that the work goes on. Raises :class:`LeaseLost`."""
    if not _held(job, owner).update(lease_until=_end(timezone.now())):
        raise LeaseLost


def end(job: int, owner: str, **fields: object) -> None:
    """Give a job back with these fields changed. Raises :class:`LeaseLost`."""
    if not _held(job, owner).update(lease_owner="", lease_until=None, **fields):
        raise LeaseLost


def _held(job: int, owner: str):
    return ExportJob.objects.filter(pk=job, lease_owner=owner, state=ExportState.RUNNING)


def _end(now: datetime.datetime) -> datetime.datetime:
    return now + datetime.timedelta(seconds=settings.WORKER_SILENCE_SECONDS)


# ------------------------------------------------------------------ processes


def place() -> str:
    """Host, process and the process's start: what tells a living worker from a dead one."""
    return f"{socket.gethostname()}/{os.getpid()}/{_started(os.getpid())}"


def new_owner() -> str:
    """A name for one turn of this process; no two are equal."""
    return f"{place()}/{secrets.token_hex(4)}"


def is_gone(where: str) -> bool:
    """Whether that process ran on this host and has ended; ``False`` where that cannot be told."""
    host, process, started = [*where.split("/"), "", "", ""][:3]
    if host != socket.gethostname() or not process.isdecimal() or not started:
        return False
    return _started(int(process)) != started


def _started(process: int) -> str:
    """When a process began, in the kernel's ticks; empty where it is not running or the system does not say."""
    try:
        stated = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return ""
    state, *rest = stated.rpartition(")")[2].split()
    return "" if state in ("Z", "X") else rest[18]
