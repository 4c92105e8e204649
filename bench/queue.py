"""``python -m bench.queue``: the review queue with 300 and with 30,000 reports, beside a page without data and OFFSET.

The rows live in a database of their own, made for the run and dropped after it. Figures are CPU time of one core,
medians of one process.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evalsite.settings")
    django.setup()

from django.core.paginator import Paginator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from departments.models import AnnualProfile, Department, User
from reports.models import Report
from reports.queue import paging
from reports.queue.filters import ORDERS, QueueFilter
from reports.queue.views import COUNTED, PAGE
from tests.db import make_user
from tests.reports.review_queue.build import fill

SIZES = (300, 30_000)
SECONDS = 1.0
PAGES = {
    "queue, all states, longest waiting": {"all": "1"},
    "queue, submitted, year": {"status": "submitted", "year": "2023"},
    "queue, best score first": {"sort": "high"},
    "queue, by name": {"sort": "name"},
    "queue, search of a name": {"q": "00123"},
}


def milliseconds(call: Callable[[], object]) -> float:
    """Median time of one call, repeated for about a second."""
    call()
    times, until = [], time.process_time() + SECONDS
    while time.process_time() < until or len(times) < 3:
        start = time.process_time()
        call()
        times.append(time.process_time() - start)
    return statistics.median(times) * 1000


def measure(user: User) -> dict[str, tuple[float, int]]:
    """Milliseconds and number of queries of each page, with as many reports as there are now."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    def page(name: str, **query: str) -> tuple[float, int]:
        def call() -> None:
            assert client.get(reverse(name), query).status_code == 200

        call()
        with CaptureQueriesContext(connection) as queries:
            call()
        count = len(queries)
        return milliseconds(call), count

    found = {"a page without data (inbox)": page("inbox")}
    found |= {label: page("queue", **query) for label, query in PAGES.items()}
    middle = _middle()
    found["queue, a page in the middle"] = page("queue", after=middle)
    found["rows alone, by key, in the middle"] = (milliseconds(lambda: _by_key(user, middle)), 2)
    found["rows alone, by OFFSET, in the middle"] = (milliseconds(lambda: _by_offset(user)), 2)
    return found


def _middle() -> str:
    reports = Report.objects.order_by("status_since", "pk")
    return paging.Mark.of(reports[reports.count() // 2], ORDERS["waiting"]).text()


def _by_key(user: User, after: str) -> None:
    found = QueueFilter({}, user=user)
    assert found.load(paging.page(found.qs, ORDERS["waiting"], PAGE, after=after).keys)
    paging.capped_count(found.qs, COUNTED)


def _by_offset(user: User) -> None:
    rows = QueueFilter({}, user=user).qs.with_context().order_by("status_since", "pk")
    pages = Paginator(rows, PAGE)
    assert list(pages.page(pages.num_pages // 2 + 1))


def main() -> list[str]:
    """The table of results."""
    from django.db import connections

    old = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, serialize=False)
    try:
        user = make_user("reviewer")
        results = []
        for size in SIZES:
            Report.objects.all().delete()
            AnnualProfile.objects.all().delete()
            Department.objects.filter(parent__isnull=False).delete()
            fill(size)
            results.append(measure(user))
    finally:
        connection.creation.destroy_test_db(old, verbosity=0)
        connections.close_all()
    few, many = results
    lines = [
        "| | 300: ms | queries | 30,000: ms | queries | 30,000 beside 300 | beside a page without data |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    bare = many["a page without data (inbox)"][0]
    for label, (small, queries) in few.items():
        large, more = many[label]
        lines.append(
            f"| {label} | {small:.1f} | {queries} | {large:.1f} | {more} | {large / small:.2f} | {large / bare:.2f} |"
        )
    return lines


if __name__ == "__main__":
    print("\n".join(main()))
