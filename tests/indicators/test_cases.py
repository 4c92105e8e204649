"""The published reports of tests/cases, scored from what they state."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from indicators.dossier import Indicator, Indicators, SelfAssessment
from indicators.scoring import Scorecard, score
from tests.indicators.helpers import PROFILE, money, policy

CASES = Path(__file__).parents[1] / "cases"


def case(name: str) -> dict:
    return json.loads((CASES / f"{name}.json").read_text("utf-8"))


def number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def indicators_of(data: dict) -> Indicators:
    """Only what the case states; nothing from the reader's answers."""
    items = tuple(
        Indicator(
            key=str(place),
            name=item["name"],
            level2=item["category"],
            target=item.get("target"),
            actual=item.get("actual"),
            weight=number(item.get("weight")),
            self_score=number(item.get("score")),
            direction=item.get("direction") or "",
        )
        for place, item in enumerate(data["indicators"])
    )
    execution = data.get("execution") or {}
    return Indicators(
        indicators=items,
        assessment=SelfAssessment(
            score=number(data.get("self_score")),
            grade=data.get("self_grade") or "",
            execution_weight=number(execution.get("weight")),
            execution_score=number(execution.get("score_stated")),
        ),
    )


def scored(name: str, budget: str | None = None, spent: str | None = None) -> Scorecard:
    return score(PROFILE, money(budget, spent), indicators_of(case(name)), policy())


def test_the_seed_as_stated_is_not_computable_beside_its_claim():
    data = case("shigu-rongmeiti-2023")
    items = indicators_of(data)
    # The one target stands in the text apart from the table, under 服务对象满意度; the line is 社会公众满意度.
    result = score(PROFILE, money("96.24", "264.55"), items, policy())
    assert [(line.name, line.outcome, line.basis) for line in result.lines] == [
        (
            "预算执行率",
            "unscorable",
            "全年执行数264.55万元÷全年预算数96.24万元=274.89%，超过100%，未说明原因，暂不计分",
        ),
        ("在职人员控制率", "unscorable", "缺少分值和年度指标值，无法评分"),
        ("保障在职人员正常办公、生活秩序", "unscorable", "缺少分值和年度指标值，无法评分"),
        ("资金到位率", "unscorable", "缺少分值和年度指标值，无法评分"),
        (
            "发挥主流媒体宣传带动作用，保障新媒体平台长期运行",
            "unscorable",
            "缺少分值、年度指标值和实际完成值，无法评分",
        ),
        ("社会公众满意度", "unscorable", "缺少分值和年度指标值，无法评分"),
        ("合理控制预算成本", "unscorable", "缺少分值、年度指标值和实际完成值，无法评分"),
    ]
    assert (result.score, result.grade) == (None, "")
    assert (result.self_score, result.self_grade, result.stated_grade) == (100, "优", "优")
    assert len(result.reasons) == 8
    assert result.reasons[-1] == "有6项指标没有分值，已填分值合计10分，应为100分"


def test_the_seed_with_its_target_given_to_the_line():
    items = indicators_of(case("shigu-rongmeiti-2023")).indicators
    line = items[4].model_copy(update={"target": "≥95%", "weight": Decimal(10)})
    result = score(PROFILE, money("100", "100"), Indicators(indicators=(line,)), policy())
    assert (result.lines[1].score, result.lines[1].flags) == (10, ("approximate",))


def test_langfang_gives_less_than_it_claims():
    result = scored("langfang-shipin-2019", "43.2", "37.24")
    assert [line.score for line in result.lines[:2]] == [Decimal("8.62"), Decimal("8.62")]
    assert (result.score, result.self_score) == (Decimal("97.24"), Decimal("98"))


def test_zhongjiang_weights_add_up_to_110():
    result = scored("zhongjiang-shuiliju-2022", "20", "20")
    assert result.score is None
    assert "分值合计110分，应为100分，总分无法计算" in result.reasons
    assert all("approximate" in result.lines[place].flags for place in (1, 2, 4, 5, 7, 9))
    assert (result.self_score, result.stated_grade) == (100, "")


def test_guichi_is_an_excerpt_without_its_last_ten_points():
    result = scored("guichi-tangxi-2022", "89.974", "89.974")
    assert result.lines[0].score == 10  # stated as 0
    assert result.lines[0].self_score == 0
    assert all(line.score == line.self_score == line.weight for line in result.lines[1:])
    assert result.reasons == ("分值合计90分，应为100分，总分无法计算",)


def test_kexuecheng_full_marks_for_72_percent():
    result = scored("kexuecheng-rongmeiti-2021")
    lines = {line.name: line for line in result.lines}
    assert lines["政府采购执行率"].score == Decimal("1.45")
    assert lines["政府采购执行率"].self_score == 2
    assert lines["党性教育培训次数"].flags == ("over-achieved",)
    assert lines["播发稿件数量"].basis == "缺少年度指标值，无法评分"
    assert lines["预算调整率"].score == 2
    assert result.self_score == Decimal("97.6")


def test_a_misread_target_is_asked_about():
    data = case("kexuecheng-rongmeiti-2021")
    items = indicators_of(data).indicators
    raw = next(item for item in items if item.name == "党性教育培训次数").model_copy(
        update={"target": "26次"}
    )
    result = score(PROFILE, money(), Indicators(indicators=(raw,)), policy())
    assert result.lines[1].outcome == "unscorable"
    assert "≥6次" in result.lines[1].basis


def test_qingshen_was_published_unfilled():
    result = scored("qingshen-fagaiju-2023", "251.89", "251.89")
    assert result.lines[0].score == 10
    assert [line.basis for line in result.lines[1:]] == ["缺少实际完成值，无法评分"] * 2
    assert result.score is None


@pytest.mark.parametrize("path", sorted(CASES.glob("*-20*.json")), ids=lambda path: path.stem)
def test_every_case_can_be_scored_and_claims_nothing_by_itself(path):
    result = scored(path.stem)
    assert result.score is None or result.score <= 100
    assert all(line.basis for line in result.lines)
