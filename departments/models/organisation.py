"""Regions and the tree of departments (行政区划、主管部门和单位)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from departments.identifiers import validate_adcode, validate_credit_code
from departments.querysets import DepartmentQuerySet


class Region(models.Model):
    """A district or county (区县) with its own finance bureau."""

    code = models.CharField("行政区划代码", max_length=6, unique=True, validators=[validate_adcode])
    name = models.CharField("区县名称", max_length=50)
    city = models.CharField("所属市", max_length=50, blank=True)
    province = models.CharField("所属省", max_length=50, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "行政区划"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(code__gte="100000", code__lte="999999"),
                name="region_code_six_digits",
                violation_error_message="行政区划代码应为6位数字",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """A budget unit (预算单位). One without ``parent`` is a 主管部门, others are its 所属单位."""

    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="departments", verbose_name="区县"
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="units", verbose_name="主管部门"
    )
    name = models.CharField("单位名称", max_length=100)
    kind = models.CharField("机构性质", max_length=50, blank=True)
    credit_code = models.CharField(
        "统一社会信用代码", max_length=18, blank=True, validators=[validate_credit_code]
    )
    budget_code = models.CharField("预算单位编码", max_length=20, blank=True)
    is_active = models.BooleanField("在用", default=True)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "部门单位"
        ordering = ["region", "budget_code", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=("region", "name"),
                name="department_name_once_a_region",
                violation_error_message="本区县已有同名单位",
            ),
            models.UniqueConstraint(
                fields=("credit_code",),
                condition=~Q(credit_code=""),
                name="department_credit_code_once",
                violation_error_message="这个统一社会信用代码已被其他单位使用",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="department_not_its_own_parent",
                violation_error_message="主管部门不能是单位自己",
            ),
        ]

    def __str__(self) -> str:
        return self.name
