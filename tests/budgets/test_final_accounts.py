"""Final-accounts tables: found by their heads, in .xlsx and .xls, in 元 and 万元; identities; nothing invented."""

from __future__ import annotations

import time
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
    "three_public.budget.vehicle": "1.80", "fiscal.expenditure.general": "205", "fiscal.opening.general": "3",
    "fiscal.income.general": "205", "fiscal.closing.total": "3", "general.total": "205", "general.basic": "121.30",
    "general.project": "83.70", "basic.personnel": "100", "basic.running": "21.30", "operation.reception": "0.60",
    "operation.vehicle_running": "1.70",
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
        ({"fiscal_spent": "204"}, "财政拨款总表本年支出合计＝三类拨款之和", False),
        ({"fiscal_opening": "4"}, "财政拨款总表一般公共预算财政拨款：本年收入＋年初结转和结余＝", False),
        ({"general": "206"}, "财政拨款总表一般公共预算支出＝一般公共预算支出决算表合计", False),
        ({"general_basic": "120.30"}, "《一般公共预算财政拨款支出决算表》合计行：合计＝各列之和", False),
        ({"general_basic": "120.30"}, "一般公共预算基本支出＝人员经费＋公用经费", False),
        (
            {"running_row": "122"},
            "《一般公共预算财政拨款支出决算表》本年支出：20126档案事务＝各项之和",
            False,
        ),
        ({"running_row": "121.31"}, "20126档案事务＝各项之和", True),
        ({"salary": "61"}, "301工资福利支出＝各款之和", False),
        ({"office": "22.30"}, "公用经费合计＝各类之和", False),
        ({"running_again": "1.90"}, "“三公”经费公务用车运行维护费＝机构运行信息表", False),
        ({"subject": "200"}, "《收入决算表》本年收入合计：201一般公共服务支出＝各款之和", False),
        ({"subject": "200"}, "《收入决算表》20126档案事务：合计＝各列之和", False),
        ({"subject_basic": "120"}, "《支出决算表》基本支出：20126档案事务＝各项之和", False),
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
        ["财政专户管理资金项目支出决算明细表"],
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


def test_all_tables_balance_in_every_column_and_nothing_is_asked():
    found = read(xlsx(tables()))
    assert found.differences == []
    assert found.questions == []
    codes = {prefix: sorted(one.code for one in rows) for prefix, rows in found.subjects.items()}
    assert codes["expenditure"] == ["201", "20126", "2012601", "2012604"]
    assert codes["general"] == codes["expenditure"]
    assert codes["basic"] == ["301", "30101", "30102", "302", "30201", "30202", "303", "30305", "307", "30701",
                              "310", "31002"]  # fmt: skip
    row = found.subjects["expenditure"][3]
    assert row.amounts["project"].place == (11, 5)
    assert "basic" not in row.amounts


def test_numbers_of_vehicles_and_receptions_are_no_amounts():
    counts = {name: amount.value for name, amount in read(xlsx(tables("元", "10000"))).counts.items()}
    assert counts == {"groups": 0, "travellers": 0, "vehicles_bought": 0, "vehicles": 1,
                      "reception_batches": 12, "reception_people": 86}  # fmt: skip


def test_an_empty_fund_table_with_fund_spending_is_asked_about():
    made = tables()
    rows = [list(row) for row in made["Z04"][0]]
    for row in rows:
        if len(row) > 7 and row[3] in ("一、一般公共服务支出", "本年支出合计"):
            row[7] = 10.0
    found = read(xlsx(made | {"Z04": (rows, [])}))
    assert any("政府性基金" in text and "空表" in text for text in found.questions)


def test_a_fund_table_over_carryover_and_year():
    rows = [
        ["政府性基金预算财政拨款收入支出决算表"], ["单位：万元"],
        ["科目编码", "科目名称", "年初结转和结余", "本年收入", "本年支出", None, None, "年末结转和结余"],
        [None, None, None, None, "小计", "基本支出", "项目支出", None],
        ["合计", None, 1, 10, 9, None, 9, 2],
        ["212", "城乡社区支出", 1, 10, 9, None, 9, 3],
        ["21208", "国有土地使用权出让收入安排的支出", 1, 10, 9, None, 9, 2],
    ]  # fmt: skip
    found = read(xlsx({"Z07": (rows, [(3, 5, 3, 7)])}))
    assert found.get("fund.total") == from_wan(Decimal(9))
    told = [str(one) for one in found.differences]
    assert any("212城乡社区支出：年初结转和结余＋本年收入＝本年支出＋年末结转和结余" in text for text in told)
    assert any("年末结转和结余：212城乡社区支出＝各款之和" in text for text in told)


def test_a_column_out_of_place_does_not_flood_the_page():
    rows, merges = tables()["Z03"]
    many = [[f"2{number:02}", f"科目{number}", 2, 1, 2, None, None, None] for number in range(2, 60)]
    found = read(xlsx({"Z03": ([*rows, *many], merges)}))
    assert len(found.differences) < 12
    assert any("没有列出" in text for text in found.questions)


def test_thousands_of_subjects_are_checked_in_seconds():
    rows, merges = tables()["Z03"]
    many = [[f"{code:07}", "科目", 1, 1, None, None, None, None] for code in range(2130000, 2134500)]
    data = xlsx({"Z03": ([*rows, *many], merges)})
    began = time.process_time()
    read(data)
    assert time.process_time() - began < 6


def test_what_has_no_line_is_checked_and_said_not_to_be_kept():
    notes = "".join(accounts_of(open_book(xlsx(tables()), FileKind.XLSX)).notes)
    assert "只用于核对" in notes
    assert "《一般公共预算财政拨款支出决算表》" in notes
    assert "公务用车保有量1、国内公务接待批次12" in notes


def test_the_same_tables_as_xls_and_in_yuan_hold_the_same_subjects():
    def subjects(found):
        return {
            prefix: [(one.code, {name: amount.value for name, amount in one.amounts.items()}) for one in rows]
            for prefix, rows in found.subjects.items()
        }

    expected = subjects(read(xlsx(tables())))
    assert subjects(read(xls(tables()), FileKind.XLS)) == expected
    assert subjects(read(xlsx(tables("元", "10000")))) == expected


def test_an_amount_too_large_to_be_kept_is_asked_about():
    found = read(xlsx(tables(salary="1e24")))
    assert found.get("basic.salary") is None
    assert any("1000000000000000000000000" in question for question in found.questions)


def test_a_row_of_totals_without_numbers_is_named():
    found = read(xlsx(tables(income="—", fiscal="无", other="无")))
    assert any("没有数字" in question or "不是金额" in question for question in found.questions)


def test_a_lone_bracket_where_an_amount_belongs_is_asked_about():
    found = read(xlsx(tables(salary="(")))
    assert any("“(”不是金额" in question for question in found.questions)
