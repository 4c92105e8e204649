"""A number that Excel shows as a percentage is what it shows, in every reader; and formulas of old Excel files."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
import xlwt
from openpyxl import Workbook, load_workbook

from reports.intake import read_bytes
from reports.intake.containers import Kind
from reports.intake.final_accounts import accounts_of
from reports.intake.workbook.header import Header
from reports.intake.workbook.reader import read_workbook
from reports.intake.workbook.writer import write
from reports.intake.xls_parts import parts_of
from reports.intake.xlsx_file import open_book
from reports.outline import load_outline
from reports.workspace.rows import Draft
from tests.budgets.accounts import tables, xlsx

FORM = [
    ["2023年度部门整体支出绩效自评表"],
    ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"],
    ["产出指标", "质量指标", "验收合格率", 0.95, 0.963, 0.1, 10],
]
PERCENT = {(2, 3): "0%", (2, 4): "0.00%", (2, 5): "0%"}


def old(rows, percent=()) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("自评表")
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            shape = dict(percent).get((row, column), "General")
            sheet.write(row, column, value, xlwt.easyxf(num_format_str=shape))
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def new(rows, percent=()) -> bytes:
    book = Workbook()
    for row, values in enumerate(rows, 1):
        for column, value in enumerate(values, 1):
            book.active.cell(row, column, value)
    for (row, column), shape in dict(percent).items():
        book.active.cell(row + 1, column + 1).number_format = shape
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(("make", "kind"), [(new, "xlsx"), (old, "xls")])
def test_a_form_of_any_workbook(make, kind):
    dossier = read_bytes(make(FORM, PERCENT), f"a.{kind}")
    (line,) = dossier.indicators.indicators
    assert (line.target, line.actual) == ("95%", "96.3%")
    assert line.weight == Decimal(10)
    (plain,) = read_bytes(make(FORM), f"a.{kind}").indicators.indicators
    assert (plain.target, plain.actual, plain.weight) == ("0.95", "0.963", Decimal("0.1"))


def official(change) -> bytes:
    uid = "6f1c2b0e-0000-4000-8000-000000000001"
    drafts = {
        "income": Draft({"money.income_source.fiscal.actual": "205.00"}, {}),
        "indicators": Draft({f"indicators.{uid}.name": "验收合格率"}, {"indicators": [uid]}),
    }
    book = load_workbook(BytesIO(write(Header("示例区档案馆", 2023, outline=load_outline()), drafts, {})))
    change(book)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def find(book, text):
    return next(
        (sheet, cell) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == text
    )


def test_the_official_workbook():
    def change(book):
        sheet, cell = find(book, "验收合格率")
        for title, value in (("年度指标值", 0.95), ("实际完成值", 1)):
            head = next(
                one for row in sheet.iter_rows() for one in row if str(one.value or "").startswith(title)
            )
            target = sheet.cell(cell.row, head.column)
            target.value, target.number_format = value, "0%"

    found = read_workbook(open_book(official(change), Kind.XLSX))
    assert found.complaints == []
    texts = found.drafts["indicators"].texts
    assert {texts[path] for path in texts if path.endswith((".target", ".actual"))} == {"95%", "100%"}


def test_a_percentage_is_no_amount_of_the_official_workbook():
    def change(book):
        sheet, cell = find(book, "财政拨款收入")
        amount = next(one for one in sheet[cell.row] if one.value in (205, "205", "205.00"))
        amount.value, amount.number_format = 0.95, "0%"

    (complaint,) = read_workbook(open_book(official(change), Kind.XLSX)).complaints
    assert complaint.found == "95%"


def test_a_percentage_is_no_amount_of_final_accounts():
    book = load_workbook(BytesIO(xlsx(tables())))
    cell = next(c for sheet in book for row in sheet.iter_rows() for c in row if c.value == 122.3)
    cell.number_format = "0.00%"
    buffer = BytesIO()
    book.save(buffer)
    found = accounts_of(open_book(buffer.getvalue(), Kind.XLSX)).accounts
    assert any("12230%" in question for question in found.questions)


# ------------------------------------------------------------------ formulas of .xls


def test_a_formula_that_shows_nothing_is_no_zero():
    book = xlwt.Workbook()
    sheet = book.add_sheet("收入支出")
    for row, formula in enumerate(
        ['IF(COUNT(A1)=0,"",A1)', 'IF(COUNT(B1,B2)<1,"",SUM(B1:B3))', "SUM(A1:A3)", 'IF(COUNT(A4)=0,"—",1)']
    ):
        sheet.write(row, 2, xlwt.Formula(formula))
    sheet.write(0, 1, 7)
    buffer = BytesIO()
    book.save(buffer)
    blank, zero = bytes([3, 0, 0, 0, 0, 0, 255, 255]), bytes(8)
    data = buffer.getvalue().replace(blank, zero)  # the result 0 is stored, as LibreOffice does
    (found,) = open_book(data, Kind.XLS)
    assert parts_of(data)["收入支出"].formulas[1, 3] == '=IF((COUNT(A1)=0),"",A1)'
    assert sorted(found.cells) == [(1, 2), (2, 3), (3, 3), (4, 3)]


def test_bytes_that_are_no_workbook_tell_nothing():
    whole = old(FORM, PERCENT)
    assert parts_of(whole)["自评表"].percent == {(3, 4), (3, 5), (3, 6)}
    for cut in (whole[:600], whole[:70], whole[:512] + bytes(5000), b""):
        assert parts_of(cut) == {}
