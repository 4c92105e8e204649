"""What people typed, put into Excel and CSV so that it stays text: no program may take it for a formula.

A unit's name such as ``=HYPERLINK(…)`` would otherwise run on the computer of whoever opens the file (CSV injection,
OWASP). This is the one place of that rule; everything that writes workbooks or CSV files goes through it.
"""

from __future__ import annotations

from openpyxl.cell.cell import Cell

from reports.documents.plaintext import printable

FORMULA_STARTS = ("=", "+", "-", "@")
_STARTS_IN_CSV = (*FORMULA_STARTS, "＝", "＋", "－", "＠", "\t", "\r", "\n")
"""A program that reads CSV decides for itself what is a formula: Chinese Excel takes full-width signs for the same."""
LONGEST = 32_000
"""Characters; Excel holds 32,767 in a cell and calls a file with more broken."""


def put_text(cell: Cell, text: str) -> Cell:
    """Write a text into a cell as text, without characters that break the file; gives the cell back.

    Where it begins like a formula it is also marked as quoted: else Excel would compute it when somebody edits the
    cell and presses Enter. An empty text leaves the cell empty.
    """
    shown = printable(text)[:LONGEST]
    if shown:
        cell.value = shown
        cell.data_type = "s"
        if shown.startswith(FORMULA_STARTS):
            cell.quotePrefix = True
    return cell


def csv_text(text: str) -> str:
    """A text for a CSV file, which knows no types: what looks like a formula gets an apostrophe."""
    return f"'{text}" if text.startswith(_STARTS_IN_CSV) else text
