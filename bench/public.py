"""``python -m bench.public``: the public list and search with 300 and with 30,000 reports, beside a trivial Django page.

In a database of its own (the test database of the configured engine), with CPU milliseconds of one request each, the
middleware included.
"""

from __future__ import annotations

import datetime
import os
import statistics
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evalsite.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, override_settings  # noqa: E402
from django.urls import include, path  # noqa: E402

SIZES = (300, 30_000)
ROUNDS = 7
BATCH = 2000
PAGES = {
    "list": "/public/",
    "last page of the list": "/public/?page=1500",
    "one region and year": "/public/?region=430407&year=2020",
    "grade": "/public/?grade=良",
    "part of a unit's name": "/public/?unit=第77",
    "frequent word": "/public/?q=数字化",
    "rare word": "/public/?q=编号000123",
    "word that is nowhere": "/public/?q=并不存在的词",
    "interface": "/api/v1/reports",
}


def trivial(request: HttpRequest) -> HttpResponse:
    """The least that Django can answer."""
    return HttpResponse("<p>x</p>")


urlpatterns = [path("trivial/", trivial), path("", include("evalsite.urls"))]


def fill(count: int) -> None:
    """So many public reports: ten years, three regions, the text of an ordinary report with a number of its own."""
    from bench import publications
    from departments.models import AnnualProfile, Department, Region, User
    from reports.models import Publication, Report, Round, Submission
    from tests.db import make_region, make_report, make_submission, make_user, public_content

    first = make_report()
    submission: Submission = make_submission(first)
    by: User = make_user("round_manager")
    regions: list[Region] = [
        make_region(code, name)
        for code, name in (("430407", "示例区"), ("430408", "邻区"), ("430406", "远区"))
    ]
    text = public_content().search_text()
    years = range(2013, 2023)
    units = -(-count // len(years))
    Department.objects.bulk_create(
        (
            Department(region=regions[number % 3], name=f"第{number}单位", kind="行政机关")
            for number in range(units)
        ),
        batch_size=BATCH,
    )
    departments = list(Department.objects.filter(name__startswith="第").order_by("pk"))
    rounds = {
        (region.pk, year): Round.objects.create(
            region=region,
            year=year,
            policy="x",
            template="x",
            opens=datetime.date(year + 1, 3, 1),
            deadline=datetime.date(year + 1, 6, 1),
        )
        for region in regions
        for year in years
    }
    AnnualProfile.objects.bulk_create(
        (AnnualProfile(department=unit, year=year) for unit in departments for year in years),
        batch_size=BATCH,
    )
    Report.objects.bulk_create(
        (
            Report(
                profile=profile,
                round=rounds[profile.department.region_id, profile.year],
                status="published",
            )
            for profile in AnnualProfile.objects.filter(department__in=departments)
            .select_related("department")
            .iterator(BATCH)
        ),
        batch_size=BATCH,
    )
    published = Report.objects.filter(status="published").select_related("profile__department")
    published = published.order_by("pk")[:count].iterator(BATCH)
    Publication.objects.bulk_create(
        publications.rows(published, submission, by, lambda number: f"{text} 编号{number:06d}"),
        batch_size=BATCH,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def measured(call: Callable[[], HttpResponse]) -> float:
    """Median CPU milliseconds of a request."""
    call()
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        call()
        times.append(time.process_time() - start)
    return statistics.median(times) * 1000


def _size(count: int) -> dict[str, tuple[float, int]]:
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        fill(count)
        client = Client()
        found = {"trivial Django page": (measured(lambda: client.get("/trivial/")), 0)}
        for name, address in PAGES.items():
            with CaptureQueriesContext(connection) as queries:
                response = client.get(address)
            if response.status_code != 200:
                raise RuntimeError(f"{address} answered {response.status_code}")
            asked = len(queries)  # before the next request empties the log
            found[name] = (measured(lambda address=address: client.get(address)), asked)
        return found
    finally:
        connection.creation.destroy_test_db(settings.DATABASES["default"]["NAME"], verbosity=0)


def main() -> list[str]:
    """The table of results."""
    with override_settings(
        ROOT_URLCONF="bench.public", ALLOWED_HOSTS=["testserver"], EVALSITE_API_RATE="1000000/m"
    ):
        few, many = (_size(count) for count in SIZES)
    base = many["trivial Django page"][0]
    lines = [
        "| page | queries 300 / 30,000 | ms at 300 | ms at 30,000 | × trivial page at 30,000 |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for name, (milliseconds, queries) in many.items():
        lines.append(
            f"| {name} | {few[name][1]} / {queries} | {few[name][0]:.1f} | {milliseconds:.1f} "
            f"| {milliseconds / base:.1f} |"
        )
    return lines


if __name__ == "__main__":
    print("\n".join(main()))
