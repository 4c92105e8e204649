"""Sentences with figures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from budgets.dossier import Adjustment, Money, Project
from departments.dossier import Profile
from indicators.dossier import Goal
from indicators.scoring.scorecard import Scorecard, ScoreLine
from reports.documents import wording
from reports.documents.wording import Statement
from reports.dossier import Dossier
from reports.outline import DataBlock
from tests.factories import empty_dossier, make_dossier, make_indicator, make_table, yuan

Block = Callable[[Dossier, Scorecard | None], list[Statement]]


def said(block: Block, dossier: Dossier, card: Scorecard | None = None) -> list[str]:
    return [statement.text for statement in block(dossier, card)]


def of_money(**parts: object) -> Dossier:
    return empty_dossier(money=Money(**parts))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wan", "text"),
    [
        ("0", "0万元"),
        ("5.41", "5.41万元"),
        ("264.5", "264.50万元"),
        ("-3", "-3.00万元"),
        ("0.00001", "0.00万元"),
    ],
)
def test_amounts(wan: str, text: str) -> None:
    assert wording.wan_yuan(Decimal(wan) * 10000) == text


def test_scores_and_rates() -> None:
    assert [wording.points(Decimal(text)) for text in ("100", "93.5", "98.81", "0")] == [
        "100",
        "93.50",
        "98.81",
        "0",
    ]
    assert wording.percentage(Decimal("264.55") / Decimal("96.24")) == "274.89%"
    assert wording.percentage(Decimal(1)) == "100%"


def test_dates_have_no_leading_zeros() -> None:
    assert wording.chinese_date(date(2024, 3, 5)) == "2024年3月5日"


@pytest.mark.parametrize(
    ("typed", "position", "left"),
    [
        ("1、贯彻政策", 1, "贯彻政策"),
        ("10、其他任务", 10, "其他任务"),
        ("（二）接收档案", 2, "接收档案"),
        ("(3)保管档案", 3, "保管档案"),
        ("2.利用档案", 2, "利用档案"),
        ("2、利用档案", 1, "2、利用档案"),
        ("1.5万页数字化", 1, "1.5万页数字化"),
        ("2023年完成", 20, "2023年完成"),
        ("3个馆库开放", 3, "3个馆库开放"),
        ("一是抓落实", 1, "一是抓落实"),
    ],
)
def test_a_number_typed_before_an_item_is_dropped_if_it_is_its_own(
    typed: str, position: int, left: str
) -> None:
    assert wording.without_mark(typed, position) == left


@pytest.mark.parametrize("block", wording.WRITERS)
def test_what_is_not_stated_is_not_said(block: DataBlock) -> None:
    assert wording.WRITERS[block](empty_dossier(), None) == []


# ------------------------------------------------------------------ who


def test_profile_says_only_what_is_stated() -> None:
    dossier = empty_dossier()
    few = dossier.model_copy(update={"profile": Profile(department="示例馆", year=2023, staff_on_posts=0)})
    assert said(wording.profile, few) == ["示例馆单位人员构成情况：实际在编人员0人。"]


def test_profile_in_full() -> None:
    assert said(wording.profile, make_dossier()) == [
        "示例区档案馆的机构性质为公益一类事业单位，主管部门为中共示例区委办公室。"
        "单位人员构成情况：编制数12个，实际在编人员11人，离退休人员5人。"
    ]


@pytest.mark.parametrize(
    ("names", "stated", "text"),
    [
        (("办公室", "信息股"), None, "内设2个股室为：办公室、信息股。"),
        (("办公室", "综合科"), None, "内设2个科室为：办公室、综合科。"),
        (("办公室", "综合处"), 3, "内设3个处室为：办公室、综合处。"),
        ((), None, "不设内设机构。"),
        (None, 4, "内设4个股室。"),
    ],
)
def test_offices(names: tuple[str, ...] | None, stated: int | None, text: str) -> None:
    dossier = make_dossier(profile={"internal_offices": names, "offices_stated": stated})
    assert said(wording.offices, dossier) == [text]


def test_duties_are_a_list_without_doubled_numbers() -> None:
    dossier = make_dossier(profile={"duties": ("1、抓宣传。", "2、抓采编；", "")})
    statements = wording.duties(dossier, None)
    assert [one.text for one in statements] == ["主要工作职责是：", "抓宣传。", "抓采编；"]
    assert [one.listed for one in statements] == [False, True, True]


# ------------------------------------------------------------------ goals and indicators


def test_one_goal_is_a_sentence_and_several_are_a_list() -> None:
    one = wording.goals(make_dossier(goals=(Goal(expected="1、保障运转"),)), None)
    assert [(statement.text, statement.listed) for statement in one] == [("保障运转。", False)]
    assert all(statement.listed for statement in wording.goals(make_dossier(), None))


def test_targets_leave_out_indicators_without_one() -> None:
    dossier = make_dossier(
        indicators=(
            make_indicator("满意度", "≥95%", level2="服务对象满意度指标"),
            make_indicator("活动场次", None),
        )
    )
    assert said(wording.targets, dossier) == [
        "各类绩效指标的年度指标值如下：",
        "服务对象满意度指标：满意度≥95%。",
    ]


def test_results_by_class_with_completion_of_the_missed_ones() -> None:
    dossier = make_dossier(
        indicators=(
            make_indicator("甲", "≥50页", "45页", key="a"),
            make_indicator("乙", "≥4场", "4场", key="b"),
            make_indicator(
                "丙", None, None, key="c", not_applicable=True, not_applicable_reason="本年没有该项工作。"
            ),
            make_indicator("丁", None, None, key="d", level2=""),
        )
    )
    lines = (
        ScoreLine(key="a", name="甲", outcome="unmet", completion=Decimal("0.9")),
        ScoreLine(key="b", name="乙", outcome="met", completion=Decimal(1)),
    )
    assert said(wording.indicators, dossier, Scorecard(policy="x", lines=lines)) == [
        "数量指标：甲，年度指标值≥50页，实际完成45页，未完成（完成率90%）；乙，年度指标值≥4场，实际完成4场，已完成；"
        "丙，不适用（本年没有该项工作）。",
        "产出指标：丁。",
    ]


# ------------------------------------------------------------------ money


def test_income_writes_zero_and_leaves_out_what_is_not_stated() -> None:
    income = make_table(
        "income_source", fiscal={"actual": "259.14"}, superior={"actual": "0"}, other={"full_budget": "1"}
    )
    assert said(wording.income_expenditure, of_money(income_source=income)) == [
        "2023年度本年收入259.14万元，其中：财政拨款收入259.14万元；上级补助收入0万元。"
    ]


def test_a_total_alone_is_a_sentence() -> None:
    spending = make_table("expenditure", total={"actual": "264.55"})
    assert said(wording.income_expenditure, of_money(expenditure=spending)) == [
        "2023年度支出合计264.55万元。"
    ]


def test_carry_over_is_said_on_its_side() -> None:
    income, spending = said(wording.income_expenditure, make_dossier())
    assert income.endswith("其他收入1.00万元。年初结转和结余3.00万元，使用非财政拨款结余0万元。")
    assert spending.endswith("对附属单位补助支出0万元。结余分配0万元，年末结转和结余3.00万元。")


def test_execution_with_adjustments_and_explanation() -> None:
    dossier = make_dossier(
        spent="264.55",
        budget="96.24",
        initial="96.24",
        money={
            "execution_explanation": "年度中间追加专项经费。\n已按规定报批。",
            "adjustments": (Adjustment(amount=yuan("-2.5"), cause="reduction"), Adjustment(cause="other")),
        },
    )
    first, *own = said(wording.budget_execution, dossier)
    assert first == (
        "年初预算数为96.24万元。年度中间调减2.50万元，原因：收回或调减。"
        "全年预算数为96.24万元，其中：基本支出96.24万元，项目支出0万元。"
        "本年实际支出数为264.55万元，其中：基本支出122.30万元，项目支出142.25万元，预算执行率274.89%。"
    )
    assert own == ["年度中间追加专项经费。", "已按规定报批。"]


def test_no_rate_over_a_budget_of_zero() -> None:
    spending = make_table("expenditure", total={"full_budget": "0", "actual": "3"})
    assert said(wording.budget_execution, of_money(expenditure=spending)) == [
        "全年预算数为0万元。本年实际支出数为3.00万元。全年预算数为0，预算执行率无法计算。"
    ]


def test_one_project_is_a_sentence() -> None:
    project = Project(key="p", name="外宣专项经费", allocated=yuan("148.3"))
    assert said(wording.projects, of_money(projects=(project,))) == ["外宣专项经费：下达资金148.30万元。"]


def test_project_money_managed_elsewhere_is_named() -> None:
    projects = (
        Project(key="a", name="甲", manager_office="综合股"),
        Project(key="b", name="乙", manager_office="业务股"),
    )
    dossier = of_money(projects=projects, project_office="综合股")
    assert said(wording.project_office, dossier) == ["项目资金由综合股统一管理。其中，乙由业务股管理。"]


# ------------------------------------------------------------------ score


def test_the_printed_score_is_the_units_own() -> None:
    card = Scorecard(policy="x", score=Decimal("90"), grade="优", self_score=Decimal("93.5"), self_grade="优")
    assert said(wording.score, make_dossier(), card) == ["本单位自评得分93.50分，自评等级为“优”。"]


def test_a_total_that_cannot_be_computed_says_why() -> None:
    line = ScoreLine(key="a", name="甲")
    card = Scorecard(policy="x", lines=(line,), reasons=("甲没有分值。", "乙没有年度指标值"))
    dossier = make_dossier(self_score=None, self_grade="")
    assert said(wording.score, dossier, card) == ["自评总分无法计算：甲没有分值；乙没有年度指标值。"]
