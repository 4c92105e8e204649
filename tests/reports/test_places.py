"""Every path that a check can name leads to a section, an anchor and words."""

from __future__ import annotations

import pytest

from indicators.policy import load_policy
from reports.checks import run
from reports.places import SECTIONS, anchor, place
from tests.factories import make_dossier

KEYS = {section.key for section in SECTIONS} | {"project"}
UID = "5b3f8f0e-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    ("where", "section", "target", "label"),
    [
        ("profile.staff_on_posts", "profile", "f-profile.staff_on_posts", "基本情况·在职人数"),
        ("profile.internal_offices", "profile", "f-profile.internal_offices", "基本情况·内设机构"),
        ("profile.offices_stated", "profile", "f-profile.internal_offices", "基本情况·内设机构数"),
        (
            "money.expenditure.project.actual",
            "expenditure",
            "f-money.expenditure.project.actual",
            "支出（按支出性质）·项目支出·全年执行数（决算数）",
        ),
        ("money.carryover.opening.actual", "income", "f-money.carryover.opening.actual", None),
        ("money.three_public.total.actual", "base-data", "f-money.three_public.total.actual", None),
        (f"money.projects.{UID}.spent", "projects", f"f-money.projects.{UID}.spent", "项目资金·全年执行数"),
        ("money.adjustments", "expenditure", "f-money.adjustments", "预算调整"),
        ("money.adjustments.1.amount", "expenditure", "f-money.adjustments.1", "预算调整·第2条·调整金额"),
        ("goals.0.expected", "goals", "f-goals.0", "年度总体目标·第1条·预期目标"),
        (f"indicators.{UID}.target", "indicators", f"f-indicators.{UID}.target", "绩效指标·年度指标值"),
        ("narrative.problems", "narrative", "f-narrative.problems", "正文·“存在的主要问题”"),
        ("assessment.score", "result", "f-assessment.score", "自评结果·自评得分"),
        ("assessment.execution_score", "result", "f-assessment.score", "自评结果·预算执行率得分"),
        (
            "explanations.over-execution@money.expenditure.total.actual",
            "result",
            "f-explanations.over-execution@money.expenditure.total.actual",
            "情况说明·支出（按支出性质）·本年支出合计·全年执行数（决算数）",
        ),
        (
            f"project_sheets.{UID}.assessment.score",
            "project",
            f"f-project_sheets.{UID}.assessment.score",
            "项目自评表·自评结果·自评得分",
        ),
        ("", "result", "findings", "整份报告"),
        ("nonsense.path", "result", "findings", "整份报告"),
    ],
)
def test_places(where, section, target, label):
    found = place(where)
    assert (found.section, found.anchor) == (section, target)
    assert label is None or found.label == label


def test_rows_are_called_by_their_names_where_the_dossier_is_known():
    dossier = make_dossier()
    item = dossier.indicators.indicators[0]
    assert place(f"indicators.{item.key}.target", dossier).label == f"指标“{item.name}”·年度指标值"
    project = dossier.money.projects[0]
    assert place(f"money.projects.{project.key}.spent", dossier).label == f"项目“{project.name}”·全年执行数"


def test_a_short_label_leaves_out_the_asides_of_a_form_but_nothing_of_a_name():
    assert place("money.expenditure.project.actual").short == "支出·项目支出·全年执行数"
    dossier = make_dossier()
    line = dossier.indicators.indicators[0].model_copy(update={"name": "播出率（年）"})
    named = dossier.model_copy(
        update={"indicators": dossier.indicators.model_copy(update={"indicators": (line,)})}
    )
    assert place(f"indicators.{line.key}.target", named).short == "指标“播出率（年）”·年度指标值"


def test_findings_of_a_bad_report_all_have_a_place():
    dossier = make_dossier(spent="264.55", budget="96.24")
    for finding in run(dossier, policy=load_policy()):
        found = place(finding.where, dossier)
        assert found.section in KEYS
        assert found.label and "." not in found.label


def test_an_answer_is_not_taken_for_a_counted_row():
    assert anchor("explanations.missing-goal@goals.0.actual") == "f-explanations.missing-goal@goals.0.actual"


def test_a_duty_and_an_office_are_named_by_their_number():
    assert place("profile.duties.2").label == "主要职责·第3条"
    assert place("profile.internal_offices.0").label == "内设机构·第1条"
