"""What is frozen and what is said about it: submissions, comments on a field, waivers, notices."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from indicators.models import ApprovedTargets
from reports.dossier import Dossier
from reports.models.report import Report
from reports.querysets import ReportScoped, SubmissionScoped


class Submission(models.Model):
    """One numbered, frozen version: dossier, scorecard, findings, policy and outline as they were."""

    report = models.ForeignKey(
        Report, on_delete=models.PROTECT, related_name="submissions", verbose_name="报告"
    )
    number = models.PositiveIntegerField("次数")
    dossier_json = models.TextField("填报数据")
    sha256 = models.CharField("数据指纹", max_length=64)
    scorecard = models.JSONField("评分表")
    findings = models.JSONField("核对结果")
    policy = models.JSONField("评分办法")
    template = models.CharField("报告模板", max_length=60)
    approved = models.ForeignKey(
        ApprovedTargets,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="核对所依据的批复目标",
        help_text="没有批复目标的为空",
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="报送人"
    )
    submitted_at = models.DateTimeField("报送时间", auto_now_add=True)
    rules = models.CharField("核对所用规则", max_length=16, blank=True)
    """:func:`reports.rulebook.fingerprint` of what it was checked by; empty where that was not yet kept."""

    append_only = True

    objects = ReportScoped.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "报送版本"
        ordering = ["report", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=("report", "number"),
                name="submission_number_once",
                violation_error_message="这份报告已有同样次数的报送版本",
            )
        ]
        indexes = [models.Index(fields=("sha256",), name="submission_fingerprint")]

    def __str__(self) -> str:
        return f"{self.report} 第{self.number}次报送"

    @property
    def dossier(self) -> Dossier:
        """The frozen dossier."""
        return Dossier.model_validate_json(self.dossier_json)


class Opening(models.Model):
    """The first time that a reviewer opened a submission (首次查阅). From then on the unit cannot recall it."""

    submission = models.OneToOneField(
        Submission, on_delete=models.PROTECT, related_name="opening", verbose_name="报送版本"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="查阅人"
    )
    at = models.DateTimeField("查阅时间", auto_now_add=True)

    append_only = True

    objects = SubmissionScoped.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "首次查阅"

    def __str__(self) -> str:
        return f"{self.submission} {self.by}"


class Recheck(models.Model):
    """A submission checked and scored again by the rules of today (重新核对); the submission itself stays as it was."""

    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="rechecks", verbose_name="报送版本"
    )
    rules = models.CharField("核对所用规则", max_length=16)
    scorecard = models.JSONField("评分表")
    findings = models.JSONField("核对结果")
    policy = models.CharField("评分办法", max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="核对人"
    )
    at = models.DateTimeField("核对时间", auto_now_add=True)

    append_only = True

    objects = SubmissionScoped.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "重新核对"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.submission} {self.at:%Y-%m-%d}"


class ReviewMark(models.Model):
    """A reviewer's entry for one line of a submission (单项复核): a deduction by the policy's scale, or a score."""

    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="marks", verbose_name="报送版本"
    )
    line = models.CharField("评分表的行", max_length=60)
    rule = models.CharField("扣分标准", max_length=40, blank=True)
    amount = models.DecimalField("扣分", max_digits=5, decimal_places=2, null=True, blank=True)
    score = models.DecimalField("复核得分", max_digits=5, decimal_places=2, null=True, blank=True)
    reason = models.TextField("理由")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="复核人"
    )
    at = models.DateTimeField("复核时间", auto_now=True)

    objects = SubmissionScoped.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "单项复核"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=("submission", "line", "rule"),
                name="one_mark_a_line_and_rule",
                violation_error_message="这一行已按同一扣分标准复核",
            ),
            models.CheckConstraint(
                condition=Q(rule="", amount__isnull=True, score__isnull=False)
                | (~Q(rule="") & Q(score__isnull=True)),
                name="mark_is_a_deduction_or_a_score",
                violation_error_message="扣分标准和复核得分应填且只填一种",
            ),
            models.CheckConstraint(
                condition=(Q(amount__isnull=True) | Q(amount__gt=0))
                & (Q(score__isnull=True) | Q(score__gte=0)),
                name="mark_takes_no_negative_points",
                violation_error_message="扣分应大于0，复核得分不小于0",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="mark_with_reason", violation_error_message="请写明复核理由"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission} {self.line}"


class Comment(models.Model):
    """A reviewer's words on one field (审核意见) and the unit's answer."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="comments", verbose_name="报告")
    where = models.CharField("位置", max_length=200, blank=True)
    where_label = models.CharField("位置名称", max_length=200, blank=True)
    text = models.TextField("审核意见")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="提出人"
    )
    created_at = models.DateTimeField("提出时间", auto_now_add=True)
    answer = models.TextField("答复", blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="答复人",
    )
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    resolved_at = models.DateTimeField("了结时间", null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="了结人",
    )

    objects = ReportScoped.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "审核意见"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""), name="comment_not_empty", violation_error_message="请写明审核意见"
            )
        ]

    def __str__(self) -> str:
        return self.text[:30]

    @property
    def open(self) -> bool:
        """Whether the unit still has to answer."""
        return not self.answer and self.resolved_at is None


class Waiver(models.Model):
    """The bureau's release of one finding for one report (豁免), with a reason."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="waivers", verbose_name="报告")
    code = models.CharField("规则", max_length=60)
    reason = models.TextField("豁免理由")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="批准人"
    )
    at = models.DateTimeField("批准时间", auto_now_add=True)

    objects = ReportScoped.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "规则豁免"
        constraints = [
            models.UniqueConstraint(
                fields=("report", "code"),
                name="one_waiver_a_rule",
                violation_error_message="这条规则已对本报告豁免",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="waiver_with_reason", violation_error_message="请写明豁免理由"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.code}"


class Notice(models.Model):
    """A message in a person's in-app inbox (站内通知), made in the transaction of the step it tells of."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices", verbose_name="收件人"
    )
    report = models.ForeignKey(
        Report, on_delete=models.CASCADE, null=True, blank=True, related_name="notices", verbose_name="报告"
    )
    text = models.CharField("内容", max_length=500)
    created_at = models.DateTimeField("时间", auto_now_add=True)
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)
    # By mail as well, where it is configured and the person has an address (reports.notices).
    mail_due = models.DateTimeField("待发邮件时间", null=True, blank=True)
    mail_attempts = models.PositiveSmallIntegerField("已尝试发送次数", default=0)
    mailed_at = models.DateTimeField("邮件发出时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "站内通知"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=("user", "read_at", "-id"), name="notice_inbox"),
            models.Index(
                fields=("mail_due",), condition=Q(mail_due__isnull=False), name="notice_mail_outbox"
            ),
        ]

    def __str__(self) -> str:
        return self.text
