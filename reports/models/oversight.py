"""What follows an approved report: the main department's opinion, spot checks (抽查复核), rectification (整改)."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from departments.querysets import DepartmentScoped
from reports.models.report import Report, Round
from reports.models.review import Submission
from reports.querysets import ReportScoped, SubmissionScoped

if TYPE_CHECKING:
    from departments.models import User


def _person(words: str, **options: object) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=words, **options
    )


class DepartmentOpinion(models.Model):
    """The main department's words on a submission (主管部门意见), kept with the step that it took."""

    submission = models.OneToOneField(
        Submission, on_delete=models.PROTECT, related_name="department_opinion", verbose_name="报送版本"
    )
    passed = models.BooleanField("审核通过")
    text = models.TextField("意见")
    by = _person("审核人")
    at = models.DateTimeField("审核时间", auto_now_add=True)

    append_only = True

    objects = SubmissionScoped.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "主管部门意见"
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="department_opinion_not_empty",
                violation_error_message="请写明主管部门意见",
            )
        ]

    def __str__(self) -> str:
        return self.text[:30]


# ------------------------------------------------------------------ spot checks


class DrawMethod(models.TextChoices):
    """How a sample is drawn (抽取方式)."""

    RISK = "risk", "风险高的优先"
    RANDOM = "random", "随机抽取"
    BY_HAND = "by_hand", "指定报告"


class Conclusion(models.TextChoices):
    """What a spot check comes to (抽查结论)."""

    TRUE = "true", "属实"
    MOSTLY = "mostly", "基本属实"
    UNTRUE = "untrue", "不属实"


class SpotCheckDraw(models.Model):
    """One drawing of a sample (抽取): from which reports, by which method and seed, so that it can be repeated."""

    round = models.ForeignKey(
        Round, on_delete=models.PROTECT, related_name="spot_check_draws", verbose_name="自评任务"
    )
    method = models.CharField("抽取方式", max_length=10, choices=DrawMethod.choices)
    asked = models.CharField("抽取数量", max_length=20)
    seed = models.CharField("随机种子", max_length=20, blank=True)
    population = models.JSONField("抽取范围")
    """One object a report that could be drawn: ``report``, ``group`` (its main department), ``risk``, ``why``."""
    drawn = models.JSONField("抽中的报告")
    by = _person("抽取人")
    at = models.DateTimeField("抽取时间", auto_now_add=True)

    append_only = True

    class Meta:
        verbose_name = verbose_name_plural = "抽取记录"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(method__in=DrawMethod.values),
                name="draw_method_known",
                violation_error_message="未知的抽取方式",
            )
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.get_method_display()}"


class SpotCheckQuerySet(ReportScoped):
    """Spot checks; the unit and its main department see one when its result is there."""

    def visible_to(self, user: User) -> Self:
        reads = Q(report__profile__department__region__in=user.access.read_regions) if user.pk else Q(pk=None)
        return super().visible_to(user).filter(reads | Q(recorded_at__isnull=False))

    def with_context(self) -> Self:
        return self.select_related(
            "draw",
            "report__profile__department__region",
            "report__profile__department__parent",
            "report__round",
            "reviewer",
            "recorded_by",
        ).defer("draw__population", "draw__drawn")

    def open(self) -> Self:
        """Drawn, neither recorded nor withdrawn."""
        return self.filter(recorded_at=None, withdrawn_at=None)


