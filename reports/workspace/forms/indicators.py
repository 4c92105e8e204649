"""7 绩效指标, and the assessment that a sheet ends with."""

from __future__ import annotations

from django import forms

from budgets.models import Project
from departments.models import AnnualProfile
from indicators.choices import LEVEL1_CHOICES
from indicators.models import Indicator, SelfAssessment
from reports.workspace.fields import PathForm, PickField, PointsField, TextField, TickField, WordsField
from reports.workspace.forms.layout import placed, wide
from reports.workspace.rows import ObjectPart, Part, RowsPart

LEVEL2_LIST = "level2"
"""Start of the ``id`` of the lists of second-level names; scripts add the position of the first-level one."""


class IndicatorForm(PathForm):
    """One third-level indicator."""

    level1 = PickField(label="一级指标", max_length=30, options=LEVEL1_CHOICES)
    level2 = WordsField(
        label="二级指标",
        max_length=30,
        widget=forms.TextInput(attrs={"list": LEVEL2_LIST, "class": "form-control", "autocomplete": "off"}),
    )
    name = TextField(label="三级指标", rows=1, max_length=200)
    target = TextField(label="年度指标值", rows=1, max_length=200)
    actual = TextField(label="实际完成值", rows=1, max_length=200)
    weight = PointsField(label="分值", above_zero=True)
    self_score = PointsField(label="自评得分")
    not_applicable = TickField(label="本年度不适用（不计分，其他指标按比例折算）")
    not_applicable_reason = WordsField(label="不适用原因", max_length=200)
    core = TickField(label="核心指标")
    formula = WordsField(label="计算方法", max_length=300)
    evidence = TextField(label="佐证材料和取值方法")
    deviation_reason = TextField(label="偏差原因分析")
    improvement = TextField(label="改进措施")

    main = ("level1", "level2", "name", "target", "actual", "weight", "self_score")
    units = {"weight": "分", "self_score": "分"}

    @property
    def main_fields(self) -> list:
        return [self[name] for name in self.main]

    @property
    def has_details(self) -> bool:
        """Whether a detail has something to show: then it is not folded away."""
        errors, comments = self.errors, self.surroundings.comments
        return any(
            name in errors or self.add_prefix(name) in comments
            for name in self.fields
            if name not in self.main
        )

    @property
    def details_filled(self) -> int:
        """Number of details filled in."""
        return sum(bool(self.cleaned_data.get(name)) for name in self.fields if name not in self.main)


class AssessmentForm(PathForm):
    """The unit's own result."""

    score = PointsField(label="自评得分", help_text="不填则采用系统评分；可以下调，上调要说明理由")
    grade = PickField(
        label="自评等级",
        max_length=10,
        help_text="不填则由自评得分确定",
        options=[(word, word) for word in ("优", "良", "中", "差")],
    )
    raise_reason = TextField(label="自评得分高于系统评分的理由", help_text="自评得分不高于系统评分时不填")

    units = {"score": "分"}
    columns = (placed("score", 6), placed("grade", 6), wide("raise_reason"))


def indicators_part(prefix: str = "indicators", project: Project | None = None) -> RowsPart:
    """Indicators of the department, or of one project under ``prefix``."""
    return RowsPart(
        prefix,
        IndicatorForm,
        Indicator,
        title="绩效指标",
        template="workspace/rows_indicators.html",
        name_field="name",
        name_needed="请填写三级指标名称，不需要这一行请删除",
        add_label="增加一条指标",
        only={"project": project},
    )


def assessment_part(prefix: str = "assessment", project: Project | None = None) -> ObjectPart:
    """Assessment of the department, or of one project."""

    def get(profile: AnnualProfile) -> SelfAssessment:
        found = SelfAssessment.objects.filter(profile=profile, project=project).first()
        return found or SelfAssessment(profile=profile, project=project)

    return ObjectPart(prefix, AssessmentForm, get)


def parts() -> list[Part]:
    return [indicators_part()]
