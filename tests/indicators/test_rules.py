"""One table a rule, with both sides of every boundary."""

from __future__ import annotations

from decimal import Decimal

import pytest

from indicators.policy import Bands, Intervals, Judged, PassLine, Stepped, YesNo
from indicators.scoring import indicator_line
from tests.indicators.helpers import indicator, policy


def line(target, actual, weight="10", *, rule=None, under=None, **fields):
    return indicator_line(indicator(target, actual, weight, **fields), under or policy(), 2023, rule)


PRO_RATA = [
    # at least
    ("≥95%", "93%", "9.79", "unmet"),
    ("≥95%", "94.99%", "10.00", "unmet"),  # shows full marks and is not done
    ("≥95%", "95%", "10.00", "met"),
    ("≥95%", "98%以上", "10.00", "met"),
    ("≥95%", "0%", "0.00", "unmet"),
    ("≥95%", "-5%", "0.00", "unmet"),  # negative actual
    ("≥50个", "-1个", "0.00", "unmet"),
    ("＞95%", "95%", "10.00", "unmet"),
    ("＞95%", "95.01%", "10.00", "met"),
    # at most: inverse
    ("≤30万元", "30万元", "10.00", "met"),
    ("≤30万元", "30.01万元", "10.00", "unmet"),
    ("≤30万元", "40万元", "7.50", "unmet"),
    ("≤30万元", "0万元", "10.00", "met"),
    ("≤30万元", "300000元", "10.00", "met"),
    ("≤30万元", "400000元", "7.50", "unmet"),
    ("＜5%", "5%", "10.00", "unmet"),
    ("＜5%", "4.99%", "10.00", "met"),
    # equal
    ("＝11人", "11人", "10.00", "met"),
    ("＝11人", "10人", "9.09", "unmet"),
    ("11", "11", "10.00", "met"),
    ("100%", "72.74%", "7.27", "unmet"),
    ("100%", "101%", "10.00", "met"),
    # zero: no proportion
    ("0起", "0起", "10.00", "met"),
    ("零事故", "0", "10.00", "met"),
    ("零事故", "1起", "0.00", "unmet"),
    ("≤0%", "0%", "10.00", "met"),
    ("≤0%", "下降12%", "10.00", "met"),
    ("≤0%", "0.01%", "0.00", "unmet"),
    ("≥0%", "0%", "10.00", "met"),
    ("≥0%", "-1%", "0.00", "unmet"),
    # range
    ("10-15个", "9个", "9.00", "unmet"),
    ("10-15个", "10个", "10.00", "met"),
    ("10-15个", "15个", "10.00", "met"),
    ("10-15个", "20个", "7.50", "unmet"),
    # change
    ("下降3%", "下降3%", "10.00", "met"),
    ("下降3%", "下降1.5%", "5.00", "unmet"),
    ("下降3%", "增长3%", "0.00", "unmet"),
    ("增长5%", "4%", "8.00", "unmet"),
    # dates
    ("12月底前", "2023年12月31日", "10.00", "met"),
    ("12月底前", "2024年1月1日", "0.00", "unmet"),
    ("2023年6月30日前", "6月30日", "10.00", "met"),
    ("2023年6月30日前", "7月1日", "0.00", "unmet"),
    ("2023年12月31日前", "2023年12月", "10.00", "met"),
    # units
    ("≥5‰", "0.4%", "8.00", "unmet"),
    ("≥5‰", "0.5%", "10.00", "met"),
    ("≥50个", "50", "10.00", "met"),
    ("43.2", "37.24", "8.62", "unmet"),
]


@pytest.mark.parametrize(("target", "actual", "score", "outcome"), PRO_RATA)
def test_pro_rata(target, actual, score, outcome):
    result = line(target, actual)
    assert (result.score, result.outcome) == (Decimal(score), outcome), result.basis


