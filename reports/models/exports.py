"""Bulk exports of a round (批量导出): the job, its reports one by one, and the workers that are alive."""

from __future__ import annotations

import datetime
import uuid
from pathlib import Path
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone

from departments.choices import Role
from departments.models import Department, User
from reports.models.report import Report, Round


class ExportState(models.TextChoices):
    """Where a bulk export stands."""

    QUEUED = "queued", "等待导出"
    RUNNING = "running", "正在导出"
    DONE = "done", "已完成"
    FAILED = "failed", "没有完成"
    CANCELLED = "cancelled", "已取消"
    REMOVED = "removed", "已过期删除"


OPEN_STATES = (ExportState.QUEUED, ExportState.RUNNING)


class ItemState(models.TextChoices):
    """Where one report of a bulk export stands."""

    WAITING = "waiting", "等待"
    DONE = "done", "已导出"
    FAILED = "failed", "失败"


class ExportQuerySet(models.QuerySet):
    """Jobs: one's own while one still reads the region, and all of the region for its round manager."""

    def visible_to(self, user: User) -> Self:
        if not (user.is_authenticated and user.is_active):
            return self.none()
        own = Q(by=user, round__region__in=user.access.read_regions)
        return self.filter(own | Q(round__region__in=user.access.regions(Role.ROUND_MANAGER)))

    def with_counts(self) -> Self:
        """Each job with how many of its reports are done, failed and waiting."""
        return self.annotate(
            **{state: Count("items", filter=Q(items__state=state)) for state in ItemState.values},
            total=Count("items"),
        )


class ExportItemQuerySet(models.QuerySet):
    """Reports of a job, for whoever sees the job."""

    def visible_to(self, user: User) -> Self:
        return self.filter(job__in=ExportJob.objects.visible_to(user))


class ExportJob(models.Model):
    """One order to write a round's reports into one archive.

    ``lease_owner`` and ``lease_until`` say which worker has it and until when it need not give a sign of life; both
    change by conditional UPDATE only (:mod:`reports.exporting.lease`).
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(
        Round, on_delete=models.PROTECT, related_name="exports", verbose_name="自评任务"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="exports", verbose_name="导出人"
    )
    statuses = models.JSONField("报告状态")
    kinds = models.JSONField("文件种类")
    main_department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="主管部门"
    )
    state = models.CharField("状态", max_length=12, choices=ExportState.choices, default=ExportState.QUEUED)
    message = models.CharField("没有完成的原因", max_length=300, blank=True)
    created_at = models.DateTimeField("提交时间", auto_now_add=True)
    finished_at = models.DateTimeField("完成时间", null=True)
    expires_at = models.DateTimeField("保留到", null=True)
    lease_owner = models.CharField("占用的后台程序", max_length=120, blank=True)
    lease_until = models.DateTimeField("占用到", null=True)
    turns = models.PositiveIntegerField("接续次数", default=0)
    size = models.PositiveBigIntegerField("压缩包字节数", default=0)
    sha256 = models.CharField("压缩包校验值", max_length=64, blank=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "批量导出"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=("state", "lease_until"), name="export_to_revive"),
            models.Index(fields=("by", "-id"), name="export_of_a_person"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ExportState.values),
                name="export_state_known",
                violation_error_message="未知的导出状态",
            )
        ]

    def __str__(self) -> str:
        return f"{self.round}批量导出"

    @property
    def open(self) -> bool:
        """Whether it is still being worked on, or waits for it."""
        return self.state in OPEN_STATES

    @property
    def folder(self) -> Path:
        """Where its files lie; nothing else does."""
        return Path(settings.EXPORT_DIR) / str(self.uid)

    @property
    def archive(self) -> Path:
        return self.folder / "archive.zip"

    @property
    def file_name(self) -> str:
        """What the download is called."""
        return f"{self.round.region.name}{self.round.year}年度绩效自评报告-{self.created_at:%Y%m%d}-{self.pk}.zip"


class ExportItem(models.Model):
    """One report of a job: its files as they lie in the job's folder, or why there are none."""

    job = models.ForeignKey(ExportJob, on_delete=models.CASCADE, related_name="items", verbose_name="导出")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+", verbose_name="报告")
    state = models.CharField("状态", max_length=10, choices=ItemState.choices, default=ItemState.WAITING)
    tries = models.PositiveSmallIntegerField("开始次数", default=0)
    files = models.JSONField("文件", default=list)
    facts = models.JSONField("目录内容", default=dict)
    reason = models.CharField("失败原因", max_length=300, blank=True)
    seconds = models.FloatField("用时（秒）", null=True)
    at = models.DateTimeField("完成时间", null=True)

    objects = ExportItemQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "批量导出的报告"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=("job", "report"),
                name="one_item_a_report",
                violation_error_message="这份报告已在本次导出中",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ItemState.values),
                name="export_item_state_known",
                violation_error_message="未知的导出状态",
            ),
        ]
        indexes = [models.Index(fields=("job", "state", "id"), name="export_next_item")]

    def __str__(self) -> str:
        return f"{self.job} {self.report}"


class Worker(models.Model):
    """A background worker's sign of life (后台程序); written every few seconds while it runs."""

    name = models.CharField("名称", max_length=64, unique=True)
    place = models.CharField("主机和进程", max_length=120)
    started_at = models.DateTimeField("启动时间", default=timezone.now)
    seen_at = models.DateTimeField("最近一次报到", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "后台程序"
        ordering = ["-seen_at"]

    def __str__(self) -> str:
        return self.place

    @classmethod
    def alive(cls) -> bool:
        """Whether some worker gave a sign of life lately."""
        since = timezone.now() - datetime.timedelta(seconds=settings.WORKER_SILENCE_SECONDS)
        return cls.objects.filter(seen_at__gte=since).exists()
