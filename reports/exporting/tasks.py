"""The background task of a bulk export."""

from __future__ import annotations

from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult


@task()
def export_turn(job: int) -> str:
    """Work on a job for a while; what is left goes to the end of the queue, so that other tasks have their turn."""
    from reports.exporting import work  # the work needs the acts, and they put jobs into the queue

    outcome = work.turn(job)
    if outcome == work.MORE:
        enqueue(job)
    return outcome


def enqueue(job: int) -> None:
    """Put a job into the queue, once."""
    if not waits(job):
        export_turn.enqueue(job)


def waits(job: int, *, running: bool = False) -> bool:
    """Whether a turn of the job is in the queue (or, with ``running``, being worked on)."""
    states = [TaskResultStatus.READY, *([TaskResultStatus.RUNNING] if running else [])]
    rows = DBTaskResult.objects.filter(task_path=export_turn.module_path, status__in=states)
    return any(row["args"] == [job] for row in rows.values_list("args_kwargs", flat=True))
