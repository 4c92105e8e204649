"""The total: execution, sections, re-scaling, caps, grade, the unit's own score, projects."""

from __future__ import annotations

import itertools
import subprocess
import sys
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgets.dossier import Money, Project
from indicators.dossier import Indicators, ProjectSheet, SelfAssessment
from indicators.scoring import Scorecard, indicator_line, score
from tests.factories import make_dossier
from tests.indicators.helpers import PROFILE, full_sheet, indicator, money, policy, sheet


def card(funds=None, items=None, under=None) -> Scorecard:
    return score(PROFILE, funds or money(), items or full_sheet(), under or policy())


EXECUTION = [
    # budget, spent, over_budget, explanation -> score
    ("100", "100", "cap", "", "10.00"),
    ("100", "0", "cap", "", "0.00"),
    ("100", "98.10", "cap", "", "9.81"),
    ("100", "99.995", "cap", "", "10.00"),
    ("10000", "10001", "cap", "", "10.00"),
    ("10000", "10001", "inverse", "", "10.00"),
    ("96.24", "264.55", "inverse", "", "3.64"),
    ("10000", "10001", "unscorable_until_explained", "", None),
    ("10000", "10001", "unscorable_until_explained", "年中追加专项资金", "10.00"),
    ("10000", "10000", "unscorable_until_explained", "", "10.00"),
    ("96.24", "264.55", "unscorable_until_explained", " ", None),
    ("96.24", "264.55", "unscorable_until_explained", "年中追加", "10.00"),
    ("0", "0", "cap", "", None),
    ("0", "153.50", "cap", "", None),
    (None, "153.50", "cap", "", None),
    ("100", None, "cap", "", None),
    ("100", "-1", "cap", "", None),
]


@pytest.mark.parametrize(("budget", "spent", "setting", "explanation", "expected"), EXECUTION)
def test_execution(budget, spent, setting, explanation, expected):
    under = policy(execution={"over_budget": setting})
    result = card(money(budget, spent, explanation), under=under)
    first = result.lines[0]
    assert (first.key, first.name) == ("execution", "预算执行率")
    assert first.score == (None if expected is None else Decimal(expected)), first.basis
    assert result.computable is (expected is not None)
    assert bool(result.grade) is result.computable


def test_the_sentence_of_an_over_budget_year():
    result = card(money("96.24", "264.55"))
    assert result.lines[0].basis == (
        "全年执行数264.55万元÷全年预算数96.24万元=274.89%，超过100%，未说明原因，暂不计分"
    )
    assert any("预算执行率" in reason for reason in result.reasons)
    explained = card(money("96.24", "264.55", "年中追加\n148.30万元")).lines[0].basis
    assert "已说明原因：“年中追加 148.30万元”，按满分10计" in explained


def test_everything_met():
    result = card()
    assert (result.score, result.grade, result.self_score, result.self_grade) == (100, "优", 100, "优")
    assert result.reasons == ()
    assert result.weight_total == 100
    assert [(part.name, part.score) for part in result.sections] == [
        ("产出指标", 50),
        ("效益指标", 30),
        ("满意度指标", 10),
    ]


def test_lines_are_rounded_before_they_are_added():
    items = sheet(*(indicator("≥3次", "2次", "10", key=str(n), name=str(n)) for n in range(9)))
    result = card(items=items)
    assert result.score == Decimal("70.03")  # nine times 6.67 and 10, not 70.00
    assert sum(line.score for line in result.lines) == result.score


def test_the_grade_reads_the_shown_total():
    items = sheet(indicator("≥10000人", "8888人", "90"))
    assert (card(items=items).score, card(items=items).grade) == (Decimal("89.99"), "良")
    items = sheet(indicator("≥100000人", "88888.4人", "90"))
    assert (card(items=items).score, card(items=items).grade) == (Decimal("90.00"), "优")


