"""What a region decides about the checks, and what was found by comparing its reports."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from departments.models import Region
from departments.querysets import RegionScoped
from reports.findings import LEVEL_LABELS
from reports.models.report import Report
from reports.querysets import ReportScoped


class CheckLevel(models.Model):
    """A region's own level of one rule (规则级别); without a row the registry's default holds."""

    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="check_levels", verbose_name="区县"
    )
    code = models.CharField("规则", max_length=60)
    level = models.CharField(
        "级别", max_length=10, choices=[(level.value, label) for level, label in LEVEL_LABELS.items()]
    )
    reason = models.TextField("理由")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="调整人"
    )
    at = models.DateTimeField("调整时间", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "规则级别"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=("region", "code"),
                name="one_level_a_rule",
                violation_error_message="这条规则的级别已经调整过",
            ),
            models.CheckConstraint(
                condition=Q(level__in=[level.value for level in LEVEL_LABELS]),
                name="check_level_known",
                violation_error_message="未知的级别",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="check_level_with_reason",
                violation_error_message="请写明调整理由",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.code} {self.get_level_display()}"


class LexiconWord(models.Model):
    """A word that a region adds to the lexicon of government functions (职能词库); retired, never deleted."""

    class Kind(models.TextChoices):
        """What the word tells."""

        WORD = "word", "职能用语"
        OWNER = "owner", "单位用语"

    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="lexicon_words", verbose_name="区县"
    )
    function = models.CharField("职能", max_length=30)
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    word = models.CharField("词语", max_length=20)
    reason = models.CharField("理由", max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="增加人"
    )
    at = models.DateTimeField("增加时间", auto_now_add=True)
    retired_at = models.DateTimeField("停用时间", null=True, blank=True)
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="停用人",
    )
    retired_reason = models.CharField("停用理由", max_length=300, blank=True)

    objects = RegionScoped.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "词库用语"
        ordering = ["function", "kind", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=("region", "function", "kind", "word"),
                condition=Q(retired_at=None),
                name="one_lexicon_word_in_use",
                violation_error_message="这个职能已有同样的词语",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="lexicon_word_with_reason",
                violation_error_message="请写明增加的理由",
            ),
            models.CheckConstraint(
                condition=Q(retired_at=None) | ~Q(retired_reason=""),
                name="lexicon_word_retired_with_reason",
                violation_error_message="请写明停用的理由",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.function}：{self.word}"


class CopiedPassage(models.Model):
    """A passage of one report's section that another report of the round has nearly word for word (雷同文字).

    Written by :mod:`reports.copies` only; a new comparison replaces the rows of the report.
    """

    report = models.ForeignKey(
        Report, on_delete=models.CASCADE, related_name="copied_passages", verbose_name="报告"
    )
    section = models.CharField("章节", max_length=40)
    text = models.TextField("本单位的文字")
    other = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="+", verbose_name="另一份报告")
    other_section = models.CharField("另一份报告的章节", max_length=40)
    other_text = models.TextField("另一份报告的文字")

    objects = ReportScoped.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "雷同文字"
        ordering = ["report", "section", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=("report", "section", "other"),
                name="one_copy_a_section_and_report",
                violation_error_message="这一节与该报告的相似段落已经登记",
            ),
            models.CheckConstraint(
                condition=~Q(report=models.F("other")),
                name="copied_from_another_report",
                violation_error_message="不能与自己比对",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:30]


class FindingCount(models.Model):
    """How often one rule fired in the newest submission of a report (核对发现计数), with its first sentence.

    Written by :func:`reports.district_findings.keep_counts` when a report is submitted, so that a district's problems are
    counted without opening a submission. A waived finding has the level 停用.
    """

    report = models.ForeignKey(
        Report, on_delete=models.CASCADE, related_name="finding_counts", verbose_name="报告"
    )
    code = models.CharField("规则", max_length=60)
    kind = models.CharField("问题类型", max_length=40)
    level = models.CharField(
        "级别", max_length=10, choices=[(level.value, label) for level, label in LEVEL_LABELS.items()]
    )
    count = models.PositiveIntegerField("发现数")
    message = models.TextField("第一处发现")

    objects = ReportScoped.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "核对发现计数"
        ordering = ["report", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=("report", "code", "level"),
                name="one_count_a_rule_and_level",
                violation_error_message="这份报告已有这条规则的计数",
            ),
            models.CheckConstraint(
                condition=Q(count__gt=0),
                name="finding_count_positive",
                violation_error_message="发现数应大于0",
            ),
        ]
        indexes = [models.Index(fields=("code", "report"), name="finding_count_rule")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.code} {self.count}"
