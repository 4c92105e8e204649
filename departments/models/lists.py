"""A list of departments and people, kept between its preview and the decision to write it; never the file itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models

from departments.models.organisation import Region

if TYPE_CHECKING:
    from departments.models.people import User


class AccountListQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """The own lists of regions that this person administers now."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        return self.filter(by=user, region__in=user.access.administered_regions)


class AccountList(models.Model):
    """One uploaded list (批量导入单位和账号), deleted when it is written or replaced by the next."""

    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="+", verbose_name="区县")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name="上传人"
    )
    name = models.CharField("文件名", max_length=200)
    content = models.JSONField("读出的名单")
    at = models.DateTimeField("上传时间", auto_now_add=True)

    objects = AccountListQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "单位和人员名单"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name
