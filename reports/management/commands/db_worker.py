"""``db_worker``: the background worker of django-tasks-db, which here also says that it lives and goes on where one died.

The application stands before ``django_tasks_db`` in INSTALLED_APPS, so that this command is the one that runs.
"""

from __future__ import annotations

import logging
import threading
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Command as WorkerCommand

from reports.exporting import lease, recovery, services
from reports.models import Worker

logger = logging.getLogger(__name__)


class Command(WorkerCommand):
    help = "Do the background tasks (bulk exports and other long work); start one beside the web server."

    def handle(self, *, worker_id: str, batch: bool, **options: Any) -> None:
        recovery.sweep()
        services.remove_stray_folders()
        if batch:
            super().handle(worker_id=worker_id, batch=batch, **options)
            return
        with SignOfLife(worker_id):
            super().handle(worker_id=worker_id, batch=batch, **options)


class SignOfLife:
    """A thread that reports the worker as alive and looks after what dead workers left."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._run, name="sign-of-life", daemon=True)

    def __enter__(self) -> SignOfLife:
        self.report()
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join(timeout=5)
        Worker.objects.filter(name=self.name).delete()

    def report(self) -> None:
        """Say that this worker lives."""
        seen = {"place": lease.place(), "seen_at": timezone.now()}
        Worker.objects.update_or_create(name=self.name, defaults=seen)

    def _run(self) -> None:
        while not self.over.wait(settings.WORKER_SILENCE_SECONDS / 6):
            try:
                self.report()
                recovery.sweep()
            except DatabaseError:
                logger.exception("the worker cannot reach the database; it tries again")
            finally:
                connection.close()
