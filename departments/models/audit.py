"""The audit trail (操作日志): append-only, one Chinese sentence an entry, written by services in the same transaction."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from departments.models.organisation import Department, Region
from departments.models.year import AnnualProfile
from departments.querysets import AuditQuerySet


class AuditEntry(models.Model):
    """One thing that somebody did. The database refuses update and delete (:mod:`departments.locks`)."""

    at = models.DateTimeField("时间", auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="操作人"
    )
    actor_name = models.CharField("操作人姓名", max_length=50)
    event = models.CharField("事件", max_length=40)
    sentence = models.CharField("内容", max_length=500)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="区县"
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="单位"
    )
    profile = models.ForeignKey(
        AnnualProfile, on_delete=models.PROTECT, null=True, related_name="audit_entries", verbose_name="年度"
    )
    data = models.JSONField("明细", default=dict)

    append_only = True

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "操作日志"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=("profile", "-id"), name="audit_of_a_year"),
            models.Index(fields=("region", "-at", "-id"), name="audit_of_a_region_by_time"),
        ]

    def __str__(self) -> str:
        return self.sentence


class AuditSeal(models.Model):
    """A batch of audit entries under one digest that also covers the batch before it (:mod:`departments.sealing`)."""

    first = models.BigIntegerField("首条编号")
    last = models.BigIntegerField("末条编号", unique=True)
    entries = models.PositiveIntegerField("条数")
    digest = models.CharField("封存指纹", max_length=64)
    previous = models.CharField("上一批的指纹", max_length=64, unique=True)
    at = models.DateTimeField("封存时间", auto_now_add=True)

    append_only = True

    class Meta:
        verbose_name = verbose_name_plural = "日志封存"
        ordering = ["-last"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(first__lte=models.F("last"), entries__gt=0),
                name="seal_covers_entries",
                violation_error_message="一批封存至少有一条日志，首条编号不大于末条编号",
            )
        ]

    def __str__(self) -> str:
        return f"{self.first}至{self.last}：{self.digest[:8]}"
