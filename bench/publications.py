"""Public rows in numbers, for the benches of public pages."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator

from departments.models import User
from reports.models import Publication, Report, Submission

FIRST = datetime.datetime(2024, 8, 1, tzinfo=datetime.UTC)


def rows(
    reports: Iterable[Report], submission: Submission, by: User, text: Callable[[int], str]
) -> Iterator[Publication]:
    """An open publication of each report (not saved), one second apart; ``text`` gives what a search of it looks through."""
    for number, report in enumerate(reports):
        unit = report.profile.department
        yield Publication(
            report=report,
            number=1,
            submission=submission,
            department=unit,
            region_id=unit.region_id,
            year=report.profile.year,
            unit_code=f"u{unit.pk}",
            unit_name=unit.name,
            self_score=90,
            grade="优良中差"[number % 4],
            sha256="0" * 64,
            published_at=FIRST + datetime.timedelta(seconds=number),
            published_by=by,
            search_text=text(number),
        )