def test_the_sentence_has_the_numbers():
    assert line("≥95%", "93%").basis == "目标≥95%，完成93%，按比例 10×93/95=9.79"
    assert line("≤30万元", "40万元").basis == "目标≤30万元，完成40万元，按比例 10×30/40=7.50"
    assert line("≥95%", "96%").basis == "目标≥95%，完成96%，达到目标，得满分10"
    assert line("≤30万元", "400000元").basis == (
        "目标≤30万元，完成400000元（完成值折合40万元），按比例 10×30/40=7.50"
    )


def test_what_is_typed_stays_as_typed():
    result = line(" 95％以上", "９３%")
    assert (result.target, result.actual) == (" 95％以上", "９３%")
    assert result.score == Decimal("9.79")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"weight": None}, "缺少分值，无法评分"),
        ({"target": None}, "缺少年度指标值，无法评分"),
        ({"target": " "}, "缺少年度指标值，无法评分"),
        ({"actual": None}, "缺少实际完成值，无法评分"),
        ({"weight": None, "target": None, "actual": ""}, "缺少分值、年度指标值和实际完成值，无法评分"),
        ({"target": "/"}, "年度指标值填“/”"),
        ({"actual": "—"}, "实际完成值填“—”"),
        ({"target": "2 95%"}, "可能是“≥”"),
        ({"target": "W95%"}, "符号可能读错了"),
        ({"actual": "效果明显"}, "没有数值"),
        ({"actual": "2023年12月31日"}, "是日期，不能比较"),
        ({"target": "≥100人次", "actual": "100人"}, "单位“人次”与实际完成值的单位“人”不同"),
        ({"actual": "0.93"}, "没有写单位"),
        ({"target": "≤90万元", "actual": "900000"}, "相差千倍以上"),
        ({"actual": "≤96%"}, "只说明不超过多少"),
        ({"target": "≤30万元", "actual": "≥25万元"}, "只说明不低于多少"),
        ({"target": "12月底前", "actual": "95%"}, "不是日期"),
        ({"target": "2023年12月15日前", "actual": "2023年12月"}, "没有写到日"),
        ({"target": "95%", "direction": "2"}, "可能读错了"),
        ({"target": "≥95%", "direction": "≤"}, "符号不一致"),
        ({"target": "26次", "actual": "12次", "self_score": Decimal(10)}, "开头的“2”可能是“≥”"),
        ({"not_applicable": True}, "没有说明原因"),
        ({"target": "12，15，18"}, "有多个数值"),
    ],
)
def test_what_cannot_be_scored_says_why(fields, sentence):
    values = {"target": "≥95%", "actual": "95%", "weight": "10"} | fields
    result = line(values.pop("target"), values.pop("actual"), values.pop("weight"), **values)
    assert result.score is None
    assert result.outcome == "unscorable"
    assert sentence in result.basis


def test_direction_completes_a_bare_target():
    assert line("3%", "0%", direction="≤").score == 10
    assert line("3%", "6%", direction="≤").score == 5
    assert line("3%", "6%", direction="反向").score == 5
    assert line("3%", "2%", direction="正向").score == Decimal("6.67")


def test_an_actual_with_a_bound_is_marked():
    assert line("≥95%", "98%以上").flags == ("approximate",)
    assert line("≥266米", "≥266米").flags == ("approximate",)
    assert line("≥60%", "约63.64%").flags == ("approximate",)
    assert line("≥50个", "50").flags == ("unit-assumed",)


def test_not_applicable_with_a_reason():
    result = line(None, None, not_applicable=True, not_applicable_reason="本年没有采购")
    assert (result.outcome, result.score, result.self_score) == ("not_applicable", None, None)
    assert "本年没有采购" in result.basis


def test_the_units_own_line_score_stands_beside_the_computed_one():
    assert line("≥95%", "93%", self_score=Decimal("9")).self_score == 9
    assert line("≥95%", "93%").self_score == Decimal("9.79")
    assert line("≥95%", None, self_score=Decimal("9")).self_score == 9


