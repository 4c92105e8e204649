"""What is public (信息公开): parts withheld by the bureau, and each frozen, published version of a report."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from departments.models import Department, Region
from reports.models.report import Report
from reports.models.review import Submission
from reports.querysets import ReportScoped


class PublicationMark(models.Model):
    """A part of a report that is not to be published (不公开标记), with the reason. ``where`` is a place of the view."""

    report = models.ForeignKey(
        Report, on_delete=models.PROTECT, related_name="publication_marks", verbose_name="报告"
    )
    where = models.CharField("位置", max_length=200)
    label = models.CharField("位置名称", max_length=200)
    reason = models.CharField("不公开的理由", max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="标记人"
    )
    at = models.DateTimeField("标记时间", auto_now_add=True)

    objects = ReportScoped.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "不公开标记"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=("report", "where"),
                name="one_publication_mark_a_place",
                violation_error_message="这一部分已经标记为不公开",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="publication_mark_with_reason",
                violation_error_message="请写明不公开的理由",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.label}"


class PublicationQuerySet(ReportScoped):
    """Published versions: :meth:`public` for everybody, ``visible_to`` for the bureau's pages."""

    def public(self) -> Self:
        """What anybody may read: not withdrawn, and not of a unit that has become classified (涉密)."""
        return self.filter(withdrawn_at=None, department__classified=False)


class Publication(models.Model):
    """One published version of a report: what lists and searches need. The content lies in :class:`PublicationFile`."""

    report = models.ForeignKey(
        Report, on_delete=models.PROTECT, related_name="publications", verbose_name="报告"
    )
    number = models.PositiveIntegerField("公开版次")
    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="+", verbose_name="报送版本"
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="publications", verbose_name="单位"
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name="区县")
    year = models.PositiveSmallIntegerField("年度")
    unit_code = models.CharField("公开代码", max_length=18)
    unit_name = models.CharField("单位名称", max_length=100)
    main_department = models.CharField("主管部门", max_length=100, blank=True)
    self_score = models.DecimalField("自评得分", max_digits=5, decimal_places=2, null=True)
    grade = models.CharField("自评等级", max_length=10, blank=True)
    budget = models.DecimalField("全年预算数（元）", max_digits=18, decimal_places=2, null=True)
    spent = models.DecimalField("全年执行数（元）", max_digits=18, decimal_places=2, null=True)
    execution_rate = models.DecimalField("预算执行率（%）", max_digits=12, decimal_places=2, null=True)
    sha256 = models.CharField("公开内容指纹", max_length=64)
    published_at = models.DateTimeField("公开时间")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="公开人"
    )
    withdrawn_at = models.DateTimeField("撤下时间", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="撤下人",
    )
    withdrawn_reason = models.CharField("撤下的理由", max_length=300, blank=True)
    search_text = models.TextField("检索文字")

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公开的报告"
        ordering = ["-year", "-published_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=("report", "number"),
                name="publication_number_once",
                violation_error_message="这份报告已有同样版次的公开版本",
            ),
            models.UniqueConstraint(
                fields=("report",),
                condition=Q(withdrawn_at=None),
                name="one_open_publication",
                violation_error_message="这份报告已经公开",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""),
                name="withdrawal_with_reason",
                violation_error_message="请写明撤下的理由",
            ),
        ]
        indexes = [
            models.Index(fields=("region", "year", "unit_code", "-number"), name="publication_address"),
            models.Index(
                fields=("-year", "-published_at", "-id"),
                condition=Q(withdrawn_at=None),
                name="publication_newest",
            ),
            models.Index(
                fields=("region", "-year", "-published_at", "-id"),
                condition=Q(withdrawn_at=None),
                name="publication_of_region",
            ),
            models.Index(
                fields=("grade", "-year", "-published_at", "-id"),
                condition=Q(withdrawn_at=None),
                name="publication_of_grade",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report} 公开第{self.number}版"

    def get_absolute_url(self) -> str:
        return reverse("public-report", args=[self.region.code, self.year, self.unit_code])


class PublicationFile(models.Model):
    """The content of a published version as it was frozen: public JSON and PDF. Never changed."""

    publication = models.OneToOneField(
        Publication, on_delete=models.PROTECT, related_name="file", verbose_name="公开版本"
    )
    content = models.TextField("公开内容（JSON）")
    marks = models.JSONField("不公开标记", default=list)
    pdf = models.BinaryField("PDF")

    append_only = True

    class Meta:
        verbose_name = verbose_name_plural = "公开的文件"

    def __str__(self) -> str:
        return str(self.publication)
