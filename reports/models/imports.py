"""What a file says, kept between its preview and the decision what to take in; never the file itself."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from departments.models import AnnualProfile
from departments.querysets import ProfileScoped


class Import(models.Model):
    """One file read for one year's report (导入)."""

    profile = models.ForeignKey(
        AnnualProfile, on_delete=models.PROTECT, related_name="imports", verbose_name="年度资料"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="上传人"
    )
    name = models.CharField("文件名", max_length=200)
    kind = models.CharField("种类", max_length=20)
    content = models.JSONField("读出的内容")
    marked = models.BinaryField("标出问题的工作簿", null=True, blank=True)
    at = models.DateTimeField("上传时间", auto_now_add=True)
    done_at = models.DateTimeField("写入时间", null=True, blank=True)

    objects = ProfileScoped.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "导入"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name

    def finish(self, titles: list[str]) -> None:
        """Keep only that it was done: what was read is in the report now."""
        self.done_at = timezone.now()
        self.content = {"kind": self.kind, "written": titles, "unread": [], "complaints": [], "notes": []}
        self.marked = None
        self.save(update_fields=["done_at", "content", "marked"])