class SpotCheck(models.Model):
    """The check of one approved report (抽查复核): who checks, and the result. A record, not a state of the report."""

    draw = models.ForeignKey(
        SpotCheckDraw, on_delete=models.PROTECT, related_name="checks", verbose_name="抽取记录"
    )
    report = models.ForeignKey(
        Report, on_delete=models.PROTECT, related_name="spot_checks", verbose_name="报告"
    )
    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="spot_checks", verbose_name="报送版本"
    )
    why = models.CharField("抽取理由", max_length=200, blank=True)
    due = models.DateField("完成期限", null=True, blank=True)
    reviewer = _person("抽查人", null=True, blank=True)
    self_score = models.DecimalField(
        "抽查时的自评得分", max_digits=5, decimal_places=2, null=True, blank=True
    )
    score = models.DecimalField("抽查得分", max_digits=5, decimal_places=2, null=True, blank=True)
    findings = models.TextField("抽查发现", blank=True)
    conclusion = models.CharField("抽查结论", max_length=10, choices=Conclusion.choices, blank=True)
    recorded_by = _person("登记人", null=True, blank=True)
    recorded_at = models.DateTimeField("登记时间", null=True, blank=True)
    withdrawn_by = _person("撤销人", null=True, blank=True)
    withdrawn_at = models.DateTimeField("撤销时间", null=True, blank=True)
    withdrawn_reason = models.TextField("撤销理由", blank=True)

    objects = SpotCheckQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "抽查复核"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=("report",),
                condition=Q(recorded_at=None, withdrawn_at=None),
                name="one_open_spot_check_a_report",
                violation_error_message="这份报告已有一项未完成的抽查",
            ),
            models.CheckConstraint(
                condition=Q(recorded_at=None, conclusion="", score=None)
                | Q(
                    recorded_at__isnull=False,
                    conclusion__in=Conclusion.values,
                    score__isnull=False,
                    recorded_by__isnull=False,
                ),
                name="spot_check_result_whole",
                violation_error_message="抽查结果应同时有得分、结论和登记人",
            ),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__gte=0, score__lte=100),
                name="spot_check_score_in_points",
                violation_error_message="抽查得分应在0至100之间",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | (Q(recorded_at=None) & ~Q(withdrawn_reason="")),
                name="spot_check_withdrawn_with_reason",
                violation_error_message="撤销抽查要写明理由，已有结果的不能撤销",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report}抽查"

    @property
    def open(self) -> bool:
        return self.recorded_at is None and self.withdrawn_at is None

    @property
    def late(self) -> bool:
        return self.open and self.due is not None and self.due < timezone.localdate()

    @property
    def state(self) -> str:
        """Where it stands, in words."""
        if self.withdrawn_at:
            return "已撤销"
        if self.recorded_at:
            return self.get_conclusion_display()
        return "待抽查" if self.reviewer_id else "待指派"


# ------------------------------------------------------------------ rectification


class RectificationState(models.TextChoices):
    """Where a rectification stands (整改进度)."""

    WAITING = "waiting", "待反馈"
    ANSWERED = "answered", "待销号"
    CLOSED = "closed", "已销号"
    WITHDRAWN = "withdrawn", "已撤回"


class Verdict(models.TextChoices):
    """The bureau's judgement of an answer."""

    ACCEPTED = "accepted", "同意销号"
    AGAIN = "again", "要求继续整改"


class RectificationQuerySet(ReportScoped):
    """Rectification notices."""

    def with_context(self) -> Self:
        return self.select_related(
            "report__profile__department__region",
            "report__profile__department__parent",
            "report__round",
            "issued_by",
            "closed_by",
        )

    def overdue(self, today: datetime.date | None = None) -> Self:
        """Unanswered after their date."""
        return self.filter(status=RectificationState.WAITING, due__lt=today or timezone.localdate())


class Rectification(models.Model):
    """整改通知: what a unit has to put right by a date, followed until it is closed (销号)."""

    report = models.ForeignKey(
        Report, on_delete=models.PROTECT, related_name="rectifications", verbose_name="报告"
    )
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="+", verbose_name="自评任务")
    number = models.PositiveIntegerField("编号")
    spot_check = models.ForeignKey(
        SpotCheck,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="rectifications",
        verbose_name="来自抽查",
    )
    basis = models.TextField("整改依据")
    due = models.DateField("反馈期限")
    status = models.CharField(
        "进度", max_length=10, choices=RectificationState.choices, default=RectificationState.WAITING
    )
    issued_by = _person("下发人")
    follower = _person("经办人", null=True, blank=True)
    """Who took it over from whoever issued it (交接)."""
    issued_at = models.DateTimeField("下发时间", auto_now_add=True)
    closed_by = _person("办结人", null=True, blank=True)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)
    closed_words = models.TextField("办结意见", blank=True)
    reminded_on = models.DateField("最近催办日期", null=True, blank=True)

    objects = RectificationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "整改通知"
        ordering = ["-id"]
        indexes = [models.Index(fields=("round", "status", "due"), name="rectification_list")]
        constraints = [
            models.UniqueConstraint(
                fields=("round", "number"),
                name="rectification_number_once",
                violation_error_message="本次自评任务已有同样编号的整改通知",
            ),
            models.CheckConstraint(
                condition=Q(status__in=RectificationState.values),
                name="rectification_state_known",
                violation_error_message="未知的整改进度",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[RectificationState.WAITING, RectificationState.ANSWERED], closed_at=None
                )
                | Q(
                    status__in=[RectificationState.CLOSED, RectificationState.WITHDRAWN],
                    closed_at__isnull=False,
                    closed_by__isnull=False,
                ),
                name="rectification_closed_by_somebody",
                violation_error_message="销号或撤回要有办结人和时间",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.code}"

    @property
    def code(self) -> str:
        """Number of the notice as people cite it."""
        return f"整改〔{self.round.year}〕第{self.number}号"

    @property
    def late(self) -> bool:
        return self.status == RectificationState.WAITING and self.due < timezone.localdate()

    @property
    def days_late(self) -> int:
        return (timezone.localdate() - self.due).days


