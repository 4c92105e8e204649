"""Random reports and workbooks: never a crash, never a lost number without a note (:mod:`tests.reports.intake.fuzz`)."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.reports.intake import fuzz

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
SHORT = settings(max_examples=50, deadline=None, derandomize=True, suppress_health_check=SLOW)
SHORTER = settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=SLOW)
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
