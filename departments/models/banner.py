"""A notice of the administrator on every page (维护公告)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from departments.models.organisation import Region
from departments.querysets import BannerQuerySet


class Banner(models.Model):
    """The region's notice, shown from ``starts`` until ``ends``; saving a new one replaces it."""

    region = models.OneToOneField(
        Region, on_delete=models.PROTECT, related_name="banner", verbose_name="区县"
    )
    text = models.CharField("公告内容", max_length=200)
    starts = models.DateTimeField("开始显示")
    ends = models.DateTimeField("停止显示")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="发布人"
    )
    at = models.DateTimeField("发布时间", auto_now=True)

    objects = BannerQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "维护公告"
        ordering = ["region"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts__lt=F("ends")),
                name="banner_ends_after_it_starts",
                violation_error_message="停止显示的时间应晚于开始显示的时间",
            )
        ]

    def __str__(self) -> str:
        return self.text
