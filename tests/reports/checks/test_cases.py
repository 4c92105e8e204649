"""The rules over the real published cases: what must be found, and what must not be said."""

from __future__ import annotations

import json

import pytest

from budgets.money import plain
from indicators.policy import load_policy
from indicators.scoring import score
from reports.checks import run
from reports.intake.case import read_case
from tests.factories import make_dossier, make_table
from tests.reports.checks.build import d, t
from tests.reports.checks.twins import CASES, complete, fixture, seed

NAMES = sorted(
    path.stem
    for path in CASES.glob("*.json")
    if "fiscal_year" in json.loads(path.read_text(encoding="utf-8")) and not path.stem.startswith("seed_")
)
BY_TEXT = "stands in the report's text only, which the case does not carry"
ELSEWHERE = {
    ("shigu-rongmeiti-2023", "foreign-unit"): BY_TEXT,
    ("guichi-tangxi-2022", "sum", "年度总体目标"): BY_TEXT,
    ("hetang-fulian-2022", "mislabel"): BY_TEXT,
    ("langfang-shipin-2019", "missing-target"): BY_TEXT,
    ("qingshen-fagaiju-2023", "template-text"): BY_TEXT,
    ("tianshui-youeryuan-2017", "ratio"): BY_TEXT,
    ("tongnan-yuxi-2022", "foreign-year"): BY_TEXT,
    ("wuzhou-junxiu-2021", "definition"): BY_TEXT,
    ("zhongjiang-shuiliju-2022", "duplicate-text"): BY_TEXT,
}
"""Contradictions that the case's figures alone cannot show; each rule is tested on text of its own."""


def findings(name: str):
    return run(read_case(fixture(f"{name}.json")), policy=load_policy())


def decidable(name: str, item: dict) -> bool:
    keys = {(name, item["kind"]), (name, item["kind"], item["where"])}
    return not keys & set(ELSEWHERE)


@pytest.mark.parametrize("name", NAMES)
def test_every_decidable_contradiction_is_a_finding_of_its_kind(name):
    kinds = {item.kind for item in findings(name)}
    wanted = {item["kind"] for item in fixture(f"{name}.json")["contradictions"] if decidable(name, item)}
    assert wanted <= kinds


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("clean-")])
def test_clean_cases_give_no_finding(name):
    assert findings(name) == []


MUST_BE_FOUND = [
    ("shigu-rongmeiti-2023", "over-execution", "264.55万元是全年预算数96.24万元的274.89%"),
    ("shigu-rongmeiti-2023", "over-execution", "全年预算数疑为年初预算数"),
    ("shigu-rongmeiti-2023", "spending-without-budget", "项目支出预算0万元而决算153.50万元"),
    ("shigu-rongmeiti-2023", "project-funds", "相差5.20万元"),
    ("shigu-rongmeiti-2023", "unknown-office", "综合科"),
    ("hetang-fulian-2022", "carryover-unstated", "应余14.01万元"),
    ("hetang-fulian-2022", "over-execution", "110.57%，是年初预算数57.28万元的133.31%"),
    ("kexuecheng-rongmeiti-2021", "line-score", "应得1.45分，自评2分"),
    ("kexuecheng-rongmeiti-2021", "over-achievement", "200.00%"),
    ("kexuecheng-rongmeiti-2021", "low-target", "预算完成率"),
    ("kexuecheng-rongmeiti-2021", "execution-carryover-gap", "24.00%没有执行"),
    ("langfang-shipin-2019", "execution-score", "应得8.62分，所写得分为9分"),
    ("langfang-shipin-2019", "line-score", "应得8.62分，自评9分"),
    ("zhongjiang-shuiliju-2022", "weight-sum", "分值合计110分"),
    ("zhongjiang-shuiliju-2022", "section-weight", "产出指标分值合计70分，评分办法规定50分"),
    ("guichi-tangxi-2022", "stated-execution-rate", "应为100.00%"),
    ("tianshui-youeryuan-2017", "carryover-unstated", "多支出255.12万元"),
    ("wuzhou-junxiu-2021", "grand-total", "相差0.01万元，属四舍五入差"),
    ("wuzhou-junxiu-2021", "carryover-unstated", "应有年末结转和结余"),
    ("qingshen-fagaiju-2023", "unexplained-adjustment", "105.42%"),
    ("nanxian-caizhengju-2020", "missing-grade", "97分"),
]


@pytest.mark.parametrize(("name", "code", "words"), MUST_BE_FOUND)
def test_says_it_with_the_numbers(name, code, words):
    assert any(item.code == code and words in item.message for item in findings(name))