def test_weights_that_do_not_sum_name_both_numbers():
    items = sheet(indicator(weight="100"))
    result = card(items=items)
    assert result.score is None
    assert result.reasons == ("分值合计110分，应为100分，总分无法计算",)
    assert result.lines[1].score == 100  # the lines still have their scores


def test_missing_weights_are_not_spread():
    items = sheet(indicator(weight="50"), indicator(weight=None, key="b", name="乙"))
    result = card(items=items)
    assert result.score is None
    assert "乙：缺少分值，无法评分" in result.reasons
    assert any(
        "有1项指标没有分值" in reason and "60" in reason and "100" in reason for reason in result.reasons
    )
    assert result.sections[0].weight is None


def test_no_indicators_at_all():
    result = card(items=Indicators())
    assert result.score is None
    assert result.reasons == ("没有设置绩效指标，总分无法计算",)


def not_applicable(**fields):
    return indicator(not_applicable=True, not_applicable_reason="没有服务对象", **fields)


def test_not_applicable_is_left_out_and_the_total_is_re_scaled():
    items = sheet(indicator(weight="50"), indicator("≥100%", "90%", "30", key="b"), not_applicable(key="c"))
    result = card(items=items)
    assert result.score == Decimal("96.67")  # (10 + 50 + 27) ÷ 90 × 100
    assert result.reasons[0] == "不适用指标分值10分，总分按比例换算：87÷90×100=96.67"
    assert result.weight_total == 100


def test_everything_not_applicable_is_not_computable():
    result = card(items=sheet(not_applicable(weight="90")))
    assert result.score is None
    assert any("不适用" in reason for reason in result.reasons)


CAPS = [("80", "98.00"), ("79.99", "89.00"), ("70", "89.00"), ("69.99", "79.00"), ("60", "79.00"), ("59.99", "69.00"),
        ("50", "69.00"), ("49.99", "59.00")]  # fmt: skip


@pytest.mark.parametrize(("spent", "expected"), CAPS)
def test_caps_by_execution(spent, expected):
    result = card(money("100", spent), under=policy("execution-capped"))
    assert result.score == Decimal(expected)
    assert bool(result.reasons) is (spent != "80")


def test_sections_that_differ_are_named_and_may_block():
    items = sheet(indicator(weight="90"))
    result = card(items=items)
    assert result.score == 100
    assert "产出指标分值合计90分，评分办法为50分" in result.reasons
    assert card(items=items, under=policy(section_weights="fixed")).score is None


def test_a_stated_execution_weight_must_agree():
    assert card(items=full_sheet(execution_weight=Decimal(20))).score is None
    assert card(items=full_sheet(execution_weight=Decimal(10))).score == 100


def test_the_units_own_score_and_grade():
    result = card(items=full_sheet(score=Decimal("85"), grade="优秀"))
    assert (result.score, result.self_score, result.self_grade, result.stated_grade) == (100, 85, "良", "优")
    lowered = sheet(
        *(
            item.model_copy(update={"self_score": Decimal(8)}) if item.key == "c" else item
            for item in full_sheet().indicators
        )
    )
    assert card(items=lowered).self_score == 98
    assert card(items=lowered).score == 100


def test_own_line_scores_give_an_own_total_even_where_nothing_can_be_computed():
    items = sheet(indicator(None, "95%", "90", self_score=Decimal(85)), execution_score=Decimal("9.5"))
    result = card(items=items)
    assert (result.score, result.self_score, result.self_grade) == (None, Decimal("94.5"), "优")


def test_execution_has_no_weight_in_the_framework_of_2013():
    items = sheet(indicator(weight="100", level1="过程", level2="预算执行"))
    result = card(money("96.24", "264.55"), items, policy("framework-2013-53"))
    assert (result.score, result.lines[0].outcome) == (100, "excluded")
    assert [part.name for part in result.sections] == ["过程"]


