"""A bureau's own report template (报告模板) in immutable versions."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from departments.models import Region
from reports.outline import Outline, build_outline


class TemplateVersion(models.Model):
    """Outline and forms of a region in one version. A change is a new version: the row is never changed."""

    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="templates", verbose_name="区县"
    )
    name = models.CharField("名称代号", max_length=40)
    version = models.CharField("版本", max_length=10)
    label = models.CharField("名称", max_length=60)
    content = models.JSONField("内容")
    based_on = models.CharField("来源", max_length=60, help_text="复制自哪个模板的哪个版本")
    change = models.CharField("修改说明", max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="制定人"
    )
    created_at = models.DateTimeField("制定时间", auto_now_add=True)

    append_only = True

    class Meta:
        verbose_name = verbose_name_plural = "报告模板版本"
        ordering = ["region", "name", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=("region", "name", "version"),
                name="template_version_once",
                violation_error_message="这个报告模板已有同样的版本",
            )
        ]

    def __str__(self) -> str:
        return f"{self.label} 第{self.version}版"

    @property
    def title(self) -> str:
        """Name and version, as a round and a submission carry it."""
        return f"{self.name}@{self.version}"

    @property
    def outline(self) -> Outline:
        """The template itself. Raises :class:`~reports.outline.OutlineError`."""
        return build_outline(self.content, self.title)
