"""Regions and the tree of departments (行政区划、主管部门和单位)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Right

from departments.identifiers import validate_adcode, validate_credit_code
from departments.querysets import DepartmentQuerySet, RegionQuerySet


class Region(models.Model):
    """A district or county (区县) with its own finance bureau."""

    code = models.CharField("行政区划代码", max_length=6, unique=True, validators=[validate_adcode])
    name = models.CharField("区县名称", max_length=50)
    city = models.CharField("所属市", max_length=50, blank=True)
    province = models.CharField("所属省", max_length=50, blank=True)
    officers_apart = models.BooleanField("三员分立", default=False)
    """Roles are given by the security officer alone; who keeps accounts asks for them (:mod:`departments.separation`)."""

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


class BusinessOffice(models.Model):
    """A business office of the bureau (业务股室): its departments' reports are offered to its reviewers first.

    Membership gives no right; rights come from roles.
    """

    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="business_offices", verbose_name="区县"
    )
    name = models.CharField("股室名称", max_length=30)
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="business_offices", blank=True, verbose_name="审核人员"
    )

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "业务股室"
        ordering = ["region", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=("region", "name"),
                name="business_office_name_once_a_region",
                violation_error_message="本区县已有同名股室",
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
    office = models.ForeignKey(
        BusinessOffice,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="departments",
        verbose_name="财政局业务股室",
    )
    name = models.CharField("单位名称", max_length=100)
    kind = models.CharField("机构性质", max_length=50, blank=True)
    credit_code = models.CharField(
        "统一社会信用代码", max_length=18, blank=True, validators=[validate_credit_code]
    )
    budget_code = models.CharField("预算单位编码", max_length=20, blank=True)
    is_active = models.BooleanField("在用", default=True)
    note = models.CharField("撤并情况", max_length=200, blank=True)
    """Where a department went that is no longer in use, or what it came from."""
    classified = models.BooleanField("涉密单位", default=False)
    """Nothing of a classified unit is ever public. Set with a reason, and what is public is then withdrawn."""
    classified_reason = models.CharField("涉密认定的理由", max_length=300, blank=True)
    public_code = models.CharField("公开代码", max_length=18, blank=True, editable=False)
    """Part of the public address, given once: the credit code, else random, so that it cannot be guessed."""

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "部门单位"
        ordering = ["region", "budget_code", "name"]
        indexes = [
            # The administrator's count.
            models.Index(fields=("region", "is_active"), name="department_in_use"),
            # Names that may occur in a text are looked up by their end (reports.evaluation).
            models.Index("region", Right("name", 3), name="department_ending"),
        ]
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
            models.UniqueConstraint(
                fields=("public_code",),
                condition=~Q(public_code=""),
                name="department_public_code_once",
                violation_error_message="这个公开代码已被其他单位使用",
            ),
            models.CheckConstraint(
                condition=Q(classified=False) | ~Q(classified_reason=""),
                name="classified_with_reason",
                violation_error_message="请写明认定为涉密单位的理由",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="department_not_its_own_parent",
                violation_error_message="主管部门不能是单位自己",
            ),
        ]

    def __str__(self) -> str:
        return self.name
