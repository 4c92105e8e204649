"""The workbook, read back: merges, numbers, live formulas, protection, print settings, hostile input."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from reports.documents.model import Cell, Heading, Paragraph
from reports.documents.xlsx import BODY_SHEET, sheet_name, to_xlsx
from tests.reports.documents.papers import (
    RARE,
    form,
    hostile_documents,
    long_table,
    make_annex,
    make_document,
    make_row,
    make_table,
    sample,
)


def book(data: bytes) -> Workbook:
    return load_workbook(BytesIO(data))


def form_sheet() -> Worksheet:
    return book(to_xlsx(make_document(annexes=(make_annex(form()),))))["自评表"]


def where(sheet: Worksheet, text: str) -> str:
    return next(cell.coordinate for row in sheet for cell in row if cell.value == text)


def test_one_sheet_per_annex_and_one_for_the_body():
    assert book(to_xlsx(sample())).sheetnames == ["自评表", "基础数据表", BODY_SHEET]


def test_rows_and_merges_are_those_of_the_form():
    sheet = form_sheet()
    assert [sheet.cell(row, 1).value for row in range(1, 9)] == [
        "附件1",
        "2023年度部门整体支出绩效自评表",
        "单位：万元",
        "一级指标",
        "产出指标",
        None,
        "总分",
        "注：得分四舍五入到两位小数。",
    ]
    assert {str(merged) for merged in sheet.merged_cells.ranges} == {
        *("A1:E1", "A2:E2", "A3:E3", "A5:A6", "A7:B7", "A8:E8")
    }


def test_numbers_are_numbers_with_their_formats():
    sheet = form_sheet()
    assert (sheet["C5"].value, sheet["C5"].number_format) == (20, "0")
    assert (sheet["D5"].value, sheet["D5"].number_format) == (18, "0.00")
    assert sheet["E7"].number_format == "0.00%"
    exact = make_table(make_row(Cell(text="0.10", number="0.1", format="amount"), "", ""))
    assert book(to_xlsx(make_document(annexes=(make_annex(exact),))))["自评表"]["A3"].value == 0.1


def test_formulas_name_cells_of_their_sheet():
    sheet = form_sheet()
    assert [sheet[place].value for place in ("C7", "D7", "E7")] == ["=SUM(C5:C6)", "=SUM(D5,D6)", "=D7/C7"]


def test_a_formula_with_an_unknown_name_is_its_number():
    table = make_table(make_row(Cell(text="1", number="1", formula="=SUM({nowhere})"), "", ""))
    assert book(to_xlsx(make_document(annexes=(make_annex(table),))))["自评表"]["A3"].value == 1


def test_the_workbook_is_recalculated_when_opened():
    assert book(to_xlsx(sample())).calculation.fullCalcOnLoad


def test_computed_cells_are_locked_and_typed_ones_are_not():
    sheet = form_sheet()
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    assert sheet["D7"].protection.locked
    assert sheet["A4"].protection.locked
    assert not sheet["D5"].protection.locked
    assert not sheet["E5"].protection.locked


def test_sheets_print_on_one_page_width_with_repeated_heads():
    sheet = form_sheet()
    assert sheet.page_setup.orientation == "landscape"
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$4:$4"
    assert sheet.print_area.endswith("$A$1:$E$8")
    upright = book(to_xlsx(sample()))["基础数据表"]
    assert upright.page_setup.orientation == "portrait"


def test_cells_are_ruled_also_around_merges():
    sheet = form_sheet()
    assert all(sheet[place].border.left.style == "thin" for place in ("A4", "A6", "C7", "E7"))
    assert all(sheet[place].border.right.style == "thin" for place in ("A6", "B7", "E5"))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", '=HYPERLINK("http://x")', "＝1"])
def test_text_that_looks_like_a_formula_stays_text(text):
    document = make_document(
        Heading(level=1, text=text),
        Paragraph(text=text),
        annexes=(make_annex(make_table(make_row(text, "", ""))),),
    )
    found = book(to_xlsx(document))
    cell = found["自评表"]["A3"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert bool(cell.quotePrefix) == (text[0] in "=+-@")
    assert all(cell.data_type != "f" for sheet in found for row in sheet for cell in row)
    with zipfile.ZipFile(BytesIO(to_xlsx(document))) as archive:
        assert b"<f>" not in b"".join(archive.read(name) for name in archive.namelist())


def test_rows_are_tall_enough_for_their_text():
    table = make_table(
        make_row("短", Cell(text="很长的偏差原因。" * 40, align="left"), ""), make_row("短", "短", "短")
    )
    sheet = book(to_xlsx(make_document(annexes=(make_annex(table),))))["自评表"]
    assert sheet.row_dimensions[3].height > 5 * sheet.row_dimensions[4].height


def test_tables_of_other_columns_share_one_grid():
    annex = make_annex(
        make_table(make_row("甲", "乙"), widths=(1, 1)),
        make_table(make_row("丙", "丁", "戊"), widths=(1, 1, 2)),
    )
    sheet = book(to_xlsx(make_document(annexes=(annex,))))["自评表"]
    assert (where(sheet, "乙"), where(sheet, "丁"), where(sheet, "戊")) == ("C3", "B4", "C4")
    assert "A3:B3" in {str(merged) for merged in sheet.merged_cells.ranges}


def test_body_text_is_wrapped_on_its_sheet():
    sheet = book(to_xlsx(sample()))[BODY_SHEET]
    cell = sheet[where(sheet, "　　贯彻执行国家档案工作的法律法规和方针政策。")]
    assert cell.alignment.wrap_text


def test_sheet_names_are_allowed_and_unlike():
    taken: set[str] = set()
    assert sheet_name("自评/表[1]*?:\\", taken) == "自评表1"
    assert sheet_name("自评表1", taken) == "自评表1(2)"
    assert len(sheet_name("长" * 40, taken)) == 31
    assert len(sheet_name("长" * 40, taken)) == 31
    assert sheet_name("", taken) == "附件"


def test_the_same_document_gives_the_same_bytes():
    assert to_xlsx(sample()) == to_xlsx(sample())


def test_rare_characters_are_kept():
    document = make_document(annexes=(make_annex(make_table(make_row(RARE, "", ""))),))
    assert book(to_xlsx(document))["自评表"]["A3"].value == RARE


@pytest.mark.parametrize("name", hostile_documents())
def test_hostile_input_opens(name):
    assert book(to_xlsx(hostile_documents()[name])).sheetnames


def test_300_rows_are_all_there():
    sheet = book(to_xlsx(make_document(annexes=(make_annex(long_table(300)),))))["自评表"]
    assert [cell.value for cell in sheet["A"] if str(cell.value).endswith("项")][-1] == "第299项"
