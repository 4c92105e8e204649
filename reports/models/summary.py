"""The bureau's own words in the summary report of a round (汇总分析报告)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from reports.models.report import Round


class RoundSummary(models.Model):
    """What the bureau adds to the generated summary report of one round. Every save is in the audit log."""

    round = models.OneToOneField(
        Round, on_delete=models.PROTECT, related_name="summary", verbose_name="自评任务"
    )
    basics = models.TextField("组织情况", blank=True, max_length=5000)
    problems = models.TextField("存在的问题（补充）", blank=True, max_length=5000)
    reviews = models.TextField("审核和抽查情况（补充）", blank=True, max_length=5000)
    advice = models.TextField("下一步工作建议", blank=True, max_length=5000)
    prepared_by = models.CharField("制表人", blank=True, max_length=50)
    dated = models.DateField("成文日期", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="修改人"
    )
    at = models.DateTimeField("修改时间", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "汇总报告补充文字"

    def __str__(self) -> str:
        return f"{self.round} 汇总报告"
