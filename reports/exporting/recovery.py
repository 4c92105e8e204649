"""Going on after a worker died: its task is closed, its export goes back into the queue, what has expired is removed.

Run at the start of every worker, every few seconds while it runs, and by the page of an export while somebody watches it.
"""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from reports.exporting import lease, services
from reports.exporting.tasks import enqueue, waits
from reports.models import ExportJob, ExportState, Worker

LONGEST_TASK = datetime.timedelta(days=1)
"""After so long a running task of an unknown worker is taken for dead."""


class WorkerGone(Exception):
    """The worker of a task ended without finishing it."""


def sweep() -> None:
    """Everything that has to be put right."""
    close_abandoned_tasks()
    for job in ExportJob.objects.filter(state__in=[ExportState.QUEUED, ExportState.RUNNING]):
        revive(job)
    services.remove_expired()
    Worker.objects.filter(seen_at__lt=timezone.now() - LONGEST_TASK).delete()


def close_abandoned_tasks() -> int:
    """Mark as failed what a dead worker left running; the library itself leaves it so for ever."""
    silent_since = timezone.now() - datetime.timedelta(seconds=settings.WORKER_SILENCE_SECONDS)
    workers = {worker.name: worker for worker in Worker.objects.all()}
    closed = 0
    for row in DBTaskResult.objects.running():
        worker = workers.get(row.worker_ids[-1]) if row.worker_ids else None
        if worker is None:
            dead = row.started_at is None or row.started_at < timezone.now() - LONGEST_TASK
        else:
            dead = worker.seen_at < silent_since or lease.is_gone(worker.place)
        if dead:
            row.set_failed(WorkerGone("the worker ended without finishing the task"))
            closed += 1
    return closed


def revive(job: ExportJob) -> bool:
    """Put an export whose worker died, or that fell out of the queue, back into the queue; whether that was needed."""
    with transaction.atomic():
        if job.state == ExportState.RUNNING:
            if not _abandoned(job):
                return False
            # Nothing but the very lease that was looked at: a worker may have given a sign of life in between.
            seen = Q(lease_owner=job.lease_owner, lease_until=job.lease_until)
            if not ExportJob.objects.filter(seen, pk=job.pk, state=ExportState.RUNNING).update(
                state=ExportState.QUEUED, lease_owner="", lease_until=None
            ):
                return False
        elif job.state != ExportState.QUEUED or waits(job.pk, running=True):
            return False
        enqueue(job.pk)
        return True


def _abandoned(job: ExportJob) -> bool:
    return job.lease_until is None or job.lease_until < timezone.now() or lease.is_gone(job.lease_owner)
