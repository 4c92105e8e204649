"""The line tables of 部门整体支出绩效自评表 and 基础数据表 as data: which rows and columns each one has.

Forms, dossier, checks and printed tables all read this one list. Sources: 自评表 and 基础数据表 of a Hengyang county for
2023 (domain notes 3.1, 3.2); rows of 收入决算表 (公开02表) and 支出决算表 (公开03表); 三公经费 rows of 公开09表.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Column(StrEnum):
    """Amount columns of a line; the value is the attribute's name everywhere (model, form, dossier)."""

    PRIOR_FINAL = "prior_final"
    INITIAL_BUDGET = "initial_budget"
    FULL_BUDGET = "full_budget"
    ACTUAL = "actual"


COLUMN_LABELS = {
    Column.PRIOR_FINAL: "上年决算数",
    Column.INITIAL_BUDGET: "年初预算数",
    Column.FULL_BUDGET: "全年预算数",
    Column.ACTUAL: "全年执行数（决算数）",
}
ALL_COLUMNS = tuple(Column)
TOTAL = "total"


@dataclass(frozen=True)
class RowSpec:
    key: str
    label: str
    group: str = ""
    """Row of which this one is a part (其中), e.g. 公车购置 is a part of 公务用车购置和维护经费."""


@dataclass(frozen=True)
class TableSpec:
    key: str
    label: str
    rows: tuple[RowSpec, ...]
    columns: tuple[Column, ...] = ALL_COLUMNS
    total_label: str = ""
    """Label of the control total (合计) as the final accounts state it; empty when the table has none."""
    free_rows: bool = False
    """Units add rows of their own."""
    exhaustive: bool = True
    """Whether the rows claim to add up to the total (a list of 其中 need not)."""
    help: str = ""

    def label_of(self, key: str) -> str:
        """Chinese label of a fixed row or of the total; empty for rows that the unit named itself."""
        if key == TOTAL:
            return self.total_label
        return next((row.label for row in self.rows if row.key == key), "")


INCOME_SOURCE = TableSpec(
    key="income_source",
    label="收入（按决算科目）",
    rows=(
        RowSpec("fiscal", "财政拨款收入"),
        RowSpec("superior", "上级补助收入"),
        RowSpec("undertaking", "事业收入"),
        RowSpec("operating", "经营收入"),
        RowSpec("affiliated", "附属单位上缴收入"),
        RowSpec("other", "其他收入"),
    ),
    total_label="本年收入合计",
    help="与《收入决算表》（公开02表）一致",
)
INCOME_NATURE = TableSpec(
    key="income_nature",
    label="收入（按收入性质）",
    rows=(
        RowSpec("general", "一般公共预算"),
        RowSpec("fund", "政府性基金拨款"),
        RowSpec("special_account", "纳入专户管理的非税收入拨款"),
        RowSpec("other", "其他资金"),
    ),
    total_label="年度资金总额",
    help="《部门整体支出绩效自评表》中“按收入性质分”一栏",
)
EXPENDITURE = TableSpec(
    key="expenditure",
    label="支出（按支出性质）",
    rows=(
        RowSpec("basic", "基本支出"),
        RowSpec("project", "项目支出"),
        RowSpec("to_superior", "上缴上级支出"),
        RowSpec("operating", "经营支出"),
        RowSpec("to_affiliated", "对附属单位补助支出"),
    ),
    total_label="本年支出合计",
    help="与《支出决算表》（公开03表）一致；全年预算数是调整后的预算数，不是年初预算数",
)
CARRYOVER = TableSpec(
    key="carryover",
    label="结转结余",
    rows=(
        RowSpec("opening", "年初结转和结余"),
        RowSpec("used_surplus", "使用非财政拨款结余"),
        RowSpec("surplus_allocation", "结余分配"),
        RowSpec("closing", "年末结转和结余"),
    ),
    columns=(Column.PRIOR_FINAL, Column.ACTUAL),
    help="与《收入支出决算总表》（公开01表）一致",
)
THREE_PUBLIC = TableSpec(
    key="three_public",
    label="“三公”经费",
    rows=(
        RowSpec("vehicle_purchase", "公务用车购置费", group="vehicle"),
        RowSpec("vehicle_running", "公务用车运行维护费", group="vehicle"),
        RowSpec("abroad", "因公出国（境）费"),
        RowSpec("reception", "公务接待费"),
    ),
    total_label="“三公”经费合计",
    help="与“三公”经费支出决算表一致；没有发生的填 0",
)
RUNNING_COSTS = TableSpec(
    key="running_costs",
    label="公用经费",
    rows=(
        RowSpec("office", "办公经费"),
        RowSpec("utilities_travel", "水费、电费、差旅费"),
        RowSpec("meeting_training", "会议费、培训费"),
    ),
    total_label="公用经费合计",
    exhaustive=False,
    help="公用经费是基本支出中的商品和服务支出；下列各行是其中数，合计可以大于各行之和",
)
PROJECT_DETAIL = TableSpec(
    key="project_detail",
    label="项目支出明细",
    rows=(RowSpec("business", "业务工作经费"), RowSpec("operation", "运行维护经费")),
    total_label="",
    free_rows=True,
    exhaustive=False,
    help="基本支出以外的支出都列入项目支出；省级专项资金每个专项一行",
)
PROCUREMENT = TableSpec(
    key="procurement",
    label="政府采购",
    rows=(RowSpec("procurement", "政府采购金额"),),
)
ASSETS = TableSpec(
    key="assets",
    label="固定资产（选填）",
    rows=(RowSpec("in_use", "在用固定资产总额"), RowSpec("owned", "固定资产总额")),
    columns=(Column.PRIOR_FINAL, Column.ACTUAL),
    help="用于计算固定资产利用率；没有要求填报的可以不填",
)

TABLES = {
    table.key: table
    for table in (
        INCOME_SOURCE,
        INCOME_NATURE,
        EXPENDITURE,
        CARRYOVER,
        THREE_PUBLIC,
        RUNNING_COSTS,
        PROJECT_DETAIL,
        PROCUREMENT,
        ASSETS,
    )
}
