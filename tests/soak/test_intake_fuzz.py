"""The fuzz tests of the readers for many minutes."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.reports.intake import fuzz

pytestmark = pytest.mark.soak
LONG = settings(
    max_examples=5000, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


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
