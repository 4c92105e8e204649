"""``python -m bench.overview``: pages of the overview with 300 and with 30,000 reports, beside a trivial page.

Each size has a database of its own (SQLite) that is thrown away. Times are CPU seconds of one request through Django's
test client, the median of several.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import django
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, get_runner

SIZES = (300, 30_000)
REPEATS = 5
PAGES = (
    ("trivial page (login)", "/login/"),
    ("overview", "/overview/"),
    ("ranking", "/overview/ranking/?by=self"),
    ("units of one figure", "/overview/ranking/?show=rate-low&by=rate"),
    ("problems by kind", "/overview/problems/"),
    ("units with one problem", "/overview/problems/?rule=table-sum"),
)


def _seconds(call: Callable[[], object]) -> float:
    start = time.process_time()
    call()
    return time.process_time() - start


def _measure(size: int) -> dict[str, tuple[float, int]]:
    """CPU seconds and queries of each page at that size."""
    from tests.db import make_user
    from tests.reports.overview.district import make_units

    make_units(size, main=40)
    manager = make_user("round_manager")
    found = {}
    for name, address in PAGES:
        client = Client(headers={"host": "127.0.0.1"})
        if address != "/login/":
            client.force_login(manager)
        client.get(address)
        times = [_seconds(lambda client=client, address=address: client.get(address)) for _ in range(REPEATS)]
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        found[name] = (statistics.median(times), len(queries))
    return found


def main() -> list[str]:
    """The table of results."""
    runner = get_runner(settings)(verbosity=0, interactive=False)
    by_size = {}
    for size in SIZES:
        old = runner.setup_databases()
        try:
            by_size[size] = _measure(size)
        finally:
            runner.teardown_databases(old)
    base = by_size[SIZES[0]][PAGES[0][0]][0]
    lines = [
        f"| | {' | '.join(f'{size:,} reports, ms | queries | trivial = 1.0' for size in SIZES)} |",
        f"| --- |{' ---: | ---: | ---: |' * len(SIZES)}",
    ]
    for name, _ in PAGES:
        cells = []
        for size in SIZES:
            seconds, queries = by_size[size][name]
            cells += [f"{seconds * 1000:.1f}", str(queries), f"{seconds / base:.1f}"]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evalsite.settings")
    django.setup()
    print("\n".join(main()))
