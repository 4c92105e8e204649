"""Final-accounts tables: found by their heads, in .xlsx and .xls, in 元 and 万元; identities; nothing invented."""

from __future__ import annotations

from decimal import Decimal

import pytest

from budgets.final_accounts import Kind, RawSheet, read_accounts
from budgets.money import from_wan
from budgets.tables import Column
from reports.intake import read_bytes
from reports.intake.containers import Kind as FileKind
from reports.intake.final_accounts import accounts_of
from reports.intake.xlsx_file import open_book
from tests.budgets.accounts import DEPARTMENT, tables, xls, xlsx

FIGURES = {
    "income.fiscal": "205", "income.other": "1", "income.total": "206", "expenditure.basic": "122.30",
    "expenditure.project": "83.70", "expenditure.total": "206", "summary.opening": "3", "summary.closing": "3",
    "summary.income_total": "209", "summary.expenditure_total": "209", "three_public.final.vehicle_running": "1.70",
    "three_public.final.reception": "0.60", "three_public.final.total": "2.30", "three_public.budget.total": "2.50",
    "three_public.budget.vehicle": "1.80", "fiscal.expenditure.general": "205",
}  # fmt: skip


def read(data: bytes, kind: FileKind = FileKind.XLSX):
    return accounts_of(open_book(data, kind)).accounts


def figures(found):
    return {key: found.get(key) for key in FIGURES}


EXPECTED = {key: from_wan(Decimal(value)) for key, value in FIGURES.items()}


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (xlsx(tables()), FileKind.XLSX),
        (xls(tables()), FileKind.XLS),
        (xlsx(tables("元", "10000")), FileKind.XLSX),
        (xlsx(tables(), shift=3), FileKind.XLSX),
    ],
    ids=["xlsx", "xls", "yuan", "shifted"],
)
def test_every_figure_is_read(data, kind):
    found = read(data, kind)
    assert set(found.tables) == set(Kind)
    assert (found.year, found.department) == (2023, DEPARTMENT)
    assert figures(found) == EXPECTED
    assert found.differences == []
    assert found.questions == []


def test_a_blank_cell_is_not_zero():
    found = read(xlsx(tables()))
    assert found.get("income.superior") is None
    assert found.get("expenditure.operating") is None
    assert found.get("income.undertaking") is None, "栏次 and 教育收费 are no amounts"


def test_each_amount_knows_its_cell():
    amount = read(xlsx(tables())).amounts["expenditure.project"]
    assert (amount.sheet, amount.place) == ("Z03", (7, 5))


def test_a_missing_unit_is_a_question():
    found = read(xlsx(tables("亩")))
    assert any("没有写明金额单位" in text for text in found.questions)


@pytest.mark.parametrize(
    ("change", "words", "rounding"),
    [
        ({"project": "83.71"}, "支出决算表合计＝各项支出之和", True),
        ({"project": "93.70"}, "支出决算表合计＝各项支出之和", False),
        ({"total": "219"}, "收入总计＝本年收入合计", False),
        ({"three": "2.20"}, "“三公”经费决算数＝出国＋用车＋接待", False),
        ({"vehicle": "1.71", "three": "2.31"}, "公务用车决算数＝购置＋运行维护", True),
        ({"income": "207"}, "收入总计＝本年收入合计", False),
    ],
)
def test_an_identity_that_does_not_hold(change, words, rounding):
    differences = read(xlsx(tables(**change))).differences
    one = next(item for item in differences if words in item.identity)
    assert one.rounding is rounding
    assert ("尾差" if rounding else "不平衡") in str(one)


def test_one_sheet_may_hold_several_tables():
    made = tables()
    rows, merges = [], []
    for part, own in made.values():
        merges += [(top + len(rows), left, bottom + len(rows), right) for top, left, bottom, right in own]
        rows += [*part, [None]]
    assert figures(read(xlsx({"决算公开": (rows, merges)}))) == EXPECTED


def test_a_table_without_title_is_known_by_its_heads():
    rows, _ = tables()["Z03"]
    found = read(xlsx({"Sheet1": (rows[1:], [])}))
    assert found.get("expenditure.project") == from_wan(Decimal("83.70"))


def test_three_public_as_rows():
    rows = [
        ["“三公”经费支出决算表"], ["单位：万元"], ["项目", "预算数", "决算数"], ["合计", 2.5, 2.3],
        ["1.因公出国（境）费", 0, 0], ["2.公务接待费", 0.7, 0.6], ["3.公务用车购置及运行维护费", 1.8, 1.7],
        ["（1）公务用车购置费", 0, 0], ["（2）公务用车运行维护费", 1.8, 1.7],
    ]  # fmt: skip
    found = read(xlsx({"三公": (rows, [])}))
    assert found.get("three_public.final.vehicle_running") == from_wan(Decimal("1.7"))
    assert found.get("three_public.budget.reception") == from_wan(Decimal("0.7"))
    assert found.get("three_public.final.vehicle") == from_wan(Decimal("1.7"))
    assert found.differences == []


def test_other_tables_are_left_alone():
    rows = [
        ["一般公共预算财政拨款支出决算表"],
        ["单位：万元"],
        ["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出", "上缴上级支出"],
        ["合计", None, 1, 1, 0, 0],
    ]
    assert read(xlsx({"Z05": (rows, [])})).tables == {}


def test_the_dossier_states_only_what_was_read():
    dossier = read_bytes(xlsx(tables()), "决算.xlsx")
    assert (dossier.profile.department, dossier.year) == (DEPARTMENT, 2023)
    money = dossier.money
    assert money.income_source.amount("fiscal", Column.ACTUAL) == from_wan(Decimal(205))
    assert money.income_source.amount("superior", Column.ACTUAL) is None
    assert money.expenditure.total(Column.ACTUAL) == from_wan(Decimal(206))
    assert money.expenditure.total(Column.FULL_BUDGET) is None
    assert money.carryover.amount("opening", Column.ACTUAL) == from_wan(Decimal(3))
    assert money.three_public.amount("reception", Column.FULL_BUDGET) == from_wan(Decimal("0.7"))
    origin = next(item for item in dossier.origins if item.where == "money.expenditure.project.actual")
    assert origin.source == "Z03!E7"


@pytest.mark.parametrize(
    "cells", [{}, {(1, 1): "收入决算表"}, {(1, 1): "收入决算表", (2, 1): "合计"}, {(1, 1): Decimal(1)}]
)
def test_odd_sheets_do_no_harm(cells):
    assert read_accounts([RawSheet("Z", cells)]).amounts == {}
