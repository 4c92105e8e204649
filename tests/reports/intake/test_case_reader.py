"""The adapter of real cases: it carries what a case states, and never the reader's answers beside it."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from pathlib import Path

import pytest

from budgets.money import from_wan
from budgets.tables import TOTAL
from indicators.policy import load_policy
from reports import intake
from reports.checks import run
from reports.dossier import Covers
from reports.intake import IntakeError
from reports.intake.case import WHOLE_CASE, read_case

CASES = Path(__file__).resolve().parents[2] / "cases"
FILES = sorted(path for path in CASES.glob("*.json") if "-20" in path.name)
ANSWERS = ("contradictions", "arithmetic", "not_findings", "note")


def load(name: str) -> dict:
    return json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))


def yuan(wan: str | None) -> Decimal | None:
    return None if wan is None else from_wan(Decimal(wan))


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def data(request) -> dict:
    return json.loads(request.param.read_text(encoding="utf-8"))


def small(**changes) -> dict:
    """The smallest excerpt, with changes."""
    return {"fiscal_year": 2022, "department": {"name": "示例县水利局"}, "excerpt_only": True, **changes}


# ------------------------------------------------------------------ every case


def test_answers_are_never_read(data):
    stripped = {key: value for key, value in data.items() if key not in ANSWERS}
    if "execution" in stripped:
        stripped["execution"] = {k: v for k, v in data["execution"].items() if k != "score_right"}
    assert read_case(stripped).sha256() == read_case(data).sha256()


def test_answers_of_another_kind_change_nothing(data):
    spoilt = copy.deepcopy(data) | {"contradictions": 7, "arithmetic": "x", "not_findings": None, "note": []}
    assert read_case(spoilt) == read_case(data)


def test_no_word_of_the_answers_comes_through(data):
    read = read_case(data).canonical_json()
    for item in data["contradictions"]:
        assert item["what"] not in read


def test_every_indicator_is_carried(data):
    lines = read_case(data).indicators.indicators
    for line, item in zip(lines, data["indicators"], strict=False):
        assert (line.name, line.level2) == (item["name"], item["category"])
        assert line.actual == item.get("actual")
        assert line.weight == (None if item.get("weight") is None else Decimal(item["weight"]))
        assert line.self_score == (None if item.get("score") is None else Decimal(item["score"]))
        assert line.deviation_reason == (item.get("reason") or "")
        assert line.direction == item.get("direction", "")
        assert line.formula == item.get("formula", "")
        if item.get("target") is not None:
            assert line.target == item["target"]


def test_profile_is_carried(data):
    profile, unit = read_case(data).profile, data["department"]
    assert profile.year == data["fiscal_year"]
    assert profile.department == (unit["name"] or "")
    for ours, theirs in (
        ("authorized_posts", "authorized_posts"),
        ("staff_on_posts", "staff_on_posts"),
        ("retirees", "retirees"),
        ("duties_stated", "duties_count"),
    ):
        assert getattr(profile, ours) == unit[theirs]
    assert profile.offices_stated == data.get("offices_stated")


def test_every_amount_is_somewhere(data):
    """Whatever label an amount has, its value in 元 stands in one of the tables."""
    money = read_case(data).money
    held = set(_amounts(money.model_dump()))
    for part in ("income_final", "expenditure_final", "budget_full_year", "budget_initial"):
        for label, wan in (data.get(part) or {}).items():
            assert wan is None or yuan(wan) in held, f"{part}.{label}"


def _amounts(value):
    if isinstance(value, Decimal):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _amounts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _amounts(item)


# ------------------------------------------------------------------ coverage


def test_the_whole_case_covers_what_a_case_can_carry():
    dossier = read_case(load("shigu-rongmeiti-2023"))
    assert dossier.coverage == WHOLE_CASE
    assert not dossier.covers(Covers.NARRATIVE)


@pytest.mark.parametrize(
    ("name", "covered"),
    [
        ("clean-maoming-fagaiju-2021", {Covers.PROFILE, Covers.OFFICES}),
        ("clean-taojiang-2019", {Covers.BASE_DATA}),
        ("nanxian-caizhengju-2020", {Covers.PROFILE, Covers.OFFICES, Covers.SELF_SCORE}),
        ("tianshui-youeryuan-2017", {Covers.PROFILE, Covers.INCOME, Covers.EXPENDITURE}),
        ("wuzhou-junxiu-2021", {Covers.INCOME, Covers.EXPENDITURE, Covers.CARRYOVER}),
        (
            "qingshen-fagaiju-2023",
            {Covers.EXPENDITURE, Covers.BUDGET, Covers.INDICATORS, Covers.TARGETS, Covers.WEIGHTS},
        ),
    ],
)
def test_an_excerpt_covers_only_what_it_states(name, covered):
    assert read_case(load(name)).coverage == covered


def test_an_indicator_of_which_only_the_name_is_stated_was_not_read():
    indicator = {
        "category": "数量指标",
        "name": "在职人员控制率",
        "target": None,
        "actual": None,
        "formula": "甲/乙",
    }
    dossier = read_case(small(indicators=[indicator]))
    assert dossier.coverage == frozenset()
    assert dossier.indicators.indicators[0].formula == "甲/乙"


def test_no_offices_is_stated_and_not_unread():
    dossier = read_case(small(department={"name": "甲", "internal_offices": []}))
    assert dossier.profile.internal_offices == ()
    assert dossier.covers(Covers.OFFICES)


# ------------------------------------------------------------------ labels of income and expenditure


def test_income_by_nature():
    money = read_case(load("hetang-fulian-2022")).money
    assert money.income_source.rows == ()
    assert money.income_nature.amount("other", "actual") == yuan("21.31")
    own = money.income_nature.row("row-1")
    assert (own.label, own.actual) == ("预算收入", yuan("69.06"))
    assert money.carryover.amount("closing", "actual") == 0
    assert (money.budget, money.spent) == (yuan("69.06"), yuan("76.36"))
    assert money.expenditure.total("initial_budget") == yuan("57.28")
    assert [one.amount for one in money.adjustments] == [yuan("11.78")]


def test_the_years_total_and_the_grand_total_are_kept_apart():
    money = read_case(load("wuzhou-junxiu-2021")).money
    assert money.income_source.amount("fiscal", "actual") == yuan("382.17")
    assert money.income_source.amount(TOTAL, "actual") == yuan("390.55")
    assert money.expenditure.amount(TOTAL, "actual") == yuan("480.71")
    assert money.carryover.amount("opening", "actual") == yuan("190.89")
    assert [(row.label, row.actual) for row in money.carryover.rows[1:]] == [
        ("收入总计", yuan("581.45")),
        ("支出总计", yuan("581.45")),
    ]


def test_unknown_label_becomes_a_row_of_its_own_with_all_columns():
    row = read_case(load("guichi-tangxi-2022")).money.expenditure.row("row-1")
    assert row.label == "本年财政拨款"
    assert (row.initial_budget, row.full_budget, row.actual) == (yuan("90"), yuan("89.974"), yuan("89.974"))


def test_three_public():
    dossier = read_case(load("clean-taojiang-2019"))
    table = dossier.money.three_public
    assert (table.total("full_budget"), table.total("actual")) == (yuan("44.52"), yuan("22.62"))
    assert table.amount("reception", "actual") == yuan("20.10")
    assert table.amount("abroad", "actual") == 0
    assert "批次：520" in [item.words for item in dossier.unread]


def test_execution_as_stated():
    stated = read_case(load("langfang-shipin-2019")).indicators.assessment
    assert (stated.execution_weight, stated.execution_rate, stated.execution_score) == (10, "86%", 9)


# ------------------------------------------------------------------ targets and garbled words


def test_satisfaction_target_meets_the_only_satisfaction_indicator():
    dossier = read_case(load("shigu-rongmeiti-2023"))
    line = next(line for line in dossier.indicators.indicators if line.level2 == "满意度指标")
    assert (line.name, line.target, line.actual) == ("社会公众满意度", "≥95%", "98%以上")
    origin = next(one for one in dossier.origins if one.where == f"indicators.{line.key}.target")
    assert origin.words == "服务对象满意度≥95%", "the target's own name is not lost"
    assert dossier.unread[0].question.startswith("目标写的是“服务对象满意度”")


def test_a_target_of_another_indicator_becomes_its_own_line():
    dossier = read_case(
        small(
            indicators=[{"category": "数量指标", "name": "开展培训次数", "actual": "5次"}],
            targets=[{"category": "数量指标", "name": "维修水库座数", "target": "≥12座"}],
        )
    )
    assert [(line.name, line.target, line.actual) for line in dossier.indicators.indicators] == [
        ("开展培训次数", None, "5次"),
        ("维修水库座数", "≥12座", None),
    ]


def test_two_satisfaction_indicators_make_the_target_a_line_of_its_own():
    dossier = read_case(
        small(
            indicators=[
                {"category": "满意度指标", "name": "学生评价", "actual": "97%"},
                {"category": "满意度指标", "name": "家长评价", "actual": "98%"},
            ],
            targets=[{"category": "满意度指标", "name": "服务对象满意度", "target": "≥95%"}],
        )
    )
    assert len(dossier.indicators.indicators) == 3


def test_garbled_targets_are_questions():
    dossier = read_case(load("kexuecheng-rongmeiti-2021"))
    questions = {item.words: item.question for item in dossier.unread}
    assert questions["26次"] == "年度指标值抽取出来是“26次”，读作“≥6次”，请确认"
    assert "没有读懂" in questions["2200篇"]
    line = next(line for line in dossier.indicators.indicators if line.name == "播发稿件数量")
    assert line.target is None
    assert [one.words for one in dossier.origins if one.where == f"indicators.{line.key}.target"] == [
        "2200篇"
    ]


@pytest.mark.parametrize(
    ("category", "level1"),
    [
        ("数量指标", "产出指标"),
        ("成本指标", "产出指标"),
        ("效益指标", "效益指标"),
        ("社会效益指标", "效益指标"),
        ("可持续影响指标", "效益指标"),
        ("满意度指标", "满意度指标"),
        ("服务对象满意度指标", "满意度指标"),
        ("管理", "管理"),
        ("产出", "产出指标"),
    ],
)
def test_first_level_class(category, level1):
    dossier = read_case(small(indicators=[{"category": category, "name": "某项", "actual": "1"}]))
    assert dossier.indicators.indicators[0].level1 == level1


# ------------------------------------------------------------------ faults


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"income_final": {"事业收入": "很多"}}, "income_final.事业收入"),
        ({"income_final": {"事业收入": 1.1}}, "income_final.事业收入"),
        ({"income_final": "12"}, "income_final"),
        ({"indicators": {"name": "x"}}, "indicators"),
        ({"self_score": "满分"}, "self_score"),
        ({"fiscal_year": None}, "fiscal_year"),
        ({"department": {"name": "甲", "retirees": "若干"}}, "retirees"),
    ],
)
def test_a_faulty_case_is_refused_with_its_place(changes, message):
    with pytest.raises(IntakeError, match=message):
        read_case(small(**changes))


def test_read_by_path():
    assert (
        intake.read(FILES[0]).profile.year == json.loads(FILES[0].read_text(encoding="utf-8"))["fiscal_year"]
    )


def test_raw_text_with_chapters_is_cut_into_its_sections():
    """Half-width marks and a broken line, as extracted: the rules see sections and whole sentences."""
    dossier = read_case(
        {
            "fiscal_year": 2022,
            "department": {"name": "示例县水利局", "internal_offices": ["办公室", "财务股"]},
            "raw": "一、部门概况\n内设办公室、财务股。\n"
            "二、资金管理\n专项资金由建设股负责审核,\n做到专款专用。\n三、存在的主要问题\n支付进度偏慢。",
        }
    )
    assert dossier.section("problems") == "支付进度偏慢。"
    found = run(dossier, policy=load_policy())
    assert [item.code for item in found if "建设股" in item.message] == ["unknown-office"]


def test_definitions_are_understood_with_half_width_marks():
    words = "名词解释\n1.基本支出:指在基本支出之外为完成特定的行政任务发生的支出。"
    dossier = read_case({"fiscal_year": 2022, "department": {}, "raw": words})
    assert {"definition-mixed"} <= {item.code for item in run(dossier, policy=load_policy())}
