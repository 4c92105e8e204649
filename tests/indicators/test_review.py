"""Re-evaluation: every deduction names rule, amount and reason; the reviewed score never exceeds the weight."""

from __future__ import annotations

from decimal import Decimal

import pytest

from indicators.scoring import score
from indicators.scoring.review import Mark, ReviewRefused, review
from tests.indicators.helpers import PROFILE, full_sheet, indicator, money, policy, sheet


def card(**assessment):
    return score(PROFILE, money(), full_sheet(**assessment), policy())


def test_without_marks_the_units_score_stands():
    result = review(card(), [], policy())
    assert (result.reviewed_score, result.reviewed_grade, result.deviation) == (100, "优", 0)


def test_a_deduction_by_the_scale():
    marks = [Mark(key="a", rule="no-evidence", reason="没有验收单")]
    result = review(card(), marks, policy())
    assert (result.reviewed_score, result.reviewed_grade) == (50, "差")
    assert result.lines[1].deductions == ("没有佐证材料，扣50分：没有验收单",)
    assert result.deviation == Decimal("0.5")


def test_several_deductions_never_fall_below_zero():
    marks = [Mark(key="c", rule=rule, reason="见意见") for rule in ("not-assessable-medium", "no-evidence")]
    assert review(card(), marks, policy()).lines[3].reviewed_score == 0


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        (Mark(key="a", rule="no-evidence"), "没有写明理由"),
        (Mark(key="a", score=Decimal(5), reason=" "), "没有写明理由"),
        (Mark(key="a", score=Decimal("50.01"), reason="x"), "应在0到分值50之间"),
        (Mark(key="a", score=Decimal("-0.01"), reason="x"), "应在0到分值50之间"),
        (Mark(key="a", rule="no-evidence", amount=Decimal("50.01"), reason="x"), "不超过分值50"),
        (Mark(key="a", rule="no-evidence", amount=Decimal(0), reason="x"), "应大于0"),
        (Mark(key="a", rule="mood", reason="x"), "没有对应的扣分标准"),
        (Mark(key="a", reason="x"), "没有对应的扣分标准"),
        (Mark(key="a", rule="no-evidence", score=Decimal(1), reason="x"), "只能填一种"),
        (Mark(key="z", score=Decimal(1), reason="x"), "没有“z”这一行"),
    ],
)
def test_what_a_reviewer_may_not_enter(mark, words):
    with pytest.raises(ReviewRefused, match=words):
        review(card(), [mark], policy())


def test_full_weight_may_be_given():
    assert review(card(), [Mark(key="a", score=Decimal(50), reason="属实")], policy()).reviewed_score == 100


def test_an_unscorable_line_takes_an_entered_score_and_no_deduction():
    items = sheet(indicator(None, "95%", "90"))
    unscorable = score(PROFILE, money(), items, policy())
    assert review(unscorable, [], policy()).reviewed_score is None
    assert (
        review(unscorable, [Mark(key="i", score=Decimal(70), reason="按台账核定")], policy()).reviewed_score
        == 80
    )
    with pytest.raises(ReviewRefused, match="没有得分"):
        review(unscorable, [Mark(key="i", rule="no-evidence", reason="x")], policy())


@pytest.mark.parametrize(
    ("given", "final"),
    [("40", "90"), ("39.99", "80.99"), ("30", "72"), ("29.99", "63.99"), ("9.99", "41.99")],
)
def test_a_lower_grade_costs_what_the_policy_says(given, final):
    under = policy(review={"grade_drop_factors": ["0.9", "0.8", "0.7"]})
    result = review(card(), [Mark(key="a", score=Decimal(given), reason="x")], under)
    assert result.final_score == Decimal(final)


def test_weights_that_do_not_sum_are_not_summed_up():
    odd = score(PROFILE, money(), sheet(indicator(weight="100")), policy())
    assert review(odd, [], policy()).reviewed_score is None


def test_the_difference_is_explained_line_by_line():
    items = sheet(indicator("≥95%", "93%", "90", self_score=Decimal(90)))
    shown = score(PROFILE, money(), items, policy()).differences
    assert shown[0].startswith("指标：自评90分，系统评分88.11分（目标≥95%，完成93%")
    assert shown[-1] == "自评得分100分，系统评分98.11分，自评高1.89分"
    assert card().differences == ()
