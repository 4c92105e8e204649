"""A whole district of 300 reports, with the worker killed five times on the way (`make soak`)."""

from __future__ import annotations

import pytest

from tests.reports.exporting.killing import export_through_kills

pytestmark = [pytest.mark.soak, pytest.mark.database, pytest.mark.django_db(transaction=True)]


def test_a_district_survives_five_kills(tmp_path):
    measured = export_through_kills(
        reports=300,
        kills=5,
        kinds=("pdf", "docx", "xlsx", "json", "findings"),
        log=tmp_path / "log",
        seconds=1800,
    )
    print(f"300 reports in {measured['seconds']:.0f} s, {measured['rate']:.2f} a second")
