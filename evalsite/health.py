"""Whether the site lives and whether it can serve: for a load balancer, systemd or a monitoring program.

Without sign-in and without secrets: an answer names a part and says ``ok`` or ``failed``; why stands in the log.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from departments import locks
from reports.models import Worker

logger = logging.getLogger(__name__)
LEAST_FREE = 200 * 1024 * 1024
"""Bytes that a disk must have left: several times the largest upload."""


class NotReady(Exception):
    """A part of the site cannot do its work."""


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when pages can be served, 503 when not. Without a worker pages work and exports wait: ``degraded``, 200."""
    parts = {name: _outcome(name, check) for name, check in CHECKS.items()}
    broken = [name for name, outcome in parts.items() if outcome != "ok"]
    status = "ok" if not broken else "degraded" if broken == ["worker"] else "failed"
    return JsonResponse({"status": status, "checks": parts}, status=503 if status == "failed" else 200)


def _outcome(name: str, check: Callable[[], None]) -> str:
    try:
        check()
    except Exception as error:
        logger.warning("not ready: %s: %s", name, error)
        return "failed"
    return "ok"


def check_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def check_migrations() -> None:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        raise NotReady(f"{len(waiting)} migrations are not applied")


def check_guards() -> None:
    missing = set(locks.expected_names(connection)) - set(locks.installed_names(connection))
    if missing:
        raise NotReady(f"{len(missing)} guards are missing, for instance {min(missing)}")


def check_disk() -> None:
    for folder in {Path(settings.MEDIA_ROOT), Path(settings.EXPORT_DIR)}:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
        if shutil.disk_usage(folder).free < LEAST_FREE:
            raise NotReady(f"less than {LEAST_FREE >> 20} MB left for {folder}")


def check_worker() -> None:
    if not Worker.alive():
        raise NotReady("no background worker gave a sign of life")


CHECKS: dict[str, Callable[[], None]] = {
    "database": check_database,
    "migrations": check_migrations,
    "guards": check_guards,
    "disk": check_disk,
    "worker": check_worker,
}