MUST_NOT_BE_SAID = [
    ("hetang-fulian-2022", "staff-over-posts"),
    ("hetang-fulian-2022", "adjustment-sum"),
    ("nanxian-caizhengju-2020", "grade-mismatch"),
    ("kexuecheng-rongmeiti-2021", "weight-sum"),
    ("kexuecheng-rongmeiti-2021", "score-sum"),
    ("guichi-tangxi-2022", "over-achievement"),
    ("guichi-tangxi-2022", "weight-sum"),
    ("langfang-shipin-2019", "stated-execution-rate"),
    ("langfang-shipin-2019", "under-execution"),
    ("qingshen-fagaiju-2023", "spending-without-budget"),
    ("wuzhou-junxiu-2021", "carryover-balance"),
    ("tianshui-youeryuan-2017", "table-sum"),
    ("tongnan-yuxi-2022", "offices-count"),
]
"""The cases' ``not_findings`` as rules: what looks odd and is right."""


@pytest.mark.parametrize(("name", "code"), MUST_NOT_BE_SAID)
def test_says_nothing_of_what_is_right(name, code):
    assert code not in {item.code for item in findings(name)}


def test_smaller_is_better_is_no_fault():
    """92 % of 100 % 控制率, 97 % of 公用经费, and 129.95 % lie on the right side."""
    places = {item.where for item in findings("kexuecheng-rongmeiti-2021")}
    assert not places & {"indicators.ind-1.self_score", "indicators.ind-7.self_score"}
    assert "indicators.ind-18.actual" not in places


@pytest.mark.parametrize("name", NAMES)
def test_answers_in_the_file_change_nothing(name):
    data = fixture(f"{name}.json")
    for key in ("contradictions", "arithmetic", "not_findings", "note"):
        data.pop(key, None)
    assert run(read_case(data), policy=load_policy()) == findings(name)


def test_the_seed_text_alone_shows_all_eight():
    codes = {item.code for item in run(seed(), policy=load_policy())}
    assert codes >= {
        "over-execution",
        "spending-without-budget",
        "project-funds",
        "foreign-function",
        "unknown-office",
        "unquantified",
        "full-marks-admitted-faults",
        "missing-target",
    }


def test_the_completed_seed_leaves_what_its_fixture_explains():
    typed = fixture("seed_completed.json")
    found = run(complete(typed), policy=load_policy())
    by_level = {
        level: {item.code for item in found if item.level == level} for level in ("error", "warning", "hint")
    }
    assert by_level["error"] == set()
    assert by_level["warning"] == set(typed["explanations"])
    assert sorted(by_level["hint"]) == typed["expected"]["hints"]
    assert any("274.89%" in item.message for item in found)


@pytest.mark.parametrize("name", ["seed_completed.json", "seed_corrected.json"])
def test_the_twins_score_as_their_fixtures_expect(name):
    typed = fixture(name)
    dossier = complete(typed)
    card = score(dossier.profile, dossier.money, dossier.indicators, load_policy())
    assert plain(card.score) == typed["expected"]["score"]
    assert card.grade == typed["expected"]["grade"]


def test_the_corrected_twin_has_no_finding():
    assert run(complete(fixture("seed_corrected.json")), policy=load_policy()) == []


def test_the_default_dossier_of_the_tests_has_no_finding():
    assert run(make_dossier(), policy=load_policy()) == []


def hengshan():
    """Figures of a Hengyang county's township for 2023 (domain notes 3.1): 自评表 and 基础数据表."""
    money = t(
        "income_nature",
        {"initial_budget": "861.10", "full_budget": "2030.12", "actual": "2030.12"},
        general={"full_budget": "1325.68", "actual": "1325.68"},
        fund={"full_budget": "118.82", "actual": "118.82"},
        other={"full_budget": "585.62", "actual": "585.62"},
    )
    money |= t(
        "expenditure",
        basic={"full_budget": "900.47", "actual": "900.47"},
        project={"initial_budget": "308.17", "full_budget": "1025.20", "actual": "1025.20"},
    )
    # The form's head states one 年度资金总额 for both ways of splitting it.
    table = money["expenditure"]
    head = make_table(
        "expenditure", total={"initial_budget": "861.10"}, basic={"full_budget": "0"}
    ).stated_total
    money["expenditure"] = table.model_copy(update={"stated_total": head})
    money |= t("running_costs", {"initial_budget": "85.76", "actual": "193.42"})
    return d(
        money=money,
        profile={"authorized_posts": 46, "staff_on_posts": 50},
        claim={"execution_weight": 10, "execution_rate": "100%", "execution_score": 10},
    )


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("nature-totals", "相差104.45万元"),
        ("staff-over-posts", "108.70%"),
        ("spending-over-initial", "332.67%"),
        ("control-over-budget", "225.54%"),
        ("budget-set-to-actual", "得满分10分"),
    ],
)
def test_the_hengshan_figures(code, words):
    found = run(hengshan(), policy=load_policy())
    assert any(item.code == code and words in item.message for item in found)