def test_projects_are_scored_likewise():
    projects = (
        Project(key="p1", name="数字化", full_budget=Decimal(100), allocated=Decimal(10), spent=Decimal(90)),
        Project(key="p2", name="维修", allocated=Decimal(200), spent=Decimal(200)),
        Project(key="p3", name="培训", full_budget=Decimal(100), spent=Decimal(150)),
    )
    sheets = tuple(
        ProjectSheet(
            project=key, indicators=(indicator(weight="90"),), assessment=SelfAssessment(grade="优秀")
        )
        for key in ("p1", "p2", "p3", "p4")
    )
    funds = Money(projects=projects)
    result = score(PROFILE, funds, Indicators(projects=sheets), policy())
    assert [part.name for part in result.projects] == ["数字化", "维修", "培训", "p4"]
    assert [part.card.score for part in result.projects] == [99, 100, None, None]
    assert "到位资金" in result.projects[1].card.lines[0].basis
    assert "缺少全年预算数和全年执行数" in result.projects[3].card.lines[0].basis
    explained = funds.model_copy(update={"execution_explanation": "培训项目年中追加50万元"})
    assert score(PROFILE, explained, Indicators(projects=sheets), policy()).projects[2].card.score == 100


def test_a_rule_of_its_own_wins():
    from indicators.policy import YesNo

    items = sheet(indicator("≥95%", "90%", "90"))
    assert score(PROFILE, money(), items, policy(), rules={"i": YesNo()}).score == 10


def test_a_scorecard_survives_json_and_is_repeatable():
    dossier = make_dossier()
    first = score(dossier.profile, dossier.money, dossier.indicators, policy())
    again = score(dossier.profile, dossier.money, dossier.indicators, policy())
    assert Scorecard.model_validate_json(first.model_dump_json()) == first == again
    assert first.model_dump_json() == again.model_dump_json()
    assert first.score is not None


def test_the_engine_does_not_need_django():
    code = (
        "import sys; from indicators.scoring import score; from indicators import policy, values;"
        "assert not [m for m in sys.modules if m.split('.')[0] == 'django']"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# ------------------------------------------------------------------ properties

AMOUNTS = st.decimals(min_value=-1000, max_value=1000, places=2, allow_nan=False, allow_infinity=False)
WEIGHTS = st.decimals(min_value=0, max_value=100, places=2, allow_nan=False, allow_infinity=False)
SIGNS = st.sampled_from(["≥", "≤", "＝", "＞", "＜", ""])


@given(SIGNS, AMOUNTS, AMOUNTS, WEIGHTS)
def test_a_score_lies_between_zero_and_the_weight(sign, target, actual, weight):
    result = indicator_line(indicator(f"{sign}{target}次", f"{actual}次", str(weight)), policy(), 2023)
    if result.score is not None:
        assert 0 <= result.score <= weight


@given(st.sampled_from(["≥", "≤", "＞", "＜"]), AMOUNTS, AMOUNTS, AMOUNTS)
def test_better_is_never_worse(sign, target, one, other):
    better, worse = sorted((one, other), reverse=sign in "≥＞")
    lines = [
        indicator_line(indicator(f"{sign}{target}次", f"{value}次"), policy(), 2023)
        for value in (better, worse)
    ]
    assert lines[0].score >= lines[1].score
    assert not (lines[1].outcome == "met" and lines[0].outcome == "unmet")


def test_the_order_of_indicators_never_matters():
    items = [
        indicator("≥3次", "2次", "50", key="a", name="甲"),
        indicator("≤30万元", "40万元", "30", key="b", name="乙"),
        not_applicable(key="c", name="丙"),
        indicator("效果明显", "达成预期指标", "0", key="d", name="丁", evidence="报告"),
    ]
    cards = [card(items=sheet(*order)) for order in itertools.permutations(items)]
    assert len({(item.score, item.grade, item.sections) for item in cards}) == 1
    assert cards[0].score is not None
