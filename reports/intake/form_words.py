"""Words of the known forms: heads, rows, units, and how a label is compared."""

from __future__ import annotations

import re
from decimal import Decimal

from budgets.tables import TOTAL, Column
from reports.intake.lexicon import canonical_label
from reports.intake.wording import fold, tidy

COLUMNS = {
    "上年决算数": Column.PRIOR_FINAL,
    "年初预算数": Column.INITIAL_BUDGET,
    "年初预算": Column.INITIAL_BUDGET,
    "全年预算数": Column.FULL_BUDGET,
    "全年预算": Column.FULL_BUDGET,
    "调整后预算数": Column.FULL_BUDGET,
    "全年(调整)预算数": Column.FULL_BUDGET,
    "本年预算数": Column.FULL_BUDGET,
    "全年执行数": Column.ACTUAL,
    "预算执行数": Column.ACTUAL,
    "本年决算数": Column.ACTUAL,
    "决算数": Column.ACTUAL,
}
BASE_ROWS = {
    "三公经费": ("three_public", TOTAL),
    "公车购置": ("three_public", "vehicle_purchase"),
    "公务用车购置": ("three_public", "vehicle_purchase"),
    "公车运行维护": ("three_public", "vehicle_running"),
    "公务用车运行维护": ("three_public", "vehicle_running"),
    "出国经费": ("three_public", "abroad"),
    "公务接待": ("three_public", "reception"),
    "项目支出": ("expenditure", "project"),
    "业务工作经费": ("project_detail", "business"),
    "运行维护经费": ("project_detail", "operation"),
    "公用经费": ("running_costs", TOTAL),
    "办公经费": ("running_costs", "office"),
    "水费、电费、差旅费": ("running_costs", "utilities_travel"),
    "会议费、培训费": ("running_costs", "meeting_training"),
    "政府采购金额": ("procurement", "procurement"),
}
GROUPS = {"三公经费": "three_public", "项目支出": "project_detail", "公用经费": "running_costs"}
"""Rows of 基础数据表 below which the unit's own rows belong to a table."""
COMPUTED = frozenset(
    ["公务用车购置和维护经费", "公务用车购置及运行维护费", "收入总计", "支出总计", "部门基本支出预算调整"]
)
INDICATOR_COLUMNS = {
    "一级指标": "level1",
    "二级指标": "level2",
    "三级指标": "name",
    "指标名称": "name",
    "年度指标值": "target",
    "指标值": "target",
    "年初指标值": "target",
    "实际完成值": "actual",
    "全年完成值": "actual",
    "完成值": "actual",
    "实际完成情况": "actual",
    "分值": "weight",
    "权重": "weight",
    "指标权重": "weight",
    "得分": "self_score",
    "自评得分": "self_score",
    "指标得分": "self_score",
    "偏差原因分析及改进措施": "deviation",
    "偏差原因分析": "deviation",
    "未完成原因分析": "deviation",
    "计算方法": "formula",
    "是否核心指标": "core",
}
BUILDING_COLUMNS = {
    "批复规模": "approved_area",
    "实际规模": "actual_area",
    "预算投资": "planned_investment",
    "实际投资": "actual_investment",
}
PROJECT_COLUMNS = {
    **dict.fromkeys(("上年决算数",), "prior_final"),
    **dict.fromkeys(("年初预算数", "年初预算", "年初预算金额"), "initial_budget"),
    **dict.fromkeys(
        (
            "预算数",
            "预算",
            "预算金额",
            "预算安排",
            "预算安排数",
            "全年预算数",
            "全年预算",
            "调整后预算数",
            "安排数",
            "安排资金",
        ),
        "full_budget",
    ),
    **dict.fromkeys(
        (
            "到位数",
            "到位资金",
            "到位金额",
            "资金到位数",
            "下达数",
            "下达资金",
            "拨付数",
            "拨付资金",
            "实际到位数",
        ),
        "allocated",
    ),
    **dict.fromkeys(
        (
            "支出数",
            "支出",
            "支出金额",
            "实际支出",
            "实际支出数",
            "执行数",
            "全年执行数",
            "决算数",
            "使用数",
            "使用金额",
            "实际使用数",
        ),
        "spent",
    ),
}
"""Heads of a table that lists projects (专项资金使用情况表)."""
LEFT_OVER = ("结余", "结余数", "结余资金", "结转结余", "结余金额", "年末结余", "结转数", "结转结余数")
COMPUTED_OF_PROJECTS = frozenset([*LEFT_OVER, "序号", "执行率", "预算执行率", "支出进度", "完成率"])
SUMS = ("合计", "总计", "小计")
UNITS = {"万元": Decimal(10000), "千元": Decimal(1000), "元": Decimal(1)}
BLANKS = frozenset(["", "-", "—", "--", "——", "/", "无"])
ROUNDED = Decimal(50)
"""元 by which a figure of two decimals in 万元 may differ from the exact one."""
NOT_APPLICABLE = "不适用"
MOST_POINTS = 1000
UNIT_IN_HEAD = re.compile(r"[（(](?P<unit>万元|千元|元)[）)]")
UNIT_ROW = re.compile(r"(?:金额)?单位[：:]\s*(?:人民币)?\s*(?P<unit>万元|千元|元)")
NUMBERED = re.compile(
    r"^(?:其中[：:]?)?(?:\d{1,2}[、.．]|[（(][一二三四五六七八九十\d]{1,2}[）)])?(?:其中[：:])?"
)


def label_of(text: str) -> str:
    """A row's label without numbering, 其中, spaces and quotation marks."""
    words = canonical_label(re.sub(r"\s", "", fold(text)))
    words = UNIT_IN_HEAD.sub("", words)
    return NUMBERED.sub("", words).rstrip("：:")


def words_of(text: str) -> str:
    """Words of a cell, one line a paragraph, without typesetting spaces."""
    return "\n".join(line for part in fold(text).split("\n") if (line := tidy(part)))
