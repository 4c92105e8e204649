"""What the unit writes on this floor: narrative sections, evidence files, explanations of warnings."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from departments.models import AnnualProfile, ProfileFact
from departments.models.year import OrderedFact
from indicators.models import Indicator


class NarrativeSection(ProfileFact):
    """The unit's own text of one section of the outline."""

    key = models.CharField("章节", max_length=40)
    text = models.TextField("正文", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "报告正文"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=("profile", "key"),
                name="one_text_a_section",
                violation_error_message="这一节的正文已经存在",
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.text[:20]}"


class NilReason(ProfileFact):
    """零报告: the unit has nothing to evaluate, and says why. While it stands, the year's dossier is a nil one."""

    profile = models.OneToOneField(
        AnnualProfile, on_delete=models.PROTECT, related_name="nil_reason", verbose_name="年度基本情况"
    )
    reason = models.TextField("零报告理由")

    class Meta:
        verbose_name = verbose_name_plural = "零报告"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(reason=""),
                name="nil_report_with_reason",
                violation_error_message="请写明零报告的理由",
            )
        ]

    def __str__(self) -> str:
        return self.reason[:30]


def attachment_path(attachment: Attachment, filename: str) -> str:
    """Name of our making below the year's folder; the uploaded name is kept in the row only."""
    return f"attachments/{attachment.profile_id}/{attachment.sha256}"


class Attachment(OrderedFact):
    """佐证材料: a file with its checksum."""

    indicator = models.ForeignKey(
        Indicator,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="attachments",
        verbose_name="对应指标",
    )
    name = models.CharField("文件名", max_length=200)
    file = models.FileField("文件", upload_to=attachment_path, max_length=200)
    content_type = models.CharField("类型", max_length=100)
    size = models.PositiveBigIntegerField("大小（字节）")
    sha256 = models.CharField("校验值", max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="上传人"
    )
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)

    class Meta(OrderedFact.Meta):
        verbose_name = verbose_name_plural = "佐证材料"

    def __str__(self) -> str:
        return self.name


class Explanation(ProfileFact):
    """The unit's answer to one warning (情况说明), bound to :attr:`reports.findings.Finding.key`."""

    finding = models.CharField("疑点", max_length=200)
    message = models.TextField("疑点内容", blank=True)
    text = models.TextField("情况说明")

    class Meta:
        verbose_name = verbose_name_plural = "情况说明"
        ordering = ["finding"]
        constraints = [
            models.UniqueConstraint(
                fields=("profile", "finding"),
                name="one_explanation_a_finding",
                violation_error_message="这个疑点已有情况说明",
            )
        ]

    def __str__(self) -> str:
        return self.text[:30]


class SectionState(models.Model):
    """Version of one section of the workspace, and what was typed there but could not be understood.

    A save names the version it was opened at; ``rejected`` maps a field's name to the text that was refused, so that
    nothing typed is lost. Not a fact of the year: it is not locked and not part of the dossier.
    """

    profile = models.ForeignKey(AnnualProfile, on_delete=models.CASCADE, related_name="section_states")
    section = models.CharField("部分", max_length=40)
    version = models.PositiveIntegerField("版本", default=0)
    rejected = models.JSONField("未能识别的内容", default=dict)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "填报进度"
        constraints = [
            models.UniqueConstraint(
                fields=("profile", "section"),
                name="one_state_a_section",
                violation_error_message="这一部分的填报进度已经登记",
            )
        ]

    def __str__(self) -> str:
        return f"{self.section} v{self.version}"
