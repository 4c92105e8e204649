"""What a file says, kept between its preview and the decision what to take in; never the file itself."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from departments.models import AnnualProfile, Department, Region
from departments.querysets import ProfileScoped, RegionScoped


class Import(models.Model):
    """One file read for one year's report (导入)."""

    profile = models.ForeignKey(
        AnnualProfile, on_delete=models.PROTECT, related_name="imports", verbose_name="年度资料"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="上传人"
    )
    name = models.CharField("文件名", max_length=200)
    kind = models.CharField("种类", max_length=20)
    content = models.JSONField("读出的内容")
    marked = models.BinaryField("标出问题的工作簿", null=True, blank=True)
    at = models.DateTimeField("上传时间", auto_now_add=True)
    done_at = models.DateTimeField("写入时间", null=True, blank=True)

    objects = ProfileScoped.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "导入"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name

    def finish(self, titles: list[str]) -> None:
        """Keep only that it was done: what was read is in the report now."""
        self.done_at = timezone.now()
        self.content = {"kind": self.kind, "written": titles, "unread": [], "complaints": [], "notes": []}
        self.marked = None
        self.save(update_fields=["done_at", "content", "marked"])


class FieldOrigin(models.Model):
    """Where the value of one field was read (来源): kept after the import, one a field, that of the newest import."""

    profile = models.ForeignKey(
        AnnualProfile, on_delete=models.PROTECT, related_name="field_origins", verbose_name="年度资料"
    )
    where = models.CharField("栏目", max_length=200)
    """Path of the field in the workspace."""
    value = models.TextField("读入的值")
    source = models.CharField("读自", max_length=200, blank=True)
    words = models.TextField("原文", blank=True)
    read = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="origins", verbose_name="导入")

    objects = ProfileScoped.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "数据来源"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=("profile", "where"),
                name="field_origin_once",
                violation_error_message="这个栏目的来源已经保存过",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.words}".strip()


class UnreadPassage(models.Model):
    """A passage of an imported file that has no field, or a doubt put as a question (未读入的内容), until it is dealt with."""

    profile = models.ForeignKey(
        AnnualProfile, on_delete=models.PROTECT, related_name="unread_passages", verbose_name="年度资料"
    )
    section = models.CharField("部分", max_length=60)
    """Key of the section of the workspace under which it is shown."""
    source = models.CharField("读自", max_length=200, blank=True)
    words = models.TextField("原文", blank=True)
    question = models.TextField("疑问", blank=True)
    read = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="passages", verbose_name="导入")
    answer = models.TextField("答复", blank=True)
    settled_at = models.DateTimeField("处理时间", null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="处理人",
    )

    objects = ProfileScoped.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "未读入的内容"
        ordering = ["id"]
        indexes = [models.Index(fields=("profile", "section"), name="unread_passage_of_section")]

    def __str__(self) -> str:
        return self.question or self.words


class TargetsImport(models.Model):
    """One workbook of approved targets read for a region's year (导入批复的绩效目标)."""

    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="targets_imports", verbose_name="区县"
    )
    year = models.PositiveSmallIntegerField("年度")
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="只更换这个单位"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="上传人"
    )
    name = models.CharField("文件名", max_length=200)
    content = models.JSONField("读出的内容")
    at = models.DateTimeField("上传时间", auto_now_add=True)
    done_at = models.DateTimeField("写入时间", null=True, blank=True)

    objects = RegionScoped.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "批复目标导入"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name

    def finish(self) -> None:
        """Keep only that it was done: what was read stands in the approved targets now."""
        self.done_at = timezone.now()
        self.content = {}
        self.save(update_fields=["done_at", "content"])