OVER = [
    ("flag", None, "130%", "10.00", False),
    ("flag", None, "130.01%", "10.00", True),
    ("proportional", None, "130%", "10.00", False),
    ("proportional", None, "140%", "9.00", True),
    ("proportional", None, "300%", "0.00", True),
    ("fixed", "2", "130%", "10.00", False),
    ("fixed", "2", "130.01%", "8.00", True),
    ("zero", None, "130%", "10.00", False),
    ("zero", None, "130.01%", "0.00", True),
]


@pytest.mark.parametrize(("consequence", "taken", "actual", "score", "flagged"), OVER)
def test_over_achievement(consequence, taken, actual, score, flagged):
    change = {"consequence": consequence} | ({"points": taken} if taken else {})
    result = line("≥100%", actual, under=policy(over_achievement=change))
    assert result.score == Decimal(score)
    assert ("over-achieved" in result.flags) is flagged


def test_over_achievement_is_judged_before_rounding():
    assert "over-achieved" not in line("≥3次", "3.9次").flags
    assert "over-achieved" in line("≥2200篇", "2860.0001篇").flags
    assert "over-achieved" not in line("≥2200篇", "2859篇").flags  # 129.95 %


def test_inclusive_threshold_with_fixed_points():
    under = policy("execution-capped")
    assert line("≥100个", "129个", under=under).score == 10
    assert line("≥100个", "130个", under=under).score == 8


def test_saving_money_is_no_over_achievement():
    assert line("≤30万元", "10万元").flags == ()


def test_exceeding_a_written_equal_can_be_a_deviation():
    under = policy(equal_above="deviation")
    assert (line("＝10人", "12人", under=under).score, line("＝10人", "12人", under=under).outcome) == (
        Decimal("8.33"),
        "unmet",
    )
    assert line("10人", "12人", under=under).score == 10


STEPPED = [
    ("completed", "63.64%", "5.00"),
    ("completed", "100%", "5.00"),
    ("completed", "100.99%", "5.00"),
    ("completed", "101%", "4.50"),
    ("started", "100.01%", "4.50"),
    ("started", "101%", "4.50"),
    ("started", "101.01%", "4.00"),
    ("proportional", "100.5%", "4.75"),
    ("proportional", "109%", "0.50"),
    ("proportional", "110%", "0.00"),
    ("proportional", "200%", "0.00"),
]


@pytest.mark.parametrize(("part_step", "actual", "score"), STEPPED)
def test_stepped_deductions(part_step, actual, score):
    rule = Stepped(side="above", limit="100", every="1", points="0.5", part_step=part_step)
    assert line(None, actual, "5", rule=rule).score == Decimal(score)


def test_stepped_below_and_without_a_limit_of_its_own():
    rule = Stepped(side="below", every="5", points="2", part_step="completed")
    assert line("100%", "95.01%", "5", rule=rule).score == 5
    assert line("100%", "95%", "5", rule=rule).score == 3
    assert line("100%", "80%", "5", rule=rule).score == 0
    assert line("100人", "95人", "5", rule=rule).outcome == "unscorable"
    assert line(None, "95%", "5", rule=rule).basis == "缺少年度指标值，无法评分"


INTERVALS = [
    ("0%", "5"),
    ("0.01%", "4"),
    ("10%", "4"),
    ("10.01%", "3"),
    ("20%", "3"),
    ("30%", "2"),
    ("30.01%", "0"),
]


@pytest.mark.parametrize(("actual", "score"), INTERVALS)
def test_fixed_scores_by_interval(actual, score):
    steps = [{"at_most": top, "points": got} for top, got in (("0", 5), ("10", 4), ("20", 3), ("30", 2))]
    assert line(None, actual, "5", rule=Intervals(steps=steps)).score == Decimal(score)


def test_the_provincial_preset_uses_its_own_rules_by_name():
    under = policy("hunan-overall")
    assert line(None, "8%", "5", name="预算控制率", under=under).score == 4
    assert line(None, "63.64%", "5", name="在职人员控制率", under=under).score == 5
    assert line("≤100%", "108.70%", "5", name="在职人员控制率", under=under).score == 1
    assert line(None, "下降3%", "5", name="“三公经费”变动率", under=under).score == 5


