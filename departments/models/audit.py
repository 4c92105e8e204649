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
            models.Index(fields=("region", "-id"), name="audit_of_a_region"),
        ]

    def __str__(self) -> str:
        return self.sentence
