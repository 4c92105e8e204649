"""The root of a year: one department's profile for one year (部门年度基本情况), and what hangs on it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from departments.models.organisation import Department
from departments.querysets import DepartmentScoped, ProfileScoped


class AnnualProfile(models.Model):
    """One department in one year. While ``locked_at`` is set the database refuses every change of it and its facts."""

    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="profiles", verbose_name="单位"
    )
    year = models.PositiveSmallIntegerField("年度")
    authorized_posts = models.PositiveIntegerField("编制数", null=True, blank=True)
    staff_on_posts = models.PositiveIntegerField("在职人数", null=True, blank=True)
    retirees = models.PositiveIntegerField("离退休人数", null=True, blank=True)
    head = models.CharField("单位负责人", max_length=50, blank=True)
    contact = models.CharField("联系人", max_length=50, blank=True)
    prepared_by = models.CharField("填表人", max_length=50, blank=True)
    prepared_on = models.DateField("填报日期", null=True, blank=True)
    phone = models.CharField("联系电话", max_length=30, blank=True)
    locked_at = models.DateTimeField("锁定时间", null=True, blank=True, editable=False)

    objects = DepartmentScoped.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "年度基本情况"
        ordering = ["-year", "department"]
        constraints = [
            models.UniqueConstraint(
                fields=("department", "year"),
                name="one_profile_a_year",
                violation_error_message="该单位这一年度的资料已经建立",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2000, year__lte=2100),
                name="profile_year_plausible",
                violation_error_message="年度应在2000年至2100年之间",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.year}年度"


class ProfileFact(models.Model):
    """Base of every fact of a year. All its tables are locked with the profile (see :mod:`departments.locks`)."""

    profile = models.ForeignKey(AnnualProfile, on_delete=models.PROTECT, related_name="%(class)s_set")

    objects = ProfileScoped.as_manager()

    class Meta:
        abstract = True


class OrderedFact(ProfileFact):
    """A fact that is a row of a list. ``uid`` names the row in forms and in the dossier before it has a key."""

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    position = models.PositiveIntegerField("顺序", default=0)

    class Meta:
        abstract = True
        ordering = ["position", "id"]


class InternalOffice(OrderedFact):
    """内设机构."""

    name = models.CharField("机构名称", max_length=100)

    class Meta(OrderedFact.Meta):
        verbose_name = verbose_name_plural = "内设机构"
        constraints = [
            models.UniqueConstraint(
                fields=("profile", "uid"),
                name="office_row_once",
                violation_error_message="这一行机构已经保存过",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Duty(OrderedFact):
    """主要职责, one numbered sentence each."""

    text = models.TextField("职责内容")

    class Meta(OrderedFact.Meta):
        verbose_name = verbose_name_plural = "主要职责"
        constraints = [
            models.UniqueConstraint(
                fields=("profile", "uid"),
                name="duty_row_once",
                violation_error_message="这一行职责已经保存过",
            )
        ]

    def __str__(self) -> str:
        return self.text[:30]
