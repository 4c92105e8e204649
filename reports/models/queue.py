"""What a person keeps for the work at the queue: saved filters, steps on many reports, who is looking just now."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from reports.models.report import Report
from reports.querysets import OwnQuerySet, ReportScoped, RunQuerySet, RunScoped


class SavedView(models.Model):
    """A filter of the queue that a person keeps under a name (保存的筛选)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views", verbose_name="账号"
    )
    name = models.CharField("名称", max_length=20)
    query = models.CharField("筛选条件", max_length=1000, blank=True)
    is_default = models.BooleanField("打开队列时使用", default=False)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "保存的筛选"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=("user", "name"),
                name="saved_view_name_once",
                violation_error_message="您已保存过同名的筛选",
            ),
            models.UniqueConstraint(
                fields=("user",),
                condition=Q(is_default=True),
                name="one_default_view",
                violation_error_message="打开队列时使用的筛选只能有一个",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BulkRun(models.Model):
    """One act on many reports (批量办理): each row is a transaction of its own and is done once, whoever does it."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bulk_runs", verbose_name="办理人"
    )
    act = models.CharField("办理事项", max_length=30)
    params = models.JSONField("内容", default=dict)
    created_at = models.DateTimeField("提交时间", auto_now_add=True)
    beat_at = models.DateTimeField("最近进展", auto_now_add=True)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "批量办理"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.act} {self.created_at:%Y-%m-%d %H:%M}"


class BulkRow(models.Model):
    """One report of a bulk run and how it went."""

    class State(models.TextChoices):
        """``WAITING`` until the row's own transaction has ended."""

        WAITING = "waiting", "等待办理"
        DONE = "done", "已办理"
        REFUSED = "refused", "未办理"

    run = models.ForeignKey(BulkRun, on_delete=models.CASCADE, related_name="rows", verbose_name="批量办理")
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="+", verbose_name="报告")
    position = models.PositiveIntegerField("顺序")
    state = models.CharField("结果", max_length=10, choices=State.choices, default=State.WAITING)
    text = models.CharField("说明", max_length=500, blank=True)

    objects = RunScoped.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "批量办理明细"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=("run", "report"),
                name="one_row_a_report_and_run",
                violation_error_message="这份报告已在本次批量办理中",
            )
        ]
        indexes = [models.Index(fields=("run", "state", "position"), name="bulk_row_next")]

    def __str__(self) -> str:
        return f"{self.report} {self.get_state_display()}"


class Presence(models.Model):
    """Who has a report's page open (正在查看); a row that is not renewed no longer counts."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="+", verbose_name="报告")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name="账号"
    )
    seen_at = models.DateTimeField("最近查看")

    objects = ReportScoped.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "正在查看"
        constraints = [
            models.UniqueConstraint(
                fields=("report", "user"),
                name="present_once_a_report",
                violation_error_message="此人已记为正在查看这份报告",
            )
        ]
        indexes = [models.Index(fields=("seen_at",), name="presence_seen")]

    def __str__(self) -> str:
        return f"{self.user} {self.report}"
