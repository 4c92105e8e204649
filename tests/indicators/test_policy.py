"""Policies are validated data; a fault is named by file and key."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import ValidationError

from indicators.policy import (
    DEFAULT_POLICY,
    FOLDER,
    PolicyError,
    Stepped,
    build_policy,
    load_policy,
    parse_policy,
    policy_names,
)

NATIONAL = (FOLDER / "national-2020-10.toml").read_text("utf-8")


def test_five_presets_are_shipped_and_the_default_comes_first():
    assert policy_names()[0] == DEFAULT_POLICY
    assert set(policy_names()) == {
        "national-2020-10",
        "hunan-overall",
        "execution-capped",
        "cost-first-2021-101",
        "framework-2013-53",
    }


@pytest.mark.parametrize("name", policy_names())
def test_a_preset_says_of_every_value_whether_it_is_confirmed(name):
    policy = load_policy(name)
    marked = {item.key for item in policy.evidence}
    needed = {"total", "step", "section_weights", "execution.weight", "execution.over_budget", "sections"}
    needed |= {"grades", "equal_above", "over_achievement", "qualitative", "review.deductions"}
    needed |= {key for key in ("caps", "rules") if getattr(policy, key)}
    assert needed <= marked


@pytest.mark.parametrize("name", policy_names())
def test_a_policy_survives_the_way_through_json(name):
    policy = load_policy(name)
    assert build_policy(policy.model_dump(mode="json"), "版本") == policy


def test_a_policy_cannot_be_changed():
    with pytest.raises(ValidationError):
        load_policy().name = "other"


@pytest.mark.parametrize(
    ("score", "grade"),
    [
        ("100", "优"),
        ("90.00", "优"),
        ("89.99", "良"),
        ("80", "良"),
        ("79.99", "中"),
        ("60", "中"),
        ("59.99", "差"),
        ("0", "差"),
    ],
)
def test_grades_on_both_sides_of_every_cut(score, grade):
    assert load_policy().grade(Decimal(score)) == grade


def test_no_total_has_no_grade():
    assert load_policy().grade(None) == ""


@pytest.mark.parametrize(
    ("word", "grade"),
    [
        ("优秀", "优"),
        ("良好", "良"),
        ("合格", "中"),
        ("及格", "中"),
        ("不合格", "差"),
        (" 优 ", "优"),
        ("特优", "特优"),
    ],
)
def test_grade_words_as_people_write_them(word, grade):
    assert load_policy().normal_grade(word) == grade


@pytest.mark.parametrize(
    ("level1", "level2", "section"),
    [
        ("产出指标", "数量指标", "产出指标"),
        ("", "成本指标", "产出指标"),
        ("产出", "", "产出指标"),
        ("效益指标", "可持续影响指标", "效益指标"),
        ("效益指标", "服务对象满意度指标", "满意度指标"),
        ("满意度指标", "满意度指标", "满意度指标"),
        ("效益", "我们自己的指标", "效益指标"),
    ],
)
def test_classes_belong_to_sections(level1, level2, section):
    assert load_policy().section(level1, level2).name == section


def test_cost_is_its_own_section_where_the_policy_says_so():
    assert load_policy("cost-first-2021-101").section("产出指标", "经济成本指标").name == "成本指标"
    assert load_policy().section("管理", "") is None


def test_rules_of_named_indicators():
    hunan = load_policy("hunan-overall")
    assert isinstance(hunan.rule_for("产出", "数量指标", "“三公经费”变动率"), Stepped)
    assert hunan.rule_for("产出", "数量指标", "培训人次") is None


FAULTS = [
    ("weight = 10\n", "weigth = 10\n", "execution.weigth", "没有这个键"),
    ("weight = 10\n", "", "execution.weight", "缺少"),
    ("weight = 10\n", "weight = 20\n", "（整体）", "合计110分，与总分100分不一致"),
    ("at_least = 80", 'at_least = "八十"', "grades.1.at_least", "应为数字"),
    ("at_least = 80", "at_least = 95", "（整体）", "从高到低"),
    ("at_least = 0", "at_least = 10", "（整体）", "应为0"),
    ("at_least = 80", "at_least = nan", "grades.1.at_least", "数字"),
    ('"unscorable_until_explained"', '"ignore"', "execution.over_budget", "只能是"),
    ("threshold = 1.30", "threshold = 1", "over_achievement.threshold", "应大于1"),
    ('consequence = "flag"', 'consequence = "fixed"', "over_achievement", "points 应大于0"),
    ("low = 0.8", "low = 0.7", "qualitative", "下限应等于"),
    ('step = "0.01"', 'step = "0.3"', "step", "只能是"),
    ('key = "step"', 'key = "stepp"', "（整体）", "不是本办法的键"),
    ("share = 0.6", "share = 1.6", "review.deductions.3.share", "应不大于1"),
    ('name = "良"', 'name = ""', "grades.1.name", "不能为空"),
]


@pytest.mark.parametrize(
    ("old", "new", "key", "words"), FAULTS, ids=[f"{key}-{words}" for _, _, key, words in FAULTS]
)
def test_a_fault_is_named_with_file_and_key(old, new, key, words):
    assert old in NATIONAL
    with pytest.raises(PolicyError) as caught:
        parse_policy(NATIONAL.replace(old, new, 1), "我区2024.toml")
    message = str(caught.value)
    assert f"我区2024.toml：键 {key}：" in message
    assert words in message


def test_an_unreadable_file_and_an_unknown_name():
    with pytest.raises(PolicyError, match="不是有效的TOML文件"):
        parse_policy("name = ", "x.toml")
    with pytest.raises(PolicyError, match="没有名为“nobody”的评分办法"):
        load_policy("nobody")
    with pytest.raises(PolicyError):
        load_policy("../policy")


def test_an_unknown_kind_of_rule_is_refused():
    text = NATIONAL + '\n[[rules]]\nnames = ["甲"]\n[rules.rule]\nkind = "magic"\n'
    with pytest.raises(PolicyError, match="kind 不是已知的评分方式"):
        parse_policy(text, "x.toml")
