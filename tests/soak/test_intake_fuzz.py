"""The fuzz tests of the readers for many minutes.

``READER_EXAMPLES`` texts and workbooks are drawn for each test (default 5000), three tenths as many whole files.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.reports.intake import fuzz, fuzz_files

pytestmark = pytest.mark.soak
EXAMPLES = int(os.environ.get("READER_EXAMPLES", "5000"))
LONG = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
WHOLE = settings(LONG, max_examples=max(1, EXAMPLES * 3 // 10))
"""Whole files, which take longer to make."""


@LONG
@given(fuzz.reports(), st.sampled_from(["utf-8", "gb18030", "utf-8-sig", "utf-16"]))
def test_no_number_of_a_report_is_lost_and_none_invented(drawn, encoding):
    fuzz.check_report(drawn, encoding)


@LONG
@given(fuzz.official_edits())
def test_no_cell_of_an_official_workbook_is_dropped(edited):
    fuzz.check_official(*edited)


@LONG
@given(fuzz.final_edits())
def test_no_amount_of_final_accounts_is_dropped(edited):
    fuzz.check_final(*edited)


@LONG
@given(fuzz.report_edits())
def test_no_cell_of_a_reports_workbook_is_dropped(edited):
    fuzz.check_report_book(*edited)


@WHOLE
@given(fuzz_files.edited_reports())
def test_a_real_report_whose_lines_were_moved_and_cut(drawn):
    fuzz_files.check_edited(drawn)


@WHOLE
@given(fuzz_files.wrapped_reports())
def test_a_word_file_cut_into_runs_says_the_same(wrapped):
    fuzz_files.check_wrapped(*wrapped)


@WHOLE
@given(fuzz_files.broken_files())
def test_a_broken_file_is_read_or_refused(broken):
    name, data = broken
    fuzz_files.told_or_refused(data, name)


@WHOLE
@given(fuzz_files.moved_books())
def test_tables_are_found_wherever_they_stand(moved):
    fuzz_files.check_moved(*moved)


@WHOLE
@given(fuzz_files.edited_reports())
def test_a_real_report_on_paper_is_read_or_refused(drawn):
    fuzz_files.check_on_paper(drawn)
