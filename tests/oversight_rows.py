"""Rows for tests of spot checks and rectification."""

from __future__ import annotations

import datetime
from typing import Any

from departments.models import User
from reports.models import DrawMethod, Rectification, RectificationItem, Report, SpotCheck, SpotCheckDraw
from tests.db import make_submission, make_user


def make_spot_check(report: Report, *, by: User | None = None, **fields: Any) -> SpotCheck:
    """A spot check of the report, drawn by hand; its newest submission is made if there is none."""
    submission = report.submissions.first() or make_submission(report)
    draw = SpotCheckDraw.objects.create(
        round=report.round,
        method=DrawMethod.BY_HAND,
        asked="1份",
        population=[],
        drawn=[report.pk],
        by=by or make_user("round_manager", region=report.round.region),
    )
    return SpotCheck.objects.create(draw=draw, report=report, submission=submission, **fields)


def make_rectification(report: Report, *, by: User | None = None, **fields: Any) -> Rectification:
    """A rectification notice with two items about the report."""
    fields = {
        "number": Rectification.objects.filter(round=report.round).count() + 1,
        "basis": "审核中发现问题。",
        "due": datetime.date(2099, 12, 31),
    } | fields
    notice = Rectification.objects.create(
        report=report,
        round=report.round,
        issued_by=by or make_user("reviewer", region=report.round.region),
        **fields,
    )
    RectificationItem.objects.bulk_create(
        RectificationItem(
            notice=notice, position=number, problem=f"问题{number}", requirement=f"要求{number}"
        )
        for number in (1, 2)
    )
    return notice
