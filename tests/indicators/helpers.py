"""Short ways to make the parts that the engine takes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from budgets.dossier import Amounts, Money, Table
from budgets.money import from_wan
from departments.dossier import Profile
from indicators.dossier import Indicator, Indicators, SelfAssessment
from indicators.policy import Policy, build_policy, load_policy

PROFILE = Profile(department="示例区档案馆", year=2023)


def money(budget: str | None = "100", spent: str | None = "100", explanation: str = "") -> Money:
    """全年预算数 and 全年执行数 in 万元."""
    total = Amounts(
        full_budget=None if budget is None else from_wan(Decimal(budget)),
        actual=None if spent is None else from_wan(Decimal(spent)),
    )
    return Money(expenditure=Table(stated_total=total), execution_explanation=explanation)


def indicator(
    target: str | None = "≥95%", actual: str | None = "95%", weight: str | None = "10", **fields: Any
) -> Indicator:
    """One indicator of 数量指标."""
    values = {"key": "i", "name": "指标", "level1": "产出指标", "level2": "数量指标"} | fields
    return Indicator(
        target=target, actual=actual, weight=None if weight is None else Decimal(weight), **values
    )


def sheet(*items: Indicator, **assessment: Any) -> Indicators:
    """Indicators and the unit's own result."""
    return Indicators(indicators=items, assessment=SelfAssessment(**assessment))


def full_sheet(**assessment: Any) -> Indicators:
    """Three indicators with 50, 30 and 10 points, all met."""
    return sheet(
        indicator(weight="50", key="a", name="甲"),
        indicator(weight="30", key="b", name="乙", level1="效益指标", level2="社会效益指标"),
        indicator(weight="10", key="c", name="丙", level1="满意度指标", level2="服务对象满意度指标"),
        **assessment,
    )


def policy(name: str = "national-2020-10", **changes: Any) -> Policy:
    """A preset with some values replaced."""
    data = load_policy(name).model_dump(mode="json")
    for key, value in changes.items():
        data[key] = {**data[key], **value} if isinstance(value, dict) else value
    return build_policy(data)
