"""Approved targets from a workbook: read by heads, nothing guessed, every complaint at its cell and all at once."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest

from reports.intake.containers import Kind
from reports.intake.errors import IntakeError
from reports.intake.xlsx_file import open_book
from reports.targets.reader import MOST_ROWS, Unit, read_targets
from tests.reports.intake.files import as_xls
from tests.reports.targets.books import EMPTY, HEADS, ROW, book, row

UNITS = [Unit(1, "示例区档案馆", "101001"), Unit(2, "示例区水利局", "102001"), Unit(3, "示例区教育局", "")]


def read(data: bytes, year: int = 2023, kind: Kind = Kind.XLSX):
    return read_targets(open_book(data, kind, most_rows=MOST_ROWS), year, UNITS)


def lines(data: bytes, unit: int = 1) -> list[tuple[str, str, Decimal | None]]:
    reading = read(data)
    assert [str(one) for one in reading.complaints] == []
    return [(one.name, one.target, one.weight) for one in reading.sets[unit].indicators]


def complaints(data: bytes, year: int = 2023) -> list[tuple[str, str]]:
    return [(one.where, one.label) for one in read(data, year).complaints]


def test_a_plain_table():
    reading = read(book(goals=[(ROW[0], "做好档案接收\n提升利用水平"), ("示例区水利局", "守住安全")]))
    found = reading.sets[1]
    assert [line.model_dump() for line in found.indicators] == [
        {
            "level1": "产出指标",
            "level2": "数量指标",
            "name": "接待查档人次",
            "target": "≥3000人次",
            "weight": Decimal(10),
        }
    ]
    assert found.goals == ("做好档案接收", "提升利用水平")
    assert reading.sets[2].goals == ("守住安全",)
    assert reading.sets[2].indicators == ()


def test_merged_cells_hold_for_all_their_rows_and_blank_tails_are_nothing():
    data = book(
        [row(), row(unit=None, level1=None, level2=None, name="入库卷数", target="500卷"), *[EMPTY] * 200],
        above=["示例区2023年度批复的绩效目标", ""],
        merges=["A4:A5", "B4:B5", "C4:C5"],
    )
    assert [one[0] for one in lines(data)] == ["接待查档人次", "入库卷数"]
    assert {line.level2 for line in read(data).sets[1].indicators} == {"数量指标"}


def test_columns_stand_anywhere_and_heads_have_other_names():
    heads = ("权重", "目标值", "三级指标名称", "部门名称", "二级指标")
    data = book([(" １０ ", "≥９５％", "完成率", " 示例区 档案馆", "质量指标")], heads=heads)
    assert lines(data) == [("完成率", "≥９５％", Decimal(10))]


def test_comparison_and_unit_in_columns_of_their_own():
    heads = ("单位名称", "三级指标", "指标性质", "年度指标值", "计量单位", "分值")
    rows = [
        (ROW[0], "完成率", "≥", 95, "%", 10),
        (ROW[0], "场次", "＝", "12", "次", 10),
        (ROW[0], "满意度", "≥", 0.9, "", 10),
        (ROW[0], "效果", "定性", "明显提升", "无", 10),
        (ROW[0], "成本", "≤", "≤5万元", "万元", 10),
    ]
    data = book(rows, heads=heads, formats={"D4": "0%"})
    assert [one[1] for one in lines(data)] == ["≥95%", "=12次", "≥90%", "明显提升", "≤5万元"]


def test_goals_in_a_merged_column_beside_the_indicators():
    heads = (*HEADS, "年度总体目标")
    data = book([(*row(), "做好档案工作"), (*row(name="入库卷数"), None)], heads=heads, merges=["G2:G3"])
    assert read(data).sets[1].goals == ("做好档案工作",)
    assert len(lines(data)) == 2


def test_units_by_code_and_two_rows_of_heads_and_sums():
    heads = ("预算单位编码", "三级指标", "年度指标值", "分值")
    data = book(
        [("102001", "水库", "3座", 60), heads, ("102001", "渠道", "2条", 40), ("102001", "合计", "", 100)],
        heads=heads,
    )
    assert [one[0] for one in lines(data, 2)] == ["水库", "渠道"]


def test_all_complaints_at_once_each_at_its_cell():
    data = book(
        [
            row(unit="示例区林业局"),
            row(unit=""),
            row(name=""),
            row(name="甲", target=""),
            row(name="乙", weight="很多"),
            row(name="丙", weight=0),
            row(name="丁", weight="10.001"),
            row(name="接待查档 人次"),
            row(name="接待查档人次"),
            row(name="长" * 201),
        ],
        above=["示例区2022年度绩效目标"],
    )
    assert complaints(data) == [
        ("绩效指标!A1", "年度"),
        ("绩效指标!A3", "单位名称"),
        ("绩效指标!A4", "单位名称"),
        ("绩效指标!D5", "三级指标"),
        ("绩效指标!E6", "年度指标值"),
        ("绩效指标!F7", "分值"),
        ("绩效指标!F8", "分值"),
        ("绩效指标!F9", "分值"),
        ("绩效指标!D11", "三级指标"),
        ("绩效指标!D12", "三级指标"),
    ]
    found = read(data).complaints
    assert found[1].found == "示例区林业局"
    assert "D10已有" in found[8].expected
    assert "现有201个字" in found[9].expected


def test_a_merged_cell_is_named_as_excel_shows_it():
    data = book([row(unit="林业局"), row(unit=None, name="乙")], merges=["A2:A3"])
    assert set(complaints(data)) == {("绩效指标!A2:A3", "单位名称")}


@pytest.mark.parametrize(("weights", "wrong"), [((50, 50), False), ((50, 50.01), True), ((None, 100), False)])
def test_weights_of_a_unit_add_up_to_a_hundred_at_most(weights, wrong):
    data = book([row(name=name, weight=weight) for name, weight in zip("甲乙", weights, strict=True)])
    assert bool(complaints(data)) == wrong


def test_an_old_workbook_says_the_same_at_the_same_cells():
    rows = [
        row(),
        row(unit="", name="利用人次", target=""),
        row(unit="没有的局", weight="很多"),
        row(weight=101),
    ]
    data = book(rows, above=["2022年度"], merges=["A3:A4"])
    old = read(as_xls(data), kind=Kind.XLS)
    assert [str(one) for one in old.complaints] == [str(one) for one in read(data).complaints]
    assert [one.where for one in old.complaints] == [
        "绩效指标!A1",
        "绩效指标!E4",
        "绩效指标!A5",
        "绩效指标!F5",
        "绩效指标!F6",
        "绩效指标!D6",
    ]
    assert old.sets == read(data).sets


def test_a_formula_without_a_result_is_a_complaint_and_one_that_only_adds_is_worked_out():
    assert complaints(book([row(weight='=VLOOKUP("a",B1:C9,2)')])) == [("绩效指标!F2", "分值")]
    assert lines(book([row(weight="=5+5")]))[0][2] == Decimal(10)


def test_the_same_name_in_another_class_is_another_indicator():
    assert len(lines(book([row(), row(level2="质量指标")]))) == 2


def test_code_and_name_that_contradict():
    heads = (*HEADS, "预算单位编码")
    assert complaints(book([(*row(), "102001")], heads=heads)) == [("绩效指标!G2", "预算单位编码")]


@pytest.mark.parametrize(
    "data",
    [book([], heads=("甲", "乙")), book([])],
    ids=["no-such-table", "nothing-below"],
)
def test_a_workbook_that_states_nothing_is_refused(data):
    with pytest.raises(IntakeError):
        read(data)


def test_a_column_that_is_needed_and_missing():
    assert complaints(book([("示例区档案馆", "甲")], heads=("单位名称", "三级指标"))) == [
        ("绩效指标!A1", "表头")
    ]


def test_three_hundred_units_with_twenty_indicators_in_seconds():
    units = [Unit(number, f"单位{number}", "") for number in range(300)]
    rows = [row(unit=unit.name, name=f"指标{n}", weight=5) for unit in units for n in range(20)]
    data = book(rows)
    begun = time.monotonic()
    reading = read_targets(open_book(data, Kind.XLSX, most_rows=MOST_ROWS), 2023, units)
    assert len(reading.sets) == 300
    assert {len(one.indicators) for one in reading.sets.values()} == {20}
    assert time.monotonic() - begun < 20  # about two on a quiet machine
