"""A year's collection and one department's report in it."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from departments.models import AnnualProfile, Region
from reports.choices import DONE, EDITABLE, Status
from reports.querysets import ReportQuerySet, RoundQuerySet

PUBLICATION_PERIOD = datetime.timedelta(days=20)


def due_on(extended_until: datetime.date | None, deadline: datetime.date) -> datetime.date:
    """Last day for submitting: the report's own, where it was extended, else the round's."""
    return extended_until or deadline


def publish_by(own: datetime.date | None, of_round: datetime.date | None) -> datetime.date | None:
    """Last day for publishing by the report's own 决算批复日期, else the round's."""
    approved = own or of_round
    return approved and approved + PUBLICATION_PERIOD


class Round(models.Model):
    """One year's collection in one region (自评任务): deadline, scoring policy, outline."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="rounds", verbose_name="区县")
    year = models.PositiveSmallIntegerField("评价年度")
    policy = models.CharField("评分办法", max_length=60)
    template = models.CharField("报告模板", max_length=60)
    opens = models.DateField("开始日期")
    deadline = models.DateField("截止日期")
    department_review = models.BooleanField("先经主管部门审核", default=False)
    scan_required = models.BooleanField("须上传盖章扫描件", default=False)
    carry_over = models.BooleanField("从上年度报告带入", default=True)
    awaiting = models.JSONField("尚待建立报告的单位", default=list, blank=True)
    """Keys of departments whose report is still to be made; :func:`reports.rounds.services.begin_awaiting` empties it."""
    closed_at = models.DateTimeField("关闭时间", null=True, blank=True)
    accounts_approved_on = models.DateField("决算批复日期", null=True, blank=True)
    """Starts the clock of publication for all reports of the round that have no date of their own."""

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "自评任务"
        ordering = ["-year", "region"]
        constraints = [
            models.UniqueConstraint(
                fields=("region", "year"),
                name="one_round_a_year",
                violation_error_message="本区县这一年度的自评任务已经建立",
            ),
            models.CheckConstraint(
                condition=Q(opens__lte=F("deadline")),
                name="round_opens_before_deadline",
                violation_error_message="截止日期不能早于开始日期",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.year}年度自评"


class Report(models.Model):
    """One department's self-evaluation of one year (自评报告). Its state changes only in :mod:`reports.workflow`."""

    profile = models.OneToOneField(
        AnnualProfile, on_delete=models.PROTECT, related_name="report", verbose_name="年度基本情况"
    )
    round = models.ForeignKey(
        Round, on_delete=models.PROTECT, related_name="reports", verbose_name="自评任务"
    )
    status = models.CharField("状态", max_length=20, choices=Status.choices, default=Status.DRAFT)
    status_since = models.DateTimeField("进入当前状态的时间", auto_now_add=True)
    extended_until = models.DateField("延期至", null=True, blank=True)
    accounts_approved_on = models.DateField("本单位决算批复日期", null=True, blank=True)
    certified_hash = models.CharField("确认时的数据指纹", max_length=64, blank=True)
    certified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="确认人",
    )
    certified_at = models.DateTimeField("确认时间", null=True, blank=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_reports",
        verbose_name="审核人",
    )
    reviewed_score = models.DecimalField("复核得分", max_digits=5, decimal_places=2, null=True, blank=True)
    reviewed_reason = models.TextField("复核说明", blank=True)

    # What the last frozen or saved dossier gave, so that lists need not score anything.
    shown_score = models.DecimalField("系统评分", max_digits=5, decimal_places=2, null=True, blank=True)
    shown_self_score = models.DecimalField("自评得分", max_digits=5, decimal_places=2, null=True, blank=True)
    shown_grade = models.CharField("自评等级", max_length=10, blank=True)
    open_errors = models.PositiveIntegerField("错误数", default=0)
    open_warnings = models.PositiveIntegerField("未说明疑点数", default=0)
    all_warnings = models.PositiveIntegerField("疑点数", default=0)
    times_submitted = models.PositiveSmallIntegerField("报送次数", default=0)
    checked_by_rules = models.CharField("最近核对所用规则", max_length=16, blank=True)
    # The same for the overview of a district: it adds up rows and opens no dossier.
    shown_system_grade = models.CharField("系统评分等级", max_length=10, blank=True)
    shown_gap = models.DecimalField(
        "自评得分减系统评分", max_digits=6, decimal_places=2, null=True, blank=True
    )
    shown_budget = models.DecimalField(
        "全年预算数（元）", max_digits=20, decimal_places=2, null=True, blank=True
    )
    shown_spent = models.DecimalField(
        "全年执行数（元）", max_digits=20, decimal_places=2, null=True, blank=True
    )
    shown_rate = models.DecimalField("预算执行率", max_digits=28, decimal_places=6, null=True, blank=True)
    shown_targets = models.PositiveIntegerField("可判断完成与否的指标数", default=0)
    shown_targets_met = models.PositiveIntegerField("完成的指标数", default=0)
    shown_all_satisfied = models.BooleanField("满意度全部为100%", null=True, blank=True)
    shown_running_per_head = models.DecimalField(
        "人均公用经费（元）", max_digits=20, decimal_places=2, null=True, blank=True
    )
    shown_basic_per_head = models.DecimalField(
        "人均基本支出（元）", max_digits=20, decimal_places=2, null=True, blank=True
    )
    figures_at = models.DateTimeField("汇总数据更新时间", null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "自评报告"
        ordering = ["-profile__year", "profile__department"]
        indexes = [
            models.Index(fields=("round", "status", "status_since", "id"), name="report_waiting"),
            models.Index(fields=("status", "status_since", "id"), name="report_by_state"),
            models.Index(fields=("status_since", "id"), name="report_since"),
            models.Index(fields=("shown_self_score", "id"), name="report_by_score"),
            # All that the home page counts, so that the table itself is not read.
            models.Index(fields=("round", "status", "extended_until", "assigned_to"), name="report_counted"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=Status.values),
                name="report_status_known",
                violation_error_message="未知的报告状态",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_score__isnull=True) | Q(reviewed_score__gte=0, reviewed_score__lte=100),
                name="reviewed_score_in_points",
                violation_error_message="复核得分应在0至100之间",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.profile}自评报告"

    @property
    def department(self):
        """The reporting department; ``with_context`` loads it with the row."""
        return self.profile.department

    @property
    def year(self) -> int:
        return self.profile.year

    @property
    def nil(self) -> bool:
        """Whether the unit filed a nil report (零报告); ``with_context`` loads it with the row."""
        return hasattr(self.profile, "nil_reason")

    @property
    def editable(self) -> bool:
        """Whether the unit may type now: a nil report has nothing to type until it is withdrawn."""
        return self.status in EDITABLE and not self.nil

    @property
    def done(self) -> bool:
        return self.status in DONE

    @property
    def due(self) -> datetime.date:
        """Last day for submitting, the extension counted in."""
        return due_on(self.extended_until, self.round.deadline)

    @property
    def publish_by(self) -> datetime.date | None:
        """Last day for publishing (公开期限): twenty days after 决算批复 (预算法 第十四条); ``None`` while no date is known."""
        return publish_by(self.accounts_approved_on, self.round.accounts_approved_on)
