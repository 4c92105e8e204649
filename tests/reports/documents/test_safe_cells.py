"""What looks like a formula stays text in Excel and CSV, whoever writes the file."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell

from reports.documents.safe_cells import LONGEST, csv_text, put_text

ROOT = Path(__file__).parents[3]
FORMULAS = ("=1+1", "+1", "-2+3", "@SUM(A1)", '=HYPERLINK("http://example.com")', "\u200b=1")


def stored(text: str, *, write_only: bool):
    """The cell as it comes back from the saved file."""
    book = Workbook(write_only=write_only)
    sheet = book.create_sheet("表", 0)
    if write_only:
        sheet.append([put_text(WriteOnlyCell(sheet), text)])
    else:
        put_text(sheet["A1"], text)
    file = io.BytesIO()
    book.save(file)
    return load_workbook(file)["表"]["A1"]


@pytest.mark.parametrize("write_only", [False, True])
@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_text_and_stays_so_when_the_cell_is_edited(text, write_only):
    cell = stored(text, write_only=write_only)
    assert (cell.data_type, cell.value) == ("s", text.removeprefix("\u200b"))
    assert cell.quotePrefix


@pytest.mark.parametrize("write_only", [False, True])
def test_an_ordinary_text_is_not_marked(write_only):
    cell = stored("完成率≥95%", write_only=write_only)
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", "完成率≥95%", False)


def test_characters_that_break_the_file_go_and_nothing_is_longer_than_a_cell():
    assert stored("水\x00库\x0b护坦", write_only=True).value == "水库\n护坦"
    assert len(stored("长" * 40_000, write_only=True).value) == LONGEST


def test_an_empty_text_leaves_the_cell_empty():
    assert stored("", write_only=False).value is None


@pytest.mark.parametrize("text", [*FORMULAS[:5], "\t=1", "\r=1", "\n=1", "－5", "＝1"])
def test_a_csv_cell_begins_with_an_apostrophe(text):
    assert csv_text(text) == f"'{text}"


def test_an_ordinary_csv_cell_is_left_alone():
    assert csv_text("1=1") == "1=1"


def test_the_rule_is_written_nowhere_else():
    """Whoever marks a cell as text or as quoted by hand has made a second copy of the rule."""
    mark = re.compile(r"quotePrefix|data_type\s*(?:=|,).*\"s\"|ILLEGAL_CHARACTERS_RE")
    found = {
        str(path.relative_to(ROOT))
        for folder in ("reports", "indicators", "budgets", "departments", "evalsite")
        for path in (ROOT / folder).rglob("*.py")
        if mark.search(path.read_text(encoding="utf-8"))
    }
    assert found == {"reports/documents/safe_cells.py"}
