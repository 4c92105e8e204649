"""Goals and indicators of one department-year (绩效目标与指标), of the department or of one of its projects."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from budgets.models import Project
from departments.models import Department, Region
from departments.models.year import OrderedFact, ProfileFact
from departments.querysets import DepartmentScoped
from indicators.approved import Approved
from indicators.policy import Policy, PolicyError, build_policy, build_rule


class PointsField(models.DecimalField):
    """Weight or score in points (分), 0 to 100; empty means not stated."""

    def __init__(self, verbose_name: str | None = None, **kwargs: object) -> None:
        kwargs.update({"max_digits": 5, "decimal_places": 2})
        super().__init__(verbose_name, **{"null": True, "blank": True, **kwargs})


def _points(name: str, label: str, *, above_zero: bool = False) -> models.CheckConstraint:
    low = {f"{name}__gt": 0} if above_zero else {f"{name}__gte": 0}
    return models.CheckConstraint(
        condition=Q(**{f"{name}__isnull": True}) | Q(**low, **{f"{name}__lte": 100}),
        name=f"%(class)s_{name}_in_points",
        violation_error_message=f"{label}应{'大于0' if above_zero else '不小于0'}且不超过100",
    )


def validate_rule(data: object) -> None:
    """An indicator's own rule has the shape of a policy's rule, or is empty."""
    try:
        build_rule(data)
    except PolicyError as error:
        raise ValidationError(str(error)) from None


class Goal(OrderedFact):
    """年度总体目标."""

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, null=True, blank=True, related_name="goals", verbose_name="项目"
    )
    expected = models.TextField("预期目标", blank=True)
    actual = models.TextField("实际完成情况", blank=True)

    class Meta(OrderedFact.Meta):
        verbose_name = verbose_name_plural = "年度总体目标"
        constraints = [
            models.UniqueConstraint(
                fields=("profile", "uid"),
                name="goal_row_once",
                violation_error_message="这一行目标已经保存过",
            )
        ]

    def __str__(self) -> str:
        return self.expected[:30]


class Indicator(OrderedFact):
    """One third-level indicator (三级指标)."""

    project = models.ForeignKey(
        Project,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="indicators",
        verbose_name="项目",
    )
    level1 = models.CharField("一级指标", max_length=30, blank=True)
    level2 = models.CharField("二级指标", max_length=30, blank=True)
    name = models.CharField("三级指标", max_length=200)
    target = models.CharField("年度指标值", max_length=200, blank=True)
    actual = models.CharField("实际完成值", max_length=200, blank=True)
    weight = PointsField("分值")
    self_score = PointsField("自评得分", help_text="不填则采用系统按规则计算的得分")
    not_applicable = models.BooleanField("不适用", default=False)
    not_applicable_reason = models.CharField("不适用原因", max_length=200, blank=True)
    formula = models.CharField("计算方法", max_length=300, blank=True)
    core = models.BooleanField("核心指标", default=False)
    evidence = models.TextField("佐证材料和取值方法", blank=True)
    deviation_reason = models.TextField("偏差原因分析", blank=True)
    improvement = models.TextField("改进措施", blank=True)
    rule = models.JSONField("评分规则", default=dict, blank=True, validators=[validate_rule])

    class Meta(OrderedFact.Meta):
        verbose_name = verbose_name_plural = "绩效指标"
        constraints = [
            models.UniqueConstraint(
                fields=("profile", "uid"),
                name="indicator_row_once",
                violation_error_message="这一行指标已经保存过",
            ),
            _points("weight", "分值", above_zero=True),
            _points("self_score", "自评得分"),
        ]

    def __str__(self) -> str:
        return self.name


class SelfAssessment(ProfileFact):
    """The unit's own result (自评得分) for the whole department or for one project."""

    project = models.OneToOneField(
        Project,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="assessment",
        verbose_name="项目",
    )
    score = PointsField("自评得分", help_text="不填则采用系统评分")
    grade = models.CharField("自评等级", max_length=10, blank=True)
    raise_reason = models.TextField("自评得分高于系统评分的理由", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "自评结果"
        constraints = [
            models.UniqueConstraint(
                fields=("profile",),
                condition=Q(project__isnull=True),
                name="one_department_assessment_a_year",
                violation_error_message="该单位这一年度的自评结果已经存在",
            ),
            _points("score", "自评得分"),
        ]

    def __str__(self) -> str:
        return f"{self.project or self.profile} 自评结果"


class PolicyVersion(models.Model):
    """A bureau's own scoring policy (评分办法) in one version. A change is a new version: the row is never changed."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="policies", verbose_name="区县")
    name = models.CharField("名称代号", max_length=40)
    version = models.CharField("版本", max_length=10)
    label = models.CharField("名称", max_length=60)
    content = models.JSONField("内容")
    based_on = models.CharField("来源", max_length=60, help_text="复制自哪个评分办法的哪个版本")
    change = models.CharField("修改说明", max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="制定人"
    )
    created_at = models.DateTimeField("制定时间", auto_now_add=True)

    append_only = True

    class Meta:
        verbose_name = verbose_name_plural = "评分办法版本"
        ordering = ["region", "name", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=("region", "name", "version"),
                name="policy_version_once",
                violation_error_message="这个评分办法已有同样的版本",
            )
        ]

    def __str__(self) -> str:
        return f"{self.label} 第{self.version}版"

    @property
    def title(self) -> str:
        """Name and version, as a round and a scorecard carry it."""
        return f"{self.name}@{self.version}"

    @property
    def policy(self) -> Policy:
        """The policy itself. Raises :class:`~indicators.policy.PolicyError`."""
        return build_policy(self.content, self.title)


class ApprovedTargets(models.Model):
    """Goals and indicators as approved with the budget (批复的绩效目标), in immutable versions: the highest number holds."""

    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="approved_targets", verbose_name="单位"
    )
    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveIntegerField("版次")
    content = models.JSONField("内容")
    fingerprint = models.CharField("数据指纹", max_length=64)
    source = models.CharField("来源文件", max_length=200)
    reason = models.CharField("更换理由", max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="导入人"
    )
    at = models.DateTimeField("导入时间", auto_now_add=True)

    append_only = True

    objects = DepartmentScoped.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "批复的绩效目标"
        ordering = ["department", "-year", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=("department", "year", "number"),
                name="approved_targets_version_once",
                violation_error_message="该单位这一年度的批复目标已有同样的版次",
            ),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""),
                name="approved_targets_replaced_with_reason",
                violation_error_message="更换已批复的绩效目标要写明理由",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2000, year__lte=2100),
                name="approved_targets_year_plausible",
                violation_error_message="年度应在2000年至2100年之间",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.year}年度批复目标第{self.number}版"

    @property
    def approved(self) -> Approved:
        """The frozen set."""
        return Approved.model_validate(self.content)
