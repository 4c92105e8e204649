"""What people do with a bulk export: order it, stop it, try the failures again, fetch it. Each act leaves an audit entry."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from departments.models import Department, User
from departments.services import record
from reports.choices import Status
from reports.exporting.files import KINDS
from reports.exporting.tasks import enqueue
from reports.models import ExportItem, ExportJob, ExportState, ItemState, Report, Round
from reports.models.exports import OPEN_STATES
from reports.querysets import ReportQuerySet
from reports.workflow import NotAllowed, Refused

FINDINGS = "findings"
KIND_LABELS = {key: kind.label for key, kind in KINDS.items()} | {FINDINGS: "核对结果清单"}
EXPORTABLE = tuple(status for status in Status if status != Status.CANCELLED)
MOST_OPEN = 3
"""So many exports a person may have under way at a time."""


def chosen_reports(
    *, round: Round, statuses: Sequence[str], main_department: Department | None, user: User
) -> ReportQuerySet:
    """The reports that a choice means for this person, by department."""
    found = Report.objects.visible_to(user).filter(round=round, status__in=statuses)
    if main_department:
        found = found.filter(
            Q(profile__department=main_department) | Q(profile__department__parent=main_department)
        )
    return found.order_by("profile__department__name", "pk")


@transaction.atomic
def order(
    *,
    round: Round,
    by: User,
    statuses: Sequence[str],
    kinds: Sequence[str],
    main_department: Department | None = None,
) -> ExportJob:
    """Order a bulk export; the same order given twice is one job. Raises :class:`NotAllowed` and :class:`Refused`."""
    by = User.objects.get(pk=by.pk)
    if not by.is_active or round.region_id not in by.access.read_regions:
        raise NotAllowed("没有“批量导出”的权限")
    round = (
        Round.objects.select_for_update(of=("self",), no_key=True).select_related("region").get(pk=round.pk)
    )
    statuses = [status for status in EXPORTABLE if status in statuses]
    kinds = [kind for kind in KIND_LABELS if kind in kinds]
    under_way = list(ExportJob.objects.filter(by=by, state__in=OPEN_STATES))
    for job in under_way:
        if (job.round_id, job.statuses, job.kinds, job.main_department_id) == (
            round.pk,
            statuses,
            kinds,
            main_department.pk if main_department else None,
        ):
            return job
    if len(under_way) >= MOST_OPEN:
        raise Refused(f"您已有{len(under_way)}个导出正在进行，请等其中一个完成或取消后再提交")
    reports = list(
        chosen_reports(round=round, statuses=statuses, main_department=main_department, user=by).values_list(
            "pk", flat=True
        )
    )
    if not reports or not kinds:
        raise Refused("所选范围内没有报告，请重新选择")
    job = ExportJob.objects.create(
        round=round, by=by, statuses=statuses, kinds=kinds, main_department=main_department
    )
    ExportItem.objects.bulk_create(ExportItem(job=job, report_id=report) for report in reports)
    _log(
        job, by, "export-order", f"{by.name}提交{job}（第{job.pk}号）：{describe(job)}，{len(reports)}份报告"
    )
    enqueue(job.pk)
    return job


def describe(job: ExportJob) -> str:
    """States, kinds and main department of a job in one line."""
    states = "、".join(Status(status).label for status in job.statuses)
    kinds = "、".join(KIND_LABELS[kind] for kind in job.kinds)
    where = f"，{job.main_department.name}及所属单位" if job.main_department else ""
    return f"{states}{where}；{kinds}"


@transaction.atomic
def cancel(*, job: ExportJob, by: User) -> ExportJob:
    """Stop an export and remove what it has written (取消导出). Raises :class:`NotAllowed` and :class:`Refused`."""
    job = _mine(job, by, "取消导出")
    if job.state == ExportState.CANCELLED:
        return job
    if not job.open:
        raise Refused(f"这次导出{job.get_state_display()}，不能再取消")
    job.state, job.finished_at = ExportState.CANCELLED, timezone.now()
    job.lease_owner, job.lease_until = "", None
    job.save(update_fields=["state", "finished_at", "lease_owner", "lease_until"])
    _log(job, by, "export-cancel", f"{by.name}取消{job}（第{job.pk}号）")
    transaction.on_commit(lambda: remove_files(job))
    return job


@transaction.atomic
def retry(*, job: ExportJob, by: User) -> ExportJob:
    """Try again what failed and pack anew (重试); what is done stays done. Raises as :func:`cancel`."""
    job = _mine(job, by, "重试导出")
    failed = job.items.filter(state=ItemState.FAILED)
    if job.open:
        return job
    if job.state not in (ExportState.DONE, ExportState.FAILED) or expired(job):
        raise Refused(f"这次导出{job.get_state_display()}，请重新提交导出")
    if job.state == ExportState.DONE and not failed.exists():
        raise Refused("这次导出没有失败的报告")
    failed.update(state=ItemState.WAITING, tries=0, files=[], facts={}, reason="", seconds=None, at=None)
    job.items.filter(state=ItemState.WAITING).update(tries=0)
    job.state, job.message, job.finished_at, job.expires_at = ExportState.QUEUED, "", None, None
    job.size, job.sha256 = 0, ""
    job.save(update_fields=["state", "message", "finished_at", "expires_at", "size", "sha256"])
    _log(job, by, "export-retry", f"{by.name}重试{job}（第{job.pk}号）中没有完成的报告")
    enqueue(job.pk)
    return job


@transaction.atomic
def fetch(*, job: ExportJob, by: User) -> Path:
    """The finished archive for a download, logged. Whoever may not read one of its reports does not get it.

    Raises :class:`NotAllowed` and :class:`Refused`.
    """
    job = _mine(job, by, "下载导出文件")
    if job.state == ExportState.REMOVED or expired(job):
        raise Refused("这份导出已过保留期并删除，请重新提交导出")
    if job.state != ExportState.DONE:
        raise Refused(f"这次导出{job.get_state_display()}，还不能下载")
    reports = job.items.exclude(files=[]).values("report")
    if (
        Report.objects.filter(pk__in=reports)
        .exclude(pk__in=Report.objects.visible_to(by).values("pk"))
        .exists()
    ):
        raise Refused("压缩包里有您无权查看的报告，请重新提交导出")
    if not job.archive.is_file():
        raise Refused("压缩包不在服务器上，请重新提交导出，并告诉系统管理员")
    _log(job, by, "export-download", f"{by.name}下载{job}（第{job.pk}号）的压缩包", sha256=job.sha256)
    return job.archive


def keep_days() -> int:
    """For how many days a finished archive is kept."""
    return settings.EXPORT_KEEP_DAYS


def expired(job: ExportJob) -> bool:
    """Whether the time for which the files are kept is over."""
    return job.expires_at is not None and job.expires_at <= timezone.now()


def remove_expired() -> int:
    """Remove the files of exports whose time is over, and folders that no job needs; how many exports it were."""
    removed = 0
    over = ExportJob.objects.filter(
        state__in=[ExportState.DONE, ExportState.FAILED], expires_at__lte=timezone.now()
    )
    for job in over:
        with transaction.atomic():
            if ExportJob.objects.filter(pk=job.pk, state=job.state, expires_at=job.expires_at).update(
                state=ExportState.REMOVED
            ):
                transaction.on_commit(lambda job=job: remove_files(job))
                removed += 1
    return removed


def remove_stray_folders() -> int:
    """Remove folders of jobs that are cancelled or over, left behind by a worker that died; how many."""
    root = Path(settings.EXPORT_DIR)
    if not root.is_dir():
        return 0
    closed = ExportJob.objects.filter(state__in=[ExportState.CANCELLED, ExportState.REMOVED])
    stray = [job for job in closed if job.folder.is_dir()]
    for job in stray:
        remove_files(job)
    return len(stray)


def remove_files(job: ExportJob) -> None:
    """Remove a job's folder with all that is in it."""
    shutil.rmtree(job.folder, ignore_errors=True)


def _mine(job: ExportJob, by: User, act: str) -> ExportJob:
    """The job anew and locked, if the person still sees it."""
    by = User.objects.get(pk=by.pk)
    if not ExportJob.objects.visible_to(by).filter(pk=job.pk).exists():
        raise NotAllowed(f"没有“{act}”的权限")
    return (
        ExportJob.objects.select_for_update(of=("self",), no_key=True)
        .select_related("round__region", "by")
        .get(pk=job.pk)
    )


def _log(job: ExportJob, by: User, event: str, sentence: str, **data: object) -> None:
    record(event=event, sentence=sentence, by=by, region=job.round.region, data={"export": job.pk, **data})
