"""What the page of a bulk export shows: counts as they are in the database at that moment, and the time that is left."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import mean

from django.db.models import Count

from reports.exporting.services import FINDINGS
from reports.models import ExportJob, ExportState, ItemState, Worker

LOOKED_AT = 30
"""The time that is left is reckoned from so many reports done last."""
ENOUGH = 3


@dataclass(frozen=True)
class Progress:
    """Figures of one job."""

    total: int
    done: int
    failed: int
    waiting: int
    files_each: int
    seconds_left: int | None
    packing: bool
    worker_alive: bool
    ahead: int
    """Jobs that were ordered earlier and are not finished."""

    @property
    def finished(self) -> int:
        return self.done + self.failed

    @property
    def percent(self) -> int:
        """Whole percent of the reports, rounded down: 100 only when every one is dealt with."""
        return self.finished * 100 // self.total if self.total else 0

    @property
    def left(self) -> str:
        """The time that is left as people say it."""
        if self.seconds_left is None:
            return ""
        if self.seconds_left < 60:
            return "不到1分钟"
        return f"约{-(-self.seconds_left // 60)}分钟"


def progress_of(job: ExportJob) -> Progress:
    """Figures of a job in a fixed number of queries."""
    counts = dict(job.items.values_list("state").annotate(number=Count("pk")).order_by())
    waiting = counts.get(ItemState.WAITING, 0)
    last = job.items.exclude(state=ItemState.WAITING).filter(seconds__gt=0).order_by("-at")
    times = list(last.values_list("seconds", flat=True)[:LOOKED_AT]) if job.open else []
    ahead = ExportJob.objects.filter(state__in=[ExportState.QUEUED, ExportState.RUNNING], pk__lt=job.pk)
    return Progress(
        total=sum(counts.values()),
        done=counts.get(ItemState.DONE, 0),
        failed=counts.get(ItemState.FAILED, 0),
        waiting=waiting,
        files_each=sum(kind != FINDINGS for kind in job.kinds),
        seconds_left=round(mean(times) * waiting) + 1 if len(times) >= ENOUGH else None,
        packing=job.state == ExportState.RUNNING and waiting == 0,
        worker_alive=Worker.alive() if job.open else True,
        ahead=ahead.count() if job.state == ExportState.QUEUED else 0,
    )
