"""Random reports and workbooks: never a crash, never a lost number without a note (:mod:`tests.reports.intake.fuzz`)."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.reports.intake import fuzz, fuzz_files

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
SHORT = settings(max_examples=50, deadline=None, derandomize=True, suppress_health_check=SLOW)
SHORTER = settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=SLOW)
FEW = settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=SLOW)
"""Some seconds each and the same examples each time; tests/soak draws new ones for many minutes."""


@SHORT
@given(fuzz.reports(), st.sampled_from(["utf-8", "gb18030", "utf-8-sig", "utf-16"]))
def test_no_number_of_a_report_is_lost_and_none_invented(drawn, encoding):
    fuzz.check_report(drawn, encoding)


@SHORTER
@given(fuzz.official_edits())
def test_no_cell_of_an_official_workbook_is_dropped(edited):
    fuzz.check_official(*edited)


@SHORTER
@given(fuzz.final_edits())
def test_no_amount_of_final_accounts_is_dropped(edited):
    fuzz.check_final(*edited)


@SHORTER
@given(fuzz.report_edits())
def test_no_cell_of_a_reports_workbook_is_dropped(edited):
    fuzz.check_report_book(*edited)


@FEW
@given(fuzz_files.edited_reports())
def test_a_real_report_whose_lines_were_moved_and_cut(drawn):
    fuzz_files.check_edited(drawn)


@FEW
@given(fuzz_files.wrapped_reports())
def test_a_word_file_cut_into_runs_says_the_same(wrapped):
    fuzz_files.check_wrapped(*wrapped)


@FEW
@given(fuzz_files.broken_files())
def test_a_broken_file_is_read_or_refused(broken):
    name, data = broken
    fuzz_files.told_or_refused(data, name)


@FEW
@given(fuzz_files.moved_books())
def test_tables_are_found_wherever_they_stand(moved):
    fuzz_files.check_moved(*moved)
