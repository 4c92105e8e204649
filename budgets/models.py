"""One department-year's money (资金): lines, projects, adjustments, buildings. Amounts in 元, Decimal(18, 2)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from budgets.choices import AdjustmentCause
from budgets.tables import COLUMN_LABELS, TABLES, Column
from departments.models.year import OrderedFact, ProfileFact


class YuanField(models.DecimalField):
    """Amount in 元; empty means not stated."""

    def __init__(self, verbose_name: str | None = None, **kwargs: object) -> None:
        kwargs.update({"max_digits": 18, "decimal_places": 2})
        super().__init__(verbose_name, **{"null": True, "blank": True, **kwargs})


class Line(OrderedFact):
    """One row of a table of :mod:`budgets.tables`; the control total is the row with key ``total``."""

    table = models.CharField("表", max_length=20, choices=[(key, spec.label) for key, spec in TABLES.items()])
    key = models.CharField("行", max_length=40)
    label = models.CharField("项目", max_length=100)
    prior_final = YuanField(COLUMN_LABELS[Column.PRIOR_FINAL])
    initial_budget = YuanField(COLUMN_LABELS[Column.INITIAL_BUDGET])
    full_budget = YuanField(COLUMN_LABELS[Column.FULL_BUDGET])
    actual = YuanField(COLUMN_LABELS[Column.ACTUAL])

    class Meta(OrderedFact.Meta):
        verbose_name = verbose_name_plural = "收支明细"
        constraints = [
            models.UniqueConstraint(
                fields=("profile", "table", "key"),
                name="one_line_a_row",
                violation_error_message="这一行已经填过",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_table_display()} {self.label}"


class Project(OrderedFact):
    """One project's funds (项目资金); its own goals and indicators hang on it from the floor above."""

    name = models.CharField("项目名称", max_length=200)
    prior_final = YuanField("上年决算数")
    initial_budget = YuanField("年初预算数")
    full_budget = YuanField("全年预算数")
    allocated = YuanField("下达（到位）资金")
    spent = YuanField("全年执行数")
    manager_office = models.CharField("管理机构", max_length=100, blank=True)

    class Meta(OrderedFact.Meta):
        verbose_name = verbose_name_plural = "项目资金"
        constraints = [
            models.UniqueConstraint(
                fields=("profile", "uid"),
                name="project_row_once",
                violation_error_message="这一行项目已经保存过",
            ),
            models.CheckConstraint(
                condition=~Q(name=""), name="project_named", violation_error_message="请填写项目名称"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Adjustment(OrderedFact):
    """One budget adjustment (预算调整)."""

    amount = YuanField("调整金额", help_text="追加填正数，调减填负数")
    cause = models.CharField("调整原因", max_length=20, choices=AdjustmentCause.choices, blank=True)
    document = models.CharField("文号或依据", max_length=100, blank=True)
    explanation = models.CharField("说明", max_length=300, blank=True)

    class Meta(OrderedFact.Meta):
        verbose_name = verbose_name_plural = "预算调整"
        constraints = [
            models.UniqueConstraint(
                fields=("profile", "uid"),
                name="adjustment_row_once",
                violation_error_message="这一行调整已经保存过",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_cause_display()} {self.amount}"


class Building(OrderedFact):
    """楼堂馆所 finished in the year (年度完工项目)."""

    name = models.CharField("项目名称", max_length=200)
    approved_area = models.DecimalField(
        "批复规模（㎡）", max_digits=12, decimal_places=2, null=True, blank=True
    )
    actual_area = models.DecimalField(
        "实际规模（㎡）", max_digits=12, decimal_places=2, null=True, blank=True
    )
    planned_investment = YuanField("预算投资")
    actual_investment = YuanField("实际投资")

    class Meta(OrderedFact.Meta):
        verbose_name = verbose_name_plural = "楼堂馆所"
        constraints = [
            models.UniqueConstraint(
                fields=("profile", "uid"),
                name="building_row_once",
                violation_error_message="这一行已经保存过",
            ),
            models.CheckConstraint(
                condition=(Q(approved_area__isnull=True) | Q(approved_area__gte=0))
                & (Q(actual_area__isnull=True) | Q(actual_area__gte=0)),
                name="building_area_not_negative",
                violation_error_message="面积不能是负数",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FundsStatement(ProfileFact):
    """What the unit says of its money in words (资金情况说明), one a year."""

    frugality = models.TextField("厉行节约保障措施", blank=True)
    execution_explanation = models.TextField("预算执行偏差说明", blank=True)
    project_office = models.CharField("项目资金管理机构", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "资金情况说明"
        constraints = [
            models.UniqueConstraint(
                fields=("profile",),
                name="one_funds_statement_a_year",
                violation_error_message="该单位这一年度的资金情况说明已经存在",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.profile} 资金情况说明"
