"""Goals and indicators of one department-year as the dossier carries them, frozen."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field, PlainSerializer

from budgets.money import plain
from departments.dossier import Part
from indicators.policy import Rule

Points = Annotated[
    Decimal,
    Field(max_digits=7, decimal_places=2, allow_inf_nan=False),
    PlainSerializer(plain, return_type=str, when_used="json"),
]
"""Score or weight in points (分)."""


class Goal(Part):
    """年度总体目标: expected and actual, in the unit's words."""

    expected: str = ""
    actual: str = ""


class Indicator(Part):
    """One third-level indicator (三级指标). Target and actual are kept as typed; :mod:`indicators.values` reads them."""

    key: str
    level1: str = ""
    """一级指标, e.g. 产出指标."""
    level2: str = ""
    """二级指标, e.g. 数量指标."""
    name: str
    target: str | None = None
    """年度指标值 as typed; ``None`` when not stated."""
    actual: str | None = None
    """实际完成值 as typed; ``None`` when not stated."""
    weight: Points | None = None
    """分值."""
    self_score: Points | None = None
    """自评得分 that the unit states for this line; ``None`` takes the computed one."""
    not_applicable: bool = False
    """不适用: left out and re-scaled, with ``not_applicable_reason``."""
    not_applicable_reason: str = ""
    formula: str = ""
    """计算方法."""
    direction: str = ""
    """指标性质 where the form states it apart from the target: ≥ ≤ = > < or 定性."""
    core: bool = False
    """是否核心指标."""
    evidence: str = ""
    """佐证材料 and how the actual value was obtained."""
    deviation_reason: str = ""
    """偏差原因分析."""
    improvement: str = ""
    """改进措施."""
    rule: Rule | None = Field(default=None, exclude_if=lambda rule: rule is None)
    """评分规则 of this indicator alone; it wins over the policy's. Left out of the JSON where there is none."""


class SelfAssessment(Part):
    """What the unit claims of its own result (自评得分, 自评等级)."""

    score: Points | None = None
    grade: str = ""
    raise_reason: str = ""
    """Why the unit's own score is above the computed one."""
    execution_weight: Points | None = None
    """Stated weight, rate and score of 预算执行率, where a source states them."""
    execution_rate: str = ""
    execution_score: Points | None = None


class Sheet(Part):
    """One 自评表: goals, indicators and the claimed result, of the whole department or of one project."""

    goals: tuple[Goal, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    assessment: SelfAssessment = SelfAssessment()


class ProjectSheet(Sheet):
    """A project's own 项目支出绩效自评表; ``project`` is the key of a :class:`budgets.dossier.Project`."""

    project: str


class Indicators(Sheet):
    """The department's 自评表 and those of its projects."""

    projects: tuple[ProjectSheet, ...] = ()
