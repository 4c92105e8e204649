"""``python -m bench.scale [REPORTS…]``: pages at 300, 30,000 and 300,000 reports of one region, beside a trivial Django page.

One region that holds them all is the worst case: a person of the bureau may read every row. The rows live in a database
of their own (PostgreSQL where ``DATABASE_URL`` says so), made for the run and dropped after it. Figures are CPU time of
the Python process, medians; a slow query on PostgreSQL shows in the second figure, the time on the clock.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evalsite.settings")
    django.setup()

from django.db import connection, connections
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path, reverse

from departments.models import AnnualProfile, AuditEntry, Department
from reports.models import Report
from tests.db import make_department, make_report, make_user
from tests.factories import make_dossier
from tests.reports.review_queue.build import fill

SIZES = (300, 30_000, 300_000)
ENTRIES = 3
"""Entries of the audit log a report."""
CALLS = 15


def trivial(request: HttpRequest) -> HttpResponse:
    """The least that a Django page does behind all middleware."""
    return HttpResponse("ok")


urlpatterns = [path("trivial/", trivial), path("", include("evalsite.urls"))]


def timed(call: Callable[[], object]) -> tuple[float, float]:
    """Median milliseconds of one call: CPU of this process, and on the clock."""
    call()
    cpu, clock = [], []
    for _ in range(CALLS):
        begun, started = time.process_time(), time.perf_counter()
        call()
        cpu.append(time.process_time() - begun)
        clock.append(time.perf_counter() - started)
    return statistics.median(cpu) * 1000, statistics.median(clock) * 1000


def grow(count: int) -> None:
    """So many reports with their entries in the audit log."""
    fill(count)
    profiles = AnnualProfile.objects.select_related("department").iterator(2000)
    entries = (
        AuditEntry(
            event="section.save",
            sentence="填写了“支出与预算执行”",
            actor_name="填报人某",
            profile=profile,
            department=profile.department,
            region_id=profile.department.region_id,
        )
        for profile in profiles
        for _ in range(ENTRIES)
    )
    AuditEntry.objects.bulk_create(entries, batch_size=5000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def measure() -> dict[str, tuple[float, float]]:
    """Each page with as many rows as there are now."""
    unit = make_department("示例区档案馆")
    report = make_report(department=unit, dossier=make_dossier())
    people = {
        role: make_user(role, department=unit)
        for role in ("filler", "unit_head", "reviewer", "round_manager", "auditor")
    }
    workspace = reverse("workspace-section", args=[report.pk, "expenditure"])
    pages = {
        "trivial Django page": ("reviewer", "/trivial/"),
        "page without data (inbox)": ("reviewer", reverse("inbox")),
        "queue": ("reviewer", f"{reverse('queue')}?all=1"),
        "queue, submitted": ("reviewer", f"{reverse('queue')}?status=submitted"),
        "home, filler": ("filler", "/"),
        "home, unit head": ("unit_head", "/"),
        "home, reviewer": ("reviewer", "/"),
        "home, round manager": ("round_manager", "/"),
        "home, auditor": ("auditor", "/"),
        "audit log": ("auditor", reverse("audit")),
        "audit log, one kind": ("auditor", f"{reverse('audit')}?kind=steps"),
        "workspace, one section": ("filler", workspace),
    }
    found = {}
    for name, (role, address) in pages.items():
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(people[role], backend="django.contrib.auth.backends.ModelBackend")
        if (status := client.get(address).status_code) != 200:
            raise RuntimeError(f"{address} answered {status}")
        found[name] = timed(lambda client=client, address=address: client.get(address))
    return found


def main(sizes: tuple[int, ...] = SIZES) -> list[str]:
    """The table of results."""
    old = connection.settings_dict["NAME"]
    lines = []
    with override_settings(ROOT_URLCONF="bench.scale"):
        for size in sizes:
            connection.creation.create_test_db(verbosity=0, serialize=False, autoclobber=True)
            try:
                grow(size)
                found = measure()
                reports, units = Report.objects.count(), Department.objects.count()
            finally:
                connection.creation.destroy_test_db(old, verbosity=0)
                connections.close_all()
            base, bare = found["trivial Django page"][1], found["page without data (inbox)"][1]
            lines += [
                f"{reports:,} reports of {units:,} units, {connection.vendor}:",
                "",
                "| page | ms CPU | ms clock | clock, trivial page = 1.0 | clock, page without data = 1.0 |",
                "| --- | ---: | ---: | ---: | ---: |",
                *(
                    f"| {name} | {cpu:.1f} | {clock:.1f} | {clock / base:.1f} | {clock / bare:.1f} |"
                    for name, (cpu, clock) in found.items()
                ),
                "",
            ]
    return lines


if __name__ == "__main__":
    chosen = tuple(int(text) for text in sys.argv[1:]) or SIZES
    print("\n".join(main(chosen)))
