"""Dossiers whose reports are hard to print and to read back, each for one reason."""

from __future__ import annotations

from decimal import Decimal

from budgets.dossier import Building
from indicators.dossier import Goal, Indicators
from reports.dossier import Dossier, Section
from tests.factories import (
    columns,
    default_goals,
    make_dossier,
    make_indicator,
    make_narrative,
    make_project,
    make_table,
)
from tests.reports.checks.twins import complete, fixture

CLASSES = (
    "数量指标",
    "质量指标",
    "时效指标",
    "成本指标",
    "经济效益指标",
    "社会效益指标",
    "生态效益指标",
    "可持续影响指标",
    "服务对象满意度指标",
)
LONG_UNIT = "示例区人民政府政务服务和大数据管理局（示例区公共资源交易管理委员会办公室、示例区优化营商环境协调事务中心）"
LONG_PROJECT = "二〇二三年度乡村振兴战略规划实施暨农村人居环境整治提升五年行动重点村庄基础设施建设和公共服务配套补助专项资金"
LONG_INDICATOR = (
    "经区人民政府常务会议审议通过并向社会公开征求意见后印发实施的规范性文件合法性审核及公平竞争审查覆盖率"
)


def completed() -> Dossier:
    """The published report with every blank filled in."""
    return complete(fixture("seed_completed.json"))


def long_names() -> Dossier:
    """Names of a unit, of projects and of indicators that run over several lines of a narrow column."""
    amounts = {"prior_final": Decimal(79), "initial_budget": Decimal(80), "full_budget": Decimal("85.50")}
    first = make_project("p-long", LONG_PROJECT, amounts | {"actual": Decimal("83.70")})
    return make_dossier(
        department=LONG_UNIT,
        money={"projects": (first,)},
        indicators=[
            make_indicator(f"{LONG_INDICATOR}（第{number}类）", "≥95%", "96.5%", "10", key=f"long-{number}", level2=level2)
            for number, level2 in enumerate(CLASSES, 1)
        ],
        profile={"main_department": "中共示例区委全面深化改革委员会办公室（区委财经委员会办公室）"},
    )  # fmt: skip


def hundred_indicators() -> Dossier:
    """A hundred indicators over several pages, first and second classes changing in the middle of pages."""
    lines = [
        make_indicator(
            f"第{number:03}项工作完成数量",
            f"≥{number * 10}件",
            f"{number * 10 + number % 3}件",
            "0.9",
            key=f"many-{number}",
            level2=CLASSES[min(number // 12, len(CLASSES) - 1)],
        )
        for number in range(1, 101)
    ]
    return make_dossier(indicators=lines)


def thirty_offices() -> Dossier:
    """Thirty offices and as many duties."""
    offices = tuple(f"第{number}监督管理股（综合业务{number}科）" for number in range(1, 31))
    duties = tuple(f"负责第{number}片区的日常监督、统计和协调工作。" for number in range(1, 31))
    return make_dossier(
        profile={
            "internal_offices": offices,
            "offices_stated": 30,
            "duties": duties,
            "duties_stated": 30,
            "authorized_posts": 1230,
            "staff_on_posts": 1198,
        }
    )


def empty_sections() -> Dossier:
    """Nothing told but the money: no goals, no duties, no offices, no text, no indicators' values."""
    lines = [
        make_indicator(f"工作{number}", None, None, None, key=f"e-{number}", evidence="")
        for number in (1, 2, 3)
    ]
    return make_dossier(
        profile={
            "internal_offices": (),
            "offices_stated": None,
            "duties": (),
            "duties_stated": None,
            "phone": "",
        },
        goals=(),
        indicators=Indicators(indicators=tuple(lines)),
        narrative=make_narrative(**dict.fromkeys((s.key for s in make_narrative()), "")),
        money={"frugality": "", "projects": (), "adjustments": ()},
        attachments=(),
    )


def below_zero() -> Dossier:
    """Figures below zero, zeros, single 元 and hundreds of millions."""
    return make_dossier(
        money={
            "income_source": make_table(
                "income_source",
                total=columns("0", "0", "0", "123456.78"),
                fiscal=columns("0", "0", "0", "123457.79"),
                other=columns("-3.00", "0", "0.01", "-1.01"),
            ),
            "carryover": make_table(
                "carryover",
                opening={"prior_final": "-0.01", "actual": "-12.34"},
                closing={"prior_final": "0", "actual": "-100000.00"},
            ),
            "procurement": make_table("procurement", procurement=columns("0", None, "0", "0")),
            "buildings": (
                Building(
                    name="业务用房（一期）",
                    approved_area=Decimal("1200.5"),
                    actual_area=Decimal(0),
                    planned_investment=Decimal("1234500.00"),
                    actual_investment=Decimal("-500.00"),
                ),
            ),
        },
        indicators=[
            make_indicator("森林面积净增", "≥0公顷", "-3.5公顷", "10", key="a", level2="生态效益指标",
                           deviation_reason="火灾损失", improvement="补植"),
            make_indicator("安全事故起数", "=0起", "0起", "20", key="b", level2="质量指标"),
            make_indicator("单位能耗增幅", "≤-2%", "-2.3%", "10", key="c", level2="经济效益指标"),
        ],
    )  # fmt: skip


def many_lines() -> Dossier:
    """Cells of several lines, brackets of both kinds, full-width signs, quotation marks, formulas' first signs."""
    return make_dossier(
        goals=(
            Goal(
                expected="1.完成档案（含声像档案）数字化50万页；\n2.接收档案3000件(卷)；\n3.举办活动“4场”。",
                actual="1.完成45万页，占90%；\n2.接收3120件；\n3.举办４场。",
            ),
            *default_goals()[1:],
        ),
        indicators=[
            make_indicator(
                "数字化加工数量（含《民国档案》）",
                "≥５０万页",
                "45万页（不含音像）",
                "10",
                key="a",
                deviation_reason="一是纸张脆化；\n二是设备故障（两次）。",
                improvement="1.修复；\n2.更换设备，2024年6月底前完成",
            ),
            make_indicator("=合格率", "≥98％", "99.2％", "8", key="b", level2="质量指标"),
            make_indicator("+新增条目", "定性：健全、完善", "已健全（见附件2）", "6", key="c", level2="可持续影响指标"),
            make_indicator("A/B类档案-占比", "60%-80%", "72%", "6", key="d", level2="社会效益指标"),
        ],
        money={
            "frugality": "一是压缩会议；\n二是（严格）执行“八项规定”；\n三是节约用电3.5%。",
            "projects": (
                make_project("p1", "数字化（一期）", make_amounts("60.00")),
                make_project("p2", "数字化(二期)：设备／耗材", make_amounts("23.70")),
            ),
        },
        narrative=[
            *(s for s in make_narrative() if s.key not in ("problems", "measures")),
            Section(key="problems", title="存在的主要问题",
                    text="1.编制不细（如“其他”占比较高）：\n（1）预算调整12.5万元；\n（2）追加-3万元。\n2.进度偏慢。"),
            Section(key="measures", title="改进措施和有关建议", text="（一）细化预算。\n（二）按月调度。"),
        ],
    )  # fmt: skip


def make_amounts(actual: str) -> dict[str, Decimal]:
    value = Decimal(actual)
    return {"prior_final": value, "initial_budget": value, "full_budget": value, "actual": value}


SAMPLES = {
    "completed": completed,
    "long-names": long_names,
    "hundred-indicators": hundred_indicators,
    "thirty-offices": thirty_offices,
    "empty-sections": empty_sections,
    "below-zero": below_zero,
    "many-lines": many_lines,
}
