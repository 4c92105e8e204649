"""Annex tables: their grids, their figures and the formulas that a workbook will calculate."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain
from pathlib import Path

import pytest

from budgets.dossier import Building, Line
from budgets.tables import TABLES, Column
from indicators.policy import load_policy
from indicators.scoring.engine import score
from indicators.scoring.scorecard import Scorecard
from reports.documents.forms import annexes
from reports.documents.forms.base_data_form import budget_column
from reports.documents.forms.evaluation_form import sheet_name
from reports.documents.model import Annex, Cell, Table
from reports.dossier import Dossier
from reports.intake.case import is_case, read_case
from reports.outline import load_outline
from reports.places import place
from tests.factories import columns, empty_dossier, make_dossier, make_indicator, make_table, yuan

CASES = Path(__file__).parents[2] / "cases"


def dossiers() -> dict[str, Dossier]:
    """Dossiers that no form may break on: the cases, a complete, an empty, a large and an inconsistent one."""
    found = {
        "complete": make_dossier(),
        "empty": empty_dossier(),
        "over budget": make_dossier(spent="264.55", budget="96.24"),
        "no budget": make_dossier(budget="0"),
        "many indicators": make_dossier(
            indicators=[make_indicator(f"指标{n}", key=f"k{n}") for n in range(300)]
        ),
        "mixed classes": make_dossier(
            indicators=[
                make_indicator(f"指标{n}", key=f"k{n}", level2=level2)
                for n, level2 in enumerate(
                    ("数量指标", "社会效益指标", "数量指标", "", "质量指标", "社会效益指标")
                )
            ]
        ),
        "not applicable": make_dossier(
            indicators=[make_indicator("甲", key="a"), make_indicator("乙", key="b", not_applicable=True)]
        ),
        "own rows": make_dossier(
            money={
                "project_detail": make_table("project_detail").model_copy(
                    update={
                        "rows": tuple(
                            Line(key=f"row-{n}", label=f"专项{n}", actual=yuan("1")) for n in range(7)
                        )
                    }
                ),
                "buildings": (
                    Building(name="档案库房", approved_area=Decimal(800), actual_area=Decimal("812.5")),
                    Building(name="查档大厅", planned_investment=yuan("0"), actual_investment=yuan("3")),
                ),
            }
        ),
        "stated total differs": make_dossier(
            money={
                "expenditure": make_table(
                    "expenditure", basic={"actual": "100"}, project={"actual": "50"}, total={"actual": "160"}
                )
            }
        ),
    }
    for path in sorted(CASES.glob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        if is_case(data):
            found[path.stem] = read_case(data)
    return found


DOSSIERS = dossiers()
every_dossier = pytest.mark.parametrize("dossier", DOSSIERS.values(), ids=DOSSIERS.keys())


def card_of(dossier: Dossier) -> Scorecard:
    return score(dossier.profile, dossier.money, dossier.indicators, load_policy(load_outline().policy))


def forms_of(dossier: Dossier) -> tuple[Annex, ...]:
    return annexes(dossier, card_of(dossier), load_outline())


def tables_of(annex: Annex) -> list[Table]:
    return [block for block in annex.blocks if isinstance(block, Table)]


def cells_of(annex: Annex) -> Iterator[Cell]:
    for table in tables_of(annex):
        for row in table.rows:
            yield from row.cells


def lines_of(annex: Annex) -> list[list[str]]:
    """Rows as texts, blank cells left out."""
    return [
        [cell.text for cell in row.cells if cell.text] for table in tables_of(annex) for row in table.rows
    ]


# ------------------------------------------------------------------ grid


def grid_of(table: Table) -> list[list[Cell]]:
    """Every place of the table with the cell that covers it; fails where places are missing or covered twice."""
    width = len(table.widths)
    places: dict[tuple[int, int], Cell] = {}
    for index, row in enumerate(table.rows):
        column = 0
        for cell in row.cells:
            while (index, column) in places:
                column += 1
            for down in range(cell.rowspan):
                for right in range(cell.colspan):
                    place = (index + down, column + right)
                    assert place not in places, (
                        f"{place} is covered twice, by {places[place].text!r} and {cell.text!r}"
                    )
                    places[place] = cell
            column += cell.colspan
    wanted = {(row, column) for row in range(len(table.rows)) for column in range(width)}
    assert places.keys() == wanted, (
        f"missing {sorted(wanted - places.keys())}, extra {sorted(places.keys() - wanted)}"
    )
    return [[places[row, column] for column in range(width)] for row in range(len(table.rows))]


@every_dossier
def test_every_row_covers_every_column_once(dossier: Dossier) -> None:
    for annex in forms_of(dossier):
        for table in tables_of(annex):
            grid_of(table)


@every_dossier
def test_repeated_heads_do_not_hang_into_the_table(dossier: Dossier) -> None:
    for table in chain.from_iterable(map(tables_of, forms_of(dossier))):
        for index, row in enumerate(table.rows[: table.header_rows]):
            assert all(index + cell.rowspan <= table.header_rows for cell in row.cells)


@every_dossier
def test_tables_of_a_sheet_have_the_same_columns(dossier: Dossier) -> None:
    for annex in forms_of(dossier):
        assert len({table.widths for table in tables_of(annex)}) == 1


# ------------------------------------------------------------------ formulas


class Sheet:
    """The tables of an annex one under the other, calculated as a workbook would."""

    def __init__(self, annex: Annex) -> None:
        rows = [row for table in tables_of(annex) for row in grid_of(table)]
        self.places: dict[str, tuple[int, int]] = {}
        self.cells: dict[tuple[int, int], Cell] = {}
        seen: set[int] = set()
        for row, line in enumerate(rows):
            for column, cell in enumerate(line):
                if id(cell) in seen:
                    continue
                seen.add(id(cell))
                self.cells[row, column] = cell
                if cell.name:
                    assert cell.name not in self.places, f"two cells are called {cell.name}"
                    self.places[cell.name] = (row, column)

    def value(self, name: str) -> Decimal | str | None:
        cell = self.cells[self.places[name]]
        return self.calculate(cell.formula) if cell.formula else self.typed(cell)

    @staticmethod
    def typed(cell: Cell) -> Decimal | str | None:
        return Decimal(cell.number) if cell.number is not None else cell.text or None

    def span(self, first: str, last: str) -> list[Decimal | str | None]:
        """Values of a range in one column; a range across columns would take in other figures."""
        (top, left), (bottom, right) = self.places[first], self.places[last]
        assert left == right and top <= bottom
        inside = [self.cells[row, left] for row in range(top, bottom + 1) if (row, left) in self.cells]
        return [self.calculate(cell.formula) if cell.formula else self.typed(cell) for cell in inside]

    def calculate(self, formula: str) -> Decimal | str | None:
        """A small calculator: ``IF COUNT SUM MIN ROUND`` and ``+ - * /`` over named cells and ranges."""
        return self._evaluate(formula.removeprefix("="))

    def _evaluate(self, text: str) -> Decimal | str | None:
        """``IF`` takes only the branch it needs, so that a guarded division by 0 is not carried out."""
        if text.startswith("IF("):
            condition, yes, no = split_arguments(text[3:-1])
            return self._evaluate(yes if self._evaluate(condition) else no)
        text = re.sub(r"\{(\w+)\}:\{(\w+)\}", r"*span('\1','\2')", text)
        text = re.sub(r"\{(\w+)\}", r"value('\1')", text)
        text = re.sub(r"(?<![<>])=", "==", text)
        names = {
            "value": self.value,
            "span": self.span,
            "COUNT": lambda *values: sum(isinstance(value, Decimal) for value in values),
            "SUM": lambda *values: sum((v for v in values if isinstance(v, Decimal)), Decimal(0)),
            "MIN": min,
            "ROUND": lambda value, digits: Decimal(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP),
        }
        return eval(text, {"__builtins__": {}}, names)  # noqa: S307 - our own formulas


def split_arguments(text: str) -> list[str]:
    """Arguments of a call, split at the commas outside brackets and strings."""
    parts, depth, quoted, start = [], 0, False, 0
    for index, sign in enumerate(text):
        quoted ^= sign in "\"'"
        depth += (sign == "(") - (sign == ")") if not quoted else 0
        if sign == "," and depth == 0 and not quoted:
            parts.append(text[start:index])
            start = index + 1
    return [*parts, text[start:]]


@every_dossier
def test_formulas_give_the_printed_numbers(dossier: Dossier) -> None:
    for annex in forms_of(dossier):
        sheet = Sheet(annex)
        for cell in sheet.cells.values():
            if cell.formula is None:
                continue
            result = sheet.calculate(cell.formula)
            if cell.number is None:
                assert (result or "") == cell.text, cell.formula
            else:
                assert isinstance(result, Decimal), cell.formula
                assert abs(result - Decimal(cell.number)) < Decimal("1e-9"), cell.formula


@every_dossier
def test_shown_texts_are_the_numbers(dossier: Dossier) -> None:
    shapes = {"amount": "{:.2f}", "score": "{:.2f}", "integer": "{:.0f}", "percent": "{:.2f}%"}
    for cell in chain.from_iterable(map(cells_of, forms_of(dossier))):
        if cell.number is None:
            continue
        number = Decimal(cell.number) * (100 if cell.format == "percent" else 1)
        rounded = number.quantize(Decimal("0.01"), ROUND_HALF_UP)
        assert shapes[cell.format].format(rounded) == cell.text


def test_the_complete_form_is_live() -> None:
    evaluation, base, *_, accounts = forms_of(make_dossier())
    live = {cell.name for annex in (evaluation, base, accounts) for cell in cells_of(annex) if cell.formula}
    assert {
        "execution_rate",
        "execution_score",
        "weight_total",
        "score_total",
        "income_nature_total",
        "expenditure_total",
        "staff_rate",
        "public_actual",
        "vehicle_actual",
        "project_actual",
        "income_source_total_actual",
        "income_source_grand_actual",
        "expenditure_grand_actual",
    } <= live


def test_a_stated_total_that_differs_is_printed_as_stated_and_not_calculated() -> None:
    dossier = DOSSIERS["stated total differs"]
    cell = next(cell for cell in cells_of(forms_of(dossier)[0]) if cell.name == "expenditure_total")
    assert (cell.text, cell.formula) == ("160.00", None)


def test_a_self_score_below_the_computed_one_is_printed_as_stated() -> None:
    cell = next(
        cell for cell in cells_of(forms_of(make_dossier(self_score="95"))[0]) if cell.name == "score_total"
    )
    assert (cell.text, cell.formula) == ("95.00", None)


# ------------------------------------------------------------------ 部门整体支出绩效自评表


def test_self_evaluation_form_upper_half() -> None:
    form = forms_of(make_dossier())[0]
    assert form.title == "2023年度部门整体支出绩效自评表"
    assert form.landscape
    assert lines_of(form)[:11] == [
        ["预算部门名称", "中共示例区委办公室", "单位名称", "示例区档案馆"],
        ["年度预算申请（万元）", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "自评得分"],
        ["年度资金总额", "200.00", "210.00", "206.00", "10", "98.10%", "9.81"],
        ["按收入性质分", "206.00", "按支出性质分", "206.00"],
        ["　其中：一般公共预算", "205.00", "　其中：基本支出", "122.30"],
        ["　政府性基金拨款", "0.00", "　项目支出", "83.70"],
        ["　纳入专户管理的非税收入拨款", "0.00"],
        ["　其他资金", "1.00"],
        ["年度总体目标", "预期目标", "实际完成情况"],
        [
            "完成馆藏档案数字化加工50万页，接收进馆档案3000件以上。",
            "完成数字化加工45万页，接收进馆档案3120件，剩余5万页转入下一年度完成。",
        ],
        [
            "为群众提供便捷的查档服务，服务对象满意度达到90%以上。",
            "全年接待查档2150人次，服务对象满意度94%。",
        ],
    ]


def test_self_evaluation_form_indicators_total_and_foot() -> None:
    form = forms_of(make_dossier())[0]
    lower = tables_of(form)[1]
    assert lower.header_rows == 2
    rows = lines_of(form)[-16:]
    assert rows[0] == ["绩效指标"]
    assert rows[1] == [
        "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"
    ]  # fmt: skip
    assert rows[2] == [
        "产出指标",
        "数量指标",
        "档案数字化加工数量",
        "≥50万页",
        "45万页",
        "10",
        "9.00",
        "偏差原因：部分民国档案纸张脆化，须先修复再扫描，进度慢于计划。\n"
        "改进措施：由信息技术股在下一年度6月底前完成剩余5万页的修复和扫描。",
    ]
    assert rows[3] == ["接收进馆档案数量", "≥3000件", "3120件", "8", "8.00"]
    assert rows[-2] == ["总分", "100", "98.81", "自评等级：优"]
    assert rows[-1] == [
        "填表人：周同志",
        "填报日期：2024年3月15日",
        "联系电话：0734-8000000",
        "单位负责人签字：",
    ]


def test_classes_are_merged_even_when_the_list_mixes_them() -> None:
    table = tables_of(forms_of(DOSSIERS["mixed classes"])[0])[1]
    grid = grid_of(table)[2:-2]
    firsts = [row[0].text for row in grid]
    assert firsts == ["产出指标"] * 4 + ["效益指标"] * 2
    assert [row[1].text for row in grid] == [
        "数量指标",
        "数量指标",
        "",
        "质量指标",
        "社会效益指标",
        "社会效益指标",
    ]


def test_an_empty_form_offers_the_usual_classes() -> None:
    table = tables_of(forms_of(empty_dossier())[0])[1]
    grid = grid_of(table)[2:-2]
    assert [row[1].text for row in grid][:4] == ["数量指标", "质量指标", "时效指标", "成本指标"]
    assert all(cell.text == "" for row in grid for cell in row[2:])


def test_not_applicable_is_neither_blank_nor_zero() -> None:
    form = forms_of(DOSSIERS["not applicable"])[0]
    row = next(line for line in lines_of(form) if "乙" in line)
    assert row.count("不适用") == 2


def test_rare_kinds_of_expenditure_are_listed_when_there_are_any() -> None:
    spending = make_table(
        "expenditure", basic={"actual": "1"}, operating={"actual": "2"}, to_superior={"actual": "0"}
    )
    words = [cell.text for cell in cells_of(forms_of(make_dossier(money={"expenditure": spending}))[0])]
    assert "　经营支出" in words
    assert "　上缴上级支出" not in words


def test_no_rate_over_a_budget_of_zero() -> None:
    form = forms_of(make_dossier(budget="0"))[0]
    cell = next(cell for cell in cells_of(form) if cell.name == "execution_rate")
    assert (cell.text, cell.number) == ("—", None)


def test_the_seed_form_prints_the_rate_and_the_stated_score() -> None:
    form = forms_of(DOSSIERS["shigu-rongmeiti-2023"])[0]
    by_name = {cell.name: cell.text for cell in cells_of(form) if cell.name}
    assert by_name["execution_rate"] == "274.89%"
    assert by_name["initial"] == ""
    assert by_name["score_total"] == "100.00"


def test_cells_lead_to_their_fields() -> None:
    wheres = {cell.where for annex in forms_of(make_dossier()) for cell in cells_of(annex)}
    assert {
        "money.expenditure.project.actual",
        "money.expenditure.total.full_budget",
        "money.three_public.reception.prior_final",
        "money.income_source.fiscal.initial_budget",
        "money.carryover.closing.actual",
        "indicators.digitised.actual",
        "assessment.score",
        "goals.0.expected",
        "profile.authorized_posts",
        "money.projects.storage.spent",
        "project_sheets.storage.goals.0.actual",
        "project_sheets.storage.assessment.score",
        "project_sheets.storage.indicators.storage_safe.actual",
    } <= wheres


@every_dossier
def test_every_cell_leads_to_a_known_place(dossier: Dossier) -> None:
    for cell in chain.from_iterable(map(cells_of, forms_of(dossier))):
        if cell.where:
            assert place(cell.where, dossier).label != "整份报告", cell.where


# ------------------------------------------------------------------ 基础数据表


def test_base_data_form_as_published() -> None:
    form = forms_of(make_dossier())[1]
    assert form.title == "2023年度基础数据表"
    assert lines_of(form) == [
        ["单位名称", "示例区档案馆"],
        ["财政供养人员情况（人）", "编制数", "当年实际在职人数", "控制率"],
        ["12", "11", "91.67%"],
        ["经费控制情况（万元）", "上年决算数", "本年预算数", "本年决算数"],
        ["三公经费", "2.60", "2.50", "2.30"],
        ["　1、公务用车购置和维护经费", "1.80", "1.80", "1.70"],
        ["　　其中：公车购置", "0.00", "0.00", "0.00"],
        ["　　　　　公车运行维护", "1.80", "1.80", "1.70"],
        ["　2、出国经费", "0.00", "0.00", "0.00"],
        ["　3、公务接待", "0.80", "0.70", "0.60"],
        ["项目支出", "79.00", "85.50", "83.70"],
        ["　1、业务工作经费", "47.40", "51.30", "50.22"],
        ["　2、运行维护经费", "31.60", "34.20", "33.48"],
        ["公用经费", "18.40", "18.00", "17.60"],
        ["　其中：办公经费", "5.20", "5.00", "4.90"],
        ["　　　　水费、电费、差旅费", "7.60", "7.50", "7.30"],
        ["　　　　会议费、培训费", "1.60", "1.50", "1.40"],
        ["政府采购金额", "26.00", "30.00", "28.50"],
        ["部门基本支出预算调整", "—", "4.50", "—"],
        [
            "楼堂馆所控制情况（年度完工项目）",
            "批复规模（㎡）",
            "实际规模（㎡）",
            "规模控制率",
            "预算投资（万元）",
            "实际投资（万元）",
            "投资概算控制率",
        ],
        [],
        ["厉行节约保障措施", make_dossier().money.frugality],
        ["填表人：周同志", "填报日期：2024年3月15日", "联系电话：0734-8000000", "单位负责人签字："],
    ]
    assert tables_of(form)[0].note.startswith("说明：“项目支出”需要填报基本支出以外的所有项目支出情况")


def test_buildings_have_a_row_each_and_their_rates() -> None:
    rows = lines_of(forms_of(DOSSIERS["own rows"])[1])
    assert ["档案库房", "800.00", "812.50", "101.56%"] in rows
    assert ["查档大厅", "0.00", "3.00", "—"] in rows


def test_every_special_fund_has_its_row() -> None:
    rows = lines_of(forms_of(DOSSIERS["own rows"])[1])
    assert ["　3、专项0", "1.00"] in rows
    assert ["　9、专项6", "1.00"] in rows


def test_running_costs_are_not_summed_from_a_partial_list() -> None:
    costs = make_table("running_costs", office=columns("1", "1", "1", "1"))
    rows = lines_of(forms_of(make_dossier(money={"running_costs": costs}))[1])
    assert ["公用经费"] in rows


@pytest.mark.parametrize(
    ("amounts", "column"),
    [
        ({"full_budget": "1", "initial_budget": "2"}, Column.FULL_BUDGET),
        ({"initial_budget": "2"}, Column.INITIAL_BUDGET),
        ({"actual": "2"}, Column.FULL_BUDGET),
    ],
)
def test_this_years_budget_is_the_adjusted_one_where_there_is_one(
    amounts: dict[str, str], column: Column
) -> None:
    assert budget_column(make_table("procurement", procurement=amounts)) is column


# ------------------------------------------------------------------ project forms and final accounts


def test_project_forms_are_printed_for_projects_with_a_sheet() -> None:
    forms = forms_of(make_dossier())
    assert [form.title for form in forms[2:4]] == [
        "2023年度项目支出绩效自评表（馆藏档案数字化加工专项经费）",
        "2023年度项目支出绩效自评表（档案库房运行维护专项经费）",
    ]
    rows = lines_of(forms[2])
    assert rows[0] == ["项目名称", "馆藏档案数字化加工专项经费"]
    assert rows[1] == ["主管部门", "中共示例区委办公室", "实施单位", "示例区档案馆"]
    assert rows[3] == ["年度资金总额", "48.00", "51.30", "50.22", "10", "97.89%", "9.79"]
    assert len(forms_of(DOSSIERS["shigu-rongmeiti-2023"])) == 3


def test_final_accounts_carry_all_columns_and_totals() -> None:
    rows = lines_of(forms_of(make_dossier())[-1])
    assert rows[1] == [
        "财政拨款收入", "196.00", "199.00", "209.00", "205.00", "基本支出", "118.00", "120.00", "124.50", "122.30"
    ]  # fmt: skip
    assert rows[7] == [
        "本年收入合计", "197.00", "200.00", "210.00", "206.00", "本年支出合计", "197.00", "200.00", "210.00", "206.00"
    ]  # fmt: skip
    assert rows[10] == ["收入总计", "200.00", "209.00", "支出总计", "200.00", "209.00"]


def test_a_grand_total_needs_all_its_parts() -> None:
    carryover = make_table("carryover", opening={"actual": "3"})
    rows = lines_of(forms_of(make_dossier(money={"carryover": carryover}))[-1])
    assert ["收入总计", "支出总计"] in rows


def test_every_amount_of_the_dossier_is_in_some_table() -> None:
    dossier = make_dossier()
    words: Sequence[str] = [cell.text for annex in forms_of(dossier) for cell in cells_of(annex)]
    for key in TABLES:
        if key == "assets":
            continue
        for row in dossier.money.table(key).rows:
            assert row.actual is None or f"{row.actual / 10000:.2f}" in words


def test_sheet_names() -> None:
    assert sheet_name("项目自评表1 " + "长" * 40) == "项目自评表1 " + "长" * 24
    assert sheet_name("项目自评表2 [甲]/乙:丙?") == "项目自评表2  甲  乙 丙"
