"""A typed value of a common indicator against the dossier's own figures."""

from __future__ import annotations

import pytest

from tests.factories import make_dossier
from tests.reports.checks.build import d, found, ind, t

CODE = "common-indicator-differs"
ROWS = t("three_public", {"initial_budget": "2.60", "full_budget": "2.50", "actual": "2.30"})


@pytest.mark.parametrize("typed", ["92%", "92.00%", "92", "88.46%", "88.4%", "约92%"])
def test_either_budget_may_be_the_denominator(typed):
    assert found(CODE, d(money=ROWS, rows=[ind("“三公经费”控制率", "≤100%", typed)])) == []


@pytest.mark.parametrize("typed", ["91.99%", "92.01%", "91%", "100%"])
def test_a_typed_value_that_disagrees(typed):
    (finding,) = found(CODE, d(money=ROWS, rows=[ind("“三公经费”控制率", "≤100%", typed)]))
    assert f"完成值写{typed}，按本报告数据计算为92.00%" in finding.message
    assert "决算数2.30万元÷全年预算数2.50万元" in finding.message


def test_a_formula_of_ones_own_only_informs():
    row = ind("“三公经费”控制率", "≤100%", "80%", formula="决算数÷上年预算数")
    (finding,) = found(CODE, d(money=ROWS, rows=[row]))
    assert finding.level == "hint"
    assert "另写了计算方法" in finding.message


@pytest.mark.parametrize(("typed", "finds"), [("-20%", 0), ("下降20%", 0), ("20%", 1), ("-19%", 1)])
def test_a_fall_is_negative(typed, finds):
    prior = d(money=t("three_public", {"initial_budget": "3"}))
    now = d(money=t("three_public", {"initial_budget": "2.4"}), rows=[ind("“三公经费”变动率", "≤0", typed)])
    assert len(found(CODE, now, prior=prior)) == finds


def test_a_rate_without_meaning_and_other_indicators_are_no_finding():
    nothing = t("three_public", {"full_budget": "0", "actual": "0"})
    assert found(CODE, d(money=nothing, rows=[ind("三公经费控制率", "≤100%", "0%")])) == []
    assert found(CODE, make_dossier(), prior=make_dossier(year=2022)) == []