class RectificationScoped(DepartmentScoped):
    """Rows that hang on a notice."""

    path = "notice__report__profile__department"


class RectificationItem(models.Model):
    """One thing to put right (整改事项): the problem and what is asked for."""

    notice = models.ForeignKey(
        Rectification, on_delete=models.PROTECT, related_name="items", verbose_name="整改通知"
    )
    position = models.PositiveIntegerField("序号")
    problem = models.TextField("存在问题")
    requirement = models.TextField("整改要求")

    append_only = True

    objects = RectificationScoped.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "整改事项"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=("notice", "position"),
                name="one_rectification_item_a_place",
                violation_error_message="这个序号的整改事项已经存在",
            ),
            models.CheckConstraint(
                condition=~Q(problem="") & ~Q(requirement=""),
                name="rectification_item_whole",
                violation_error_message="整改事项要写明存在问题和整改要求",
            ),
        ]

    def __str__(self) -> str:
        return self.problem[:30]


class RectificationAnswer(models.Model):
    """整改反馈: the unit's answer, and the bureau's judgement of it."""

    notice = models.ForeignKey(
        Rectification, on_delete=models.PROTECT, related_name="answers", verbose_name="整改通知"
    )
    number = models.PositiveIntegerField("次数")
    text = models.TextField("总体情况", blank=True)
    by = _person("反馈人")
    at = models.DateTimeField("反馈时间", auto_now_add=True)
    verdict = models.CharField("审核结果", max_length=10, choices=Verdict.choices, blank=True)
    verdict_words = models.TextField("审核意见", blank=True)
    verdict_by = _person("审核人", null=True, blank=True)
    verdict_at = models.DateTimeField("审核时间", null=True, blank=True)

    objects = RectificationScoped.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "整改反馈"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=("notice", "number"),
                name="rectification_answer_number_once",
                violation_error_message="这次整改反馈已经报送",
            ),
            models.CheckConstraint(
                condition=Q(verdict="", verdict_at=None)
                | Q(verdict__in=Verdict.values, verdict_at__isnull=False, verdict_by__isnull=False),
                name="rectification_verdict_by_somebody",
                violation_error_message="审核整改反馈要有审核人和时间",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice} 第{self.number}次反馈"


class RectificationReply(models.Model):
    """What was done about one item."""

    answer = models.ForeignKey(
        RectificationAnswer, on_delete=models.PROTECT, related_name="replies", verbose_name="整改反馈"
    )
    item = models.ForeignKey(
        RectificationItem, on_delete=models.PROTECT, related_name="replies", verbose_name="整改事项"
    )
    text = models.TextField("整改情况")

    append_only = True

    class Meta:
        verbose_name = verbose_name_plural = "整改情况"
        ordering = ["item__position"]
        constraints = [
            models.UniqueConstraint(
                fields=("answer", "item"),
                name="one_reply_an_item",
                violation_error_message="这个整改事项已有整改情况",
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="rectification_reply_not_empty",
                violation_error_message="请写明整改情况",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:30]


def rectification_path(file: RectificationFile, filename: str) -> str:
    """Name of our making; the uploaded name is kept in the row only."""
    return f"rectifications/{file.answer.notice_id}/{file.sha256}"


class RectificationFileQuerySet(DepartmentScoped):
    path = "answer__notice__report__profile__department"


class RectificationFile(models.Model):
    """A file that proves an answer (整改佐证材料), with its checksum."""

    answer = models.ForeignKey(
        RectificationAnswer, on_delete=models.PROTECT, related_name="files", verbose_name="整改反馈"
    )
    name = models.CharField("文件名", max_length=200)
    file = models.FileField("文件", upload_to=rectification_path, max_length=200)
    content_type = models.CharField("类型", max_length=100)
    size = models.PositiveBigIntegerField("大小（字节）")
    sha256 = models.CharField("校验值", max_length=64)

    append_only = True

    objects = RectificationFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "整改佐证材料"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=("answer", "sha256"),
                name="rectification_file_once",
                violation_error_message="同一份文件不必重复上传",
            ),
            models.CheckConstraint(
                condition=Q(size__gt=0),
                name="rectification_file_not_empty",
                violation_error_message="文件是空的",
            ),
        ]

    def __str__(self) -> str:
        return self.name
