"""Real reports through the case adapter, and the completed fixtures: the scorecards as tables, figure by figure.

``arithmetic`` of a case is a careful reader's own calculation: what is computed here must be that, and must agree with
what the report states exactly where the reader found that it does.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from budgets.money import round_half_up
from indicators.common import compute, find
from indicators.policy import load_policy
from indicators.scoring import Scorecard, score
from reports.dossier import Dossier
from reports.intake.case import read_case
from tests.factories import make_dossier
from tests.reports.checks.twins import complete, fixture

CASES = Path(__file__).parents[1] / "cases"


def case(name: str) -> dict[str, Any]:
    return json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))


def scored(dossier: Dossier) -> Scorecard:
    return score(dossier.profile, dossier.money, dossier.indicators, load_policy())


def computed(data: dict[str, Any], what: str) -> Decimal:
    """What is computed here under the name that the reader gave it."""
    dossier = read_case(data)
    card = scored(dossier)
    if what in ("执行率得分", "按比例重算总分", "分值总和（含执行率）", "政府采购按比例得分", "所填得分之和"):
        return {
            "执行率得分": lambda: card.lines[0].score,
            "按比例重算总分": lambda: card.score,
            "所填得分之和": lambda: card.self_score,
            "分值总和（含执行率）": lambda: card.weight_total,
            "政府采购按比例得分": lambda: next(
                line.score for line in card.lines if line.name == "政府采购执行率"
            ),
        }[what]()
    if what in ("产出分值", "效益分值", "产出"):
        name = f"{what.removesuffix('分值')}指标"
        return next(section.weight for section in card.sections if section.name == name)
    name = "预算完成率" if what.startswith("执行率") else what.removesuffix("%")
    found = compute(find(name), dossier.profile, dossier.money)
    return round_half_up(found.value * 100)


ARITHMETIC = [
    ("clean-maoming-fagaiju-2021", "在职人员控制率%"),
    ("clean-taojiang-2019", "三公经费控制率%"),
    ("guichi-tangxi-2022", "产出分值"),
    ("guichi-tangxi-2022", "效益分值"),
    ("hetang-fulian-2022", "在职人员控制率%"),
    ("kexuecheng-rongmeiti-2021", "政府采购按比例得分"),
    ("langfang-shipin-2019", "执行率%"),
    ("langfang-shipin-2019", "执行率得分"),
    ("langfang-shipin-2019", "所填得分之和"),
    ("langfang-shipin-2019", "按比例重算总分"),
    ("qingshen-fagaiju-2023", "执行率%"),
    ("tianshui-youeryuan-2017", "在职人员控制率%"),
    ("tongnan-yuxi-2022", "在职人员控制率%"),
    ("zhongjiang-shuiliju-2022", "分值总和（含执行率）"),
    ("zhongjiang-shuiliju-2022", "执行率%"),
]


@pytest.mark.parametrize(("name", "what"), ARITHMETIC)
def test_the_same_figure_as_the_careful_reader(name, what):
    data = case(name)
    entry = next(item for item in data["arithmetic"] if item["what"] == what)
    value = computed(data, what)
    assert value == Decimal(entry["computed"])
    if entry["agrees"] is not None:
        # A rate is compared in the digits that are shown; a score is what it is.
        digits = Decimal(1).scaleb(-len(entry["stated"].partition(".")[2]))
        shown = round_half_up(value, digits) if what.endswith("%") else value
        assert (shown == Decimal(entry["stated"])) is entry["agrees"]


STATED = [
    ("langfang-shipin-2019", 0, "9", "8.62"),
    ("langfang-shipin-2019", 1, "9", "8.62"),
    ("zhongjiang-shuiliju-2022", 0, "10", "10"),
    ("kexuecheng-rongmeiti-2021", 9, "2", "1.45"),
    ("guichi-tangxi-2022", 5, "8", "8"),
]


@pytest.mark.parametrize(("name", "number", "own", "system"), STATED)
def test_the_stated_score_stands_beside_the_computed_one(name, number, own, system):
    card = scored(read_case(case(name)))
    line = card.lines[number]
    assert (line.self_score, line.score) == (Decimal(own), Decimal(system))
    differs = any(sentence.startswith(f"{line.name}：自评{own}分") for sentence in card.differences)
    assert differs is (Decimal(own) != Decimal(system))


def table(card: Scorecard) -> list[tuple[str, str, str, str]]:
    return [(line.name, str(line.score), line.outcome, line.basis) for line in card.lines]


OVER = (
    "全年执行数264.55万元÷全年预算数96.24万元=274.89%，超过100%，已说明原因：“96.24万元是年初批复数。"
    "年中区财政追加专项经费148.30万元和人员经费等20.01万元，追加数没有计入所填的全年预算数，因此执行数大于预算数。”，按满分10计"
)


def test_the_completed_seed_in_full():
    card = scored(complete(fixture("seed_completed.json")))
    assert (str(card.score), card.grade, card.self_score, card.stated_grade) == ("100.00", "优", 100, "优")
    assert card.reasons == card.differences == ()
    assert table(card) == [
        ("预算执行率", "10.00", "met", OVER),
        ("在职人员控制率", "10.00", "met", "目标≤100%，完成63.64%，达到目标，得满分10"),
        ("保障在职人员正常办公、生活秩序", "15.00", "met", "目标100%，完成100%，达到目标，得满分15"),
        ("资金到位率", "15.00", "met", "目标100%，完成100%，达到目标，得满分15"),
        ("合理控制预算成本", "10.00", "met", "目标≤100%，完成98%，达到目标，得满分10"),
        (
            "发挥主流媒体宣传带动作用，保障新媒体平台长期运行",
            "30.00",
            "met",
            "目标≥300篇，完成326篇，达到目标，得满分30",
        ),
        (
            "社会公众满意度",
            "10.00",
            "met",
            "目标≥95%，完成98%以上（完成值不是确数，按下限计），达到目标，得满分10",
        ),
    ]


def test_the_corrected_seed_in_full():
    card = scored(complete(fixture("seed_corrected.json")))
    assert (str(card.score), card.grade) == ("99.40", "优")
    assert table(card) == [
        ("预算执行率", "10.00", "met", "全年执行数264.55万元÷全年预算数264.55万元=100.00%，得满分10"),
        ("自有平台发布新闻信息条数", "10.00", "met", "目标≥2000条，完成2160条，达到目标，得满分10"),
        ("保障在职人员正常办公、生活秩序", "15.00", "met", "目标100%，完成100%，达到目标，得满分15"),
        ("重大新闻当日发布率", "14.40", "unmet", "目标100%，完成96%，按比例 15×96/100=14.40"),
        ("合理控制预算成本", "10.00", "met", "目标≤100%，完成98%，达到目标，得满分10"),
        ("市级以上媒体刊播稿件数", "30.00", "met", "目标≥300篇，完成326篇，达到目标，得满分30"),
        ("社会公众满意度", "10.00", "met", "目标≥95%，完成98.5%，达到目标，得满分10"),
    ]


def test_the_factory_dossier_in_full():
    card = scored(make_dossier())
    assert [(line.name, str(line.weight), str(line.score)) for line in card.lines] == [
        ("预算执行率", "10", str(card.lines[0].score)),
        ("档案数字化加工数量", "10", "9.00"),
        ("接收进馆档案数量", "8", "8.00"),
        ("举办档案宣传活动场次", "6", "6.00"),
        ("数字化成果验收合格率", "8", "8.00"),
        ("库房温湿度达标率", "6", "6.00"),
        ("查档申请按时办结率", "6", "6.00"),
        ("档案数字化单页成本", "6", "6.00"),
        ("查档利用人次", "8", "8.00"),
        ("民生档案查询服务覆盖率", "8", "8.00"),
        ("无纸化查档比例", "6", "6.00"),
        ("馆藏档案数字化率", "8", "8.00"),
        ("服务对象满意度", "10", "10.00"),
    ]
    assert [(section.name, section.weight, section.score) for section in card.sections] == [
        ("产出指标", 50, 49),
        ("效益指标", 30, 30),
        ("满意度指标", 10, 10),
    ]
    assert card.score == card.lines[0].score + 89
    assert [project.card.score is not None for project in card.projects] == [True, True]


def test_the_seed_as_published_is_not_computable_beside_its_claim():
    card = scored(read_case(case("shigu-rongmeiti-2023")))
    assert (card.score, card.grade, card.self_score, card.self_grade, card.stated_grade) == (
        None,
        "",
        100,
        "优",
        "优",
    )
    assert all(line.outcome == "unscorable" and line.basis for line in card.lines)
    assert card.differences[-1] == "自评得分100分，系统总分无法计算"
