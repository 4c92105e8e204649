"""Many reports at once for the tests of the queue and for bench/queue.py."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

from django.utils import timezone

from departments.models import AnnualProfile, Department
from departments.models.organisation import Region
from reports.choices import Status
from reports.models import Report
from tests.db import make_department, make_round

STATES = (Status.SUBMITTED, Status.SUBMITTED, Status.DRAFT, Status.RETURNED, Status.APPROVED)
BATCH = 2000


def fill(count: int, status: str = "", *, region: Region | None = None, year: int = 2023) -> None:
    """So many units of one main department with one report each: states, scores and times differ."""
    main = make_department("示例区文化局", **({"region": region} if region else {}))
    round_ = make_round(year, region=main.region)
    start = timezone.now() - datetime.timedelta(days=60)
    units = Department.objects.bulk_create(
        (
            Department(region=main.region, parent=main, name=f"示例区单位{number:05}")
            for number in range(count)
        ),
        batch_size=BATCH,
    )
    profiles = AnnualProfile.objects.bulk_create(
        (AnnualProfile(department=unit, year=year) for unit in units), batch_size=BATCH
    )
    with _stated_times():
        Report.objects.bulk_create(
            (
                Report(
                    profile=profile,
                    round=round_,
                    status=status or STATES[number % len(STATES)],
                    status_since=start + datetime.timedelta(minutes=number * 7919 % 86400),
                    shown_self_score=None if number % 11 == 0 else Decimal(60 + number % 40),
                    shown_score=Decimal(60 + number % 37),
                    open_errors=number % 7 == 0,
                    all_warnings=number % 3,
                    times_submitted=1 + number % 2,
                )
                for number, profile in enumerate(profiles)
            ),
            batch_size=BATCH,
        )


@contextmanager
def _stated_times() -> Iterator[None]:
    """Let the time be stated that the model otherwise takes from the clock."""
    field = Report._meta.get_field("status_since")
    field.auto_now_add = False
    try:
        yield
    finally:
        field.auto_now_add = True


def names(response) -> list[str]:
    """Units of the page, in its order."""
    return [row.unit for row in response.context["rows"]]