BANDS = [("95%", "10"), ("90%", "10"), ("89.99%", "8"), ("80%", "8"), ("79.99%", "0")]


@pytest.mark.parametrize(("actual", "score"), BANDS)
def test_bands_of_completion(actual, score):
    rule = Bands(steps=[{"at_least": "0.9", "share": 1}, {"at_least": "0.8", "share": "0.8"}])
    assert line("≥100%", actual, rule=rule).score == Decimal(score)


@pytest.mark.parametrize(
    ("actual", "score"), [("59.99%", "0"), ("60%", "6"), ("99%", "9.90"), ("100%", "10")]
)
def test_pass_line(actual, score):
    assert line("≥100%", actual, rule=PassLine(line="0.6")).score == Decimal(score)


@pytest.mark.parametrize(("actual", "score"), [("99.99%", "0"), ("100%", "10")])
def test_yes_or_no(actual, score):
    assert line("≥100%", actual, rule=YesNo()).score == Decimal(score)


QUALITATIVE = [
    # target, actual, own score, evidence -> score, outcome
    ("效果明显", "达成预期指标", None, "调查报告", "10", "met"),
    ("效果明显", "达成预期指标", None, "", None, "unscorable"),
    ("显著提升", "显著提升", None, "统计表", "10", "met"),
    ("显著提升", "有所提升", None, "统计表", None, "unscorable"),
    ("效果明显", "达成预期指标", "9", "", "9", "met"),
    ("效果明显", "达成预期指标", "8", "", "8", "met"),
    ("效果明显", "达成预期指标", "7.99", "", "8", "met"),
    ("效果明显", "达成预期指标", "12", "", "10", "met"),
    ("效果明显", "部分达成", "9", "", "8", "unmet"),
    ("效果明显", "部分达成", "6", "", "6", "unmet"),
    ("效果明显", "部分达成", None, "材料", None, "unscorable"),
    ("效果明显", "未完成", "7", "", "6", "unmet"),
    ("效果明显", "未完成", "-1", "", "0", "unmet"),
    ("效果明显", "有一定提高", "8", "", "8", "met"),
    ("效果明显", "有一定提高", "7.99", "", "7.99", "unmet"),
    ("12月底前", "已完成", None, "验收单", "10", "met"),
    ("12月底前", "已完成", None, "", None, "unscorable"),
]


@pytest.mark.parametrize(("target", "actual", "own", "evidence", "score", "outcome"), QUALITATIVE)
def test_qualitative_bands(target, actual, own, evidence, score, outcome):
    result = line(target, actual, self_score=None if own is None else Decimal(own), evidence=evidence)
    assert result.score == (None if score is None else Decimal(score))
    assert result.outcome == outcome
    if score is None:
        assert "定性指标请选择完成档次并说明依据" in result.basis
    elif not evidence:
        assert "no-evidence" in result.flags


def test_a_policy_decides_when_a_qualitative_line_has_full_marks():
    always, never = policy(qualitative={"full_marks": "always"}), policy(qualitative={"full_marks": "never"})
    assert line("效果明显", "达成预期指标", under=always).score == 10
    assert line("效果明显", "达成预期指标", evidence="报告", under=never).outcome == "unscorable"


def test_a_number_can_be_judged_qualitatively():
    assert line("≥95%", "90%", direction="定性", self_score=Decimal(9)).score == 9
    assert line("≥95%", "90%", rule=Judged(), self_score=Decimal(9)).rule == "qualitative"


@pytest.mark.parametrize(("step", "score"), [("0.01", "9.79"), ("0.1", "9.8"), ("0.5", "10.0"), ("1", "10")])
def test_lines_are_rounded_half_up_to_the_step(step, score):
    assert line("≥95%", "93%", under=policy(step=step)).score == Decimal(score)
    assert line("≥100%", "74.25%", under=policy(step="0.5")).score == Decimal("7.5")
    assert line("≥100%", "72.5%", under=policy(step="0.5")).score == Decimal("7.5")
