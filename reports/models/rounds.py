"""What the round's manager leaves behind: reminders sent, and the stamped scans that units hand in."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from reports.models.report import Report
from reports.models.review import Submission
from reports.querysets import ReportScoped


class Reminder(models.Model):
    """One reminder (催报) to the people of a unit that still owed its report. ``by`` is empty for an automatic one."""

    report = models.ForeignKey(
        Report, on_delete=models.PROTECT, related_name="reminders", verbose_name="报告"
    )
    day = models.DateField("日期")
    text = models.CharField("内容", max_length=400)
    people = models.PositiveSmallIntegerField("通知人数")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="催报人",
    )
    at = models.DateTimeField("时间", auto_now_add=True)

    append_only = True

    objects = ReportScoped.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "催报"
        ordering = ["-id"]
        indexes = [models.Index(fields=("report", "-day"), name="reminders_of_a_report")]

    def __str__(self) -> str:
        return f"{self.report} {self.day}"


def scan_path(scan: StampedScan, filename: str) -> str:
    """Name of our making below the report's folder; the uploaded name is kept in the row only."""
    return f"scans/{scan.report_id}/{scan.sha256}"


class StampedScan(models.Model):
    """盖章扫描件: the certified report, signed, stamped and scanned, bound to the certified dossier.

    It counts for one certification only: whatever voids that one sets ``voided_at``, even if the data stay the same.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="scans", verbose_name="报告")
    dossier_sha256 = models.CharField("所对应的数据指纹", max_length=64)
    submission = models.ForeignKey(
        Submission,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="scans",
        verbose_name="报送版本",
    )
    name = models.CharField("文件名", max_length=200)
    file = models.FileField("文件", upload_to=scan_path, max_length=200)
    size = models.PositiveBigIntegerField("大小（字节）")
    sha256 = models.CharField("校验值", max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="上传人"
    )
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)
    voided_at = models.DateTimeField("作废时间", null=True, blank=True)

    objects = ReportScoped.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "盖章扫描件"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=("report",),
                condition=Q(voided_at__isnull=True),
                name="one_valid_scan_a_report",
                violation_error_message="这份报告已有一份有效的盖章扫描件",
            )
        ]

    def __str__(self) -> str:
        return self.name
