"""Common indicators: the library by full path, and values that follow from the dossier."""

from __future__ import annotations

from decimal import Decimal

import pytest

from budgets.dossier import Adjustment, Amounts, Money, Table
from budgets.money import from_wan
from departments.dossier import Profile
from indicators.common import FORMULAS, Computed, compute, find, library
from tests.factories import make_dossier, make_table

PROFILE = Profile(department="示例区档案馆", year=2023, authorized_posts=11, staff_on_posts=7)


def whole(**columns: str) -> Table:
    return Table(stated_total=Amounts(**{name: from_wan(Decimal(text)) for name, text in columns.items()}))


def computed(name: str, money: Money | None = None, prior: Money | None = None, **profile) -> Computed | None:
    entry = find(name)
    assert entry is not None
    return compute(entry, PROFILE.model_copy(update=profile), money or Money(), prior)


def test_the_library_is_the_frameworks_28_by_path():
    assert len(library()) == 28
    assert all(path == entry.path for path, entry in library().items())
    assert set(FORMULAS) <= set(library())


def test_a_name_that_occurs_twice_needs_its_class():
    assert find("管理制度健全性") is None
    assert find("管理制度健全性", "过程", "资产管理").code == "DW18"
    assert find("管理制度健全性", "过程指标", "预算管理").code == "DW14"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("“三公经费”控制率", "DW12"),
        ("财政供养人员控制率", "DW03"),
        ("在职人员 控制率", "DW03"),
        ("满意度", None),
    ],
)
def test_names_as_units_write_them(name, code):
    found = find(name)
    assert (found and found.code) == code


@pytest.mark.parametrize(
    ("name", "money", "text", "basis"),
    [
        ("在职人员控制率", Money(), "63.64%", "在职7人÷编制11人=63.64%"),
        (
            "预算完成率",
            Money(expenditure=whole(full_budget="96.24", actual="264.55")),
            "274.89%",
            "全年执行数264.55万元÷全年预算数96.24万元=274.89%",
        ),
        (
            "三公经费控制率",
            Money(three_public=whole(full_budget="2.5", actual="2.3")),
            "92.00%",
            "“三公”经费决算数2.30万元÷全年预算数2.50万元=92.00%",
        ),
        (
            "公用经费控制率",
            Money(running_costs=whole(initial_budget="85.76", actual="193.42")),
            "225.54%",
            "公用经费决算数193.42万元÷年初预算数85.76万元=225.54%",
        ),
        (
            "政府采购执行率",
            Money(procurement=make_table("procurement", procurement={"full_budget": "30", "actual": "28.5"})),
            "95.00%",
            "政府采购决算数28.50万元÷全年预算数30.00万元=95.00%",
        ),
        (
            "结转结余率",
            Money(
                expenditure=whole(full_budget="100", actual="90"),
                carryover=make_table("carryover", closing={"actual": "10"}),
            ),
            "10.00%",
            "年末结转和结余10.00万元÷支出预算数100.00万元=10.00%",
        ),
        (
            "结转结余变动率",
            Money(carryover=make_table("carryover", opening={"actual": "20"}, closing={"actual": "15"})),
            "-25.00%",
            "（年末结转和结余15.00万元−年初20.00万元）÷20.00万元=-25.00%",
        ),
        (
            "固定资产利用率",
            Money(assets=make_table("assets", in_use={"actual": "485"}, owned={"actual": "500"})),
            "97.00%",
            "在用固定资产总额485.00万元÷固定资产总额500.00万元=97.00%",
        ),
    ],
)
def test_a_value_with_its_sentence(name, money, text, basis):
    found = computed(name, money)
    assert (found.text, found.basis) == (text, basis)


@pytest.mark.parametrize("path", sorted(FORMULAS))
def test_without_input_there_is_no_value(path):
    nobody = Profile(department="示例区档案馆", year=2023)
    assert compute(library()[path], nobody, Money()) is None
    assert compute(library()[path], nobody, Money(), Money()) is None


@pytest.mark.parametrize("path", sorted(FORMULAS))
def test_every_formula_works_on_a_complete_dossier(path):
    dossier = make_dossier()
    found = compute(library()[path], dossier.profile, dossier.money, make_dossier(year=2022).money)
    assert found.value is not None
    assert found.basis.endswith("%") or found.basis.endswith("）")


@pytest.mark.parametrize(
    ("name", "money", "prior", "words"),
    [
        (
            "三公经费控制率",
            Money(three_public=whole(full_budget="0", actual="0")),
            None,
            "全年预算数为0，比率无意义",
        ),
        (
            "三公经费变动率",
            Money(three_public=whole(initial_budget="1")),
            Money(three_public=whole(initial_budget="0")),
            "上年“三公”经费预算数为0",
        ),
        (
            "结转结余变动率",
            Money(carryover=make_table("carryover", opening={"actual": "0"}, closing={"actual": "1"})),
            None,
            "上年结转和结余为0",
        ),
    ],
)
def test_a_denominator_of_nothing_has_no_rate(name, money, prior, words):
    found = computed(name, money, prior)
    assert found.value is None
    assert found.text == ""
    assert words in found.basis


def test_three_public_change_compares_budgets_with_budgets():
    now = Money(three_public=whole(initial_budget="2.4", actual="9"))
    before = Money(three_public=whole(initial_budget="3", actual="1"))
    assert computed("三公经费变动率", now, before).text == "-20.00%"
    assert computed("三公经费变动率", now) is None


def adjusted(*rows: tuple[str, str]) -> Money:
    return Money(
        expenditure=whole(initial_budget="100", full_budget="130"),
        adjustments=tuple(Adjustment(amount=from_wan(Decimal(text)), cause=cause) for text, cause in rows),
    )


def test_adjustments_by_policy_do_not_count():
    found = computed("预算调整率", adjusted(("20", "policy"), ("15", "supplement"), ("-5", "reduction")))
    assert found.text == "20.00%"
    assert "临时交办调整的20.00万元不计入" in found.basis
    assert found.others == (Decimal("0.4"),)


@pytest.mark.parametrize("rows", [(("20", "policy"),), (("30", ""),), ()])
def test_adjustments_that_do_not_lead_to_the_budget_give_no_rate(rows):
    assert computed("预算调整率", adjusted(*rows)) is None


def test_no_adjustment_is_zero():
    money = Money(expenditure=whole(initial_budget="100", full_budget="100"))
    assert computed("预算调整率", money).text == "0.00%"
