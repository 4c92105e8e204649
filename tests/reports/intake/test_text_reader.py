"""The reader of report texts on the real published report: it agrees with the case that a person read."""

from __future__ import annotations

import ast
import inspect
import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from budgets.money import from_wan
from budgets.tables import TABLES, TOTAL
from indicators import values
from reports import intake
from reports.dossier import Covers
from reports.intake import (
    amounts,
    case,
    collected,
    finance,
    flat_tables,
    lexicon,
    matching,
    people,
    results,
    sections,
    text,
)
from reports.intake.matching import likeness

CASES = Path(__file__).resolve().parents[2] / "cases"
TEXT = CASES / "shigu-rongmeiti-2023.txt"
CASE = json.loads((CASES / "shigu-rongmeiti-2023.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def dossier():
    return intake.read(TEXT)


def yuan(wan: str) -> Decimal:
    return from_wan(Decimal(wan))


def row_key(table: str, label: str) -> str:
    return next((row.key for row in TABLES[table].rows if row.label == label), TOTAL)


# ------------------------------------------------------------------ field by field against the case


def test_title_year_and_kind(dossier):
    assert (dossier.title, dossier.year) == (CASE["title"], CASE["fiscal_year"])
    assert dossier.document_kind == "部门整体支出绩效评价报告"


@pytest.mark.parametrize("field", ["kind", "authorized_posts", "staff_on_posts", "retirees"])
def test_profile_fact(dossier, field):
    assert getattr(dossier.profile, field) == CASE["department"][field]


def test_name_offices_and_region(dossier):
    profile, unit = dossier.profile, CASE["department"]
    assert profile.department == unit["name"]
    assert list(profile.internal_offices) == unit["internal_offices"]
    assert profile.offices_stated == len(unit["internal_offices"])
    assert profile.region_name == CASE["region"]["name"]


def test_ten_duties_without_line_breaks(dossier):
    duties = dossier.profile.duties
    assert len(duties) == CASE["department"]["duties_count"]
    assert duties[0].startswith("全面贯彻落实党和国家在新闻宣传方面的路线、方针、政策，")
    assert duties[-1] == "完成区委和区委宣传部交办的其它任务。"
    assert all(not re.search(r"\s", duty) and duty.endswith("。") for duty in duties)


@pytest.mark.parametrize(
    ("part", "table", "column"),
    [
        ("income_final", "income_source", "actual"),
        ("expenditure_final", "expenditure", "actual"),
        ("budget_full_year", "expenditure", "full_budget"),
    ],
)
def test_every_figure(dossier, part, table, column):
    data = dossier.money.table(table)
    for label, wan in CASE[part].items():
        assert data.amount(row_key(table, label), column) == yuan(wan), label
    assert data.stated_total.amount(column) == yuan(CASE[part]["合计"])
    assert len([row for row in data.rows if row.amount(column) is not None]) == len(CASE[part]) - 1


def test_initial_budget_is_not_invented(dossier):
    assert CASE["budget_initial"] is None
    assert dossier.money.expenditure.total("initial_budget") is None


def test_project_and_its_office(dossier):
    (project,) = dossier.money.projects
    (stated,) = CASE["projects"]
    assert (project.name, project.allocated, project.spent) == (
        stated["name"],
        yuan(stated["allocated"]),
        None,
    )
    assert dossier.money.project_office == CASE["project_fund_manager_office"]


def test_indicators(dossier):
    lines = dossier.indicators.indicators
    assert [line.level2 for line in lines] == [item["category"] for item in CASE["indicators"]]
    for line, item in zip(lines, CASE["indicators"], strict=True):
        assert likeness(line.name, item["name"]) > 0.6
        assert values.read(line.actual).number == values.read(item["actual"]).number
    assert lines[0].name == "在职人员控制率"
    assert lines[0].formula == "在职人员数/编制数"
    assert lines[0].actual == "约63.64%", "约 is part of what is stated"
    assert [line.actual for line in lines[3:6:2]] == [None, None], "benefit and cost state no value"


def test_target_of_satisfaction_keeps_its_own_name(dossier):
    (target,) = CASE["targets"]
    line = next(line for line in dossier.indicators.indicators if line.target is not None)
    read, expected = values.read(line.target), values.read(target["target"])
    assert (read.operator, read.number, read.unit) == (expected.operator, expected.number, expected.unit)
    origin = next(one for one in dossier.origins if one.where == f"indicators.{line.key}.target")
    assert target["name"] in origin.words
    assert any(target["name"] in item.question for item in dossier.unread), "the doubt is a question"


def test_score_and_grade(dossier):
    assert str(dossier.indicators.assessment.score) == CASE["self_score"]
    assert dossier.indicators.assessment.grade == CASE["self_grade"]


# ------------------------------------------------------------------ text, coverage, origins


def test_sections_are_found_with_their_text(dossier):
    assert [section.key for section in dossier.narrative] == [
        "profile",
        "goals_stage",
        "goals_detail",
        "funds_management",
        "project_use",
        "project_management",
        "purpose",
        "process",
        "performance",
        "problems",
        "measures",
    ]
    assert "信访部门工作日益繁重" in dossier.section("problems")
    assert dossier.section("measures").endswith("符合实际工作内容等。")
    assert len(dossier.indicators.goals) == 4


def test_sections_have_no_stray_line_breaks(dossier):
    for section in dossier.narrative:
        for paragraph in section.text.split("\n"):
            assert paragraph.endswith(("。", "：")), f"{section.key}: {paragraph[-20:]}"
            assert not re.search(r"[\u4e00-\u9fff] | [\u4e00-\u9fff]", paragraph)


def test_what_became_data_is_not_told_twice(dossier):
    told = "".join(section.text for section in dossier.narrative)
    for words in ("264.55", "96.24", "148.3", "在职人员控制率", "自评得分100分", "主要工作职责是"):
        assert words not in told


def test_coverage_of_a_whole_report(dossier):
    assert dossier.coverage == {
        Covers.PROFILE,
        Covers.OFFICES,
        Covers.DUTIES,
        Covers.INCOME,
        Covers.EXPENDITURE,
        Covers.BUDGET,
        Covers.PROJECTS,
        Covers.GOALS,
        Covers.INDICATORS,
        Covers.TARGETS,
        Covers.WEIGHTS,
        Covers.SELF_SCORE,
        Covers.NARRATIVE,
    }


def test_every_value_has_an_origin_in_the_text(dossier):
    source = re.sub(r"\s", "", TEXT.read_text(encoding="utf-8"))
    folded = source.replace("(", "（").replace(")", "）")
    for origin in dossier.origins:
        words = re.sub(r"\s", "", origin.words).replace("(", "（").replace(")", "）")
        assert all(part in folded for part in words.split("\n")), origin.where
    read = {origin.where for origin in dossier.origins}
    assert {"profile.authorized_posts", "money.expenditure.project.actual", "assessment.score"} <= read
    basic = next(one for one in dossier.origins if one.where == "money.expenditure.basic.full_budget")
    assert (basic.source, basic.words) == (
        "四（一）1 整体支出资金安排落实与投入情况分析",
        "基本支出96.24万元",
    )


def test_nothing_but_the_doubt_is_left_unread(dossier):
    assert len(dossier.unread) == 1


# ------------------------------------------------------------------ it is a rule and not the example

DISTINCTIVE = ["石鼓", "融媒体", "信访", "综合科", "新闻采访", "舆情", "264.55", "96.24", "148.3", "63.64"]


@pytest.mark.parametrize(
    "module",
    [amounts, case, collected, finance, flat_tables, lexicon, matching, people, results, sections, text],
    ids=lambda m: m.__name__,
)
def test_no_unit_and_no_figure_stands_in_the_code(module):
    tree = ast.parse(inspect.getsource(module))
    docs = {id(node.body[0].value) for node in ast.walk(tree) if _has_docstring(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            assert not [word for word in DISTINCTIVE if word in node.value]


def _has_docstring(node: ast.AST) -> bool:
    body = getattr(node, "body", None)
    first = body[0] if isinstance(body, list) and body else None
    return isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)


RENAMED = {
    "中共石鼓区委融媒体中心": "示例市青山区档案馆",
    "融媒体中心运营及外宣": "馆藏数字化及库房改造",
    "综合科": "保管利用科",
    "264.55": "1,301.20",
    "259.14": "1,300.00",
    "5.41": "1.20",
    "111.05": "800.15",
    "153.50": "501.05",
    "96.24": "1300.00",
    "148.3": "498.7",
    "11个": "38名",
    "7人": "35人",
    "2023": "2021",
}


def test_other_names_and_figures_are_read_the_same_way():
    source = _joined(TEXT.read_text(encoding="utf-8"))
    for old, new in RENAMED.items():
        source = source.replace(old, new)
    dossier = text.read_text(source)
    assert dossier.profile.department == "示例市青山区档案馆"
    assert (dossier.profile.city_name, dossier.profile.region_name) == ("示例市", "青山区")
    assert (dossier.year, dossier.profile.authorized_posts, dossier.profile.staff_on_posts) == (2021, 38, 35)
    assert dossier.money.income_source.amount("fiscal", "actual") == yuan("1300")
    assert dossier.money.spent == yuan("1301.20")
    assert dossier.money.budget == yuan("1300")
    assert [project.name for project in dossier.money.projects] == ["馆藏数字化及库房改造专项经费"]
    assert dossier.money.projects[0].allocated == yuan("498.7")
    assert dossier.money.project_office == "保管利用科"


def _joined(source: str) -> str:
    """The same report with one paragraph a line, as copied from a Word file."""
    blocks = sections.cut(source).walk()
    lines = []
    for block in blocks:
        if block.title:
            lines.append(f"{block.mark}{block.title}")
        lines += [f"{paragraph.mark}{paragraph.text}" for paragraph in block.paragraphs]
    return "\n".join(lines)


def test_hard_breaks_make_no_difference(dossier):
    unbroken = text.read_text(_joined(TEXT.read_text(encoding="utf-8")))
    assert unbroken == dossier
