"""``python -m bench.scale [REPORTS…]``: pages at 300, 30,000 and 300,000 reports of one region, beside a trivial page.

The trivial page is the least that this site answers a person who is signed in: it reads the session and the person and
renders the frame of all pages (``base.html``) with that person's menu, and nothing in it. Each page is compared with the
trivial page of the same person.

One region that holds all reports is the worst case: a person of the bureau may read every row. The rows live in a
database of their own (PostgreSQL where ``DATABASE_URL`` says so), made for the run and dropped after it. Figures are
medians on the clock, so that the work of the database counts too, and CPU time of the Python process beside them.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evalsite.settings")
    django.setup()

from django.contrib.auth.decorators import login_required
from django.db import connection, connections
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import Client, override_settings
from django.urls import include, path, reverse

from bench import publications
from departments.models import AnnualProfile, AuditEntry, Department
from reports.models import Publication, Report
from reports.places import SECTIONS
from tests.db import make_department, make_public_row, make_report, make_submission, make_user, public_content
from tests.factories import make_dossier
from tests.reports.review_queue.build import fill

SIZES = (300, 30_000, 300_000)
USUAL = SIZES[:2]
"""What `make bench` has time for; the third takes a quarter of an hour to build."""
ENTRIES = 3
"""Entries of the audit log a report."""
CALLS = 15
BATCH = 5000
TRIVIAL = "/trivial/"
ROLES = ("filler", "unit_head", "main_reviewer", "reviewer", "round_manager", "administrator", "auditor")


@login_required
def trivial(request: HttpRequest) -> HttpResponse:
    """The frame of every page with the menu of whoever is signed in, and nothing in it."""
    return render(request, "base.html")


urlpatterns = [path(TRIVIAL.lstrip("/"), trivial), path("", include("evalsite.urls"))]


def timed(page: Callable[[], object], bare: Callable[[], object]) -> tuple[float, float, float, float]:
    """Median milliseconds of the page on the clock and of CPU, and of the trivial page; in turn, so that both meet the
    same moments of a busy machine."""
    found: dict[str, list[float]] = {"clock": [], "cpu": [], "bare": [], "bare cpu": []}
    page(), bare()
    for _ in range(CALLS):
        for call, prefix in ((page, ""), (bare, "bare ")):
            begun, started = time.process_time(), time.perf_counter()
            call()
            found[f"{prefix}cpu"].append(time.process_time() - begun)
            found[prefix.strip() or "clock"].append(time.perf_counter() - started)
    clock, cpu, beside, beside_cpu = (statistics.median(times) * 1000 for times in found.values())
    return clock, cpu, beside, beside_cpu


def grow(count: int) -> None:
    """So many reports with their entries in the audit log, every fifth of them public."""
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
    AuditEntry.objects.bulk_create(entries, batch_size=BATCH)
    Publication.objects.bulk_create(_publications(), batch_size=BATCH)
    with connection.cursor() as cursor:
        # As autovacuum does on a site that lives: what an index alone can answer is known only after it.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _publications() -> Iterator[Publication]:
    """A public version of every fifth report, with the text of an ordinary one."""
    submission = make_submission(
        make_report(department=make_department("示例区统计站"), dossier=make_dossier())
    )
    by, text = make_user("round_manager"), public_content().search_text()
    approved = Report.objects.filter(status="approved").select_related("profile__department").order_by("pk")
    return publications.rows(approved.iterator(2000), submission, by, lambda number: text)


def addresses() -> list[tuple[str, str, str]]:
    """Name, role and address of each page, for a unit with a whole dossier among the others."""
    unit = make_department("示例区档案馆")
    report = make_report(department=unit, dossier=make_dossier())
    public = make_public_row(report)
    workspace = [
        (
            f"workspace, {item.title}",
            "filler",
            reverse("workspace-section", args=[report.pk, item.key]),
        )
        for item in SECTIONS
    ]
    return [
        ("queue", "reviewer", f"{reverse('queue')}?all=1"),
        ("queue, submitted", "reviewer", f"{reverse('queue')}?status=submitted"),
        ("queue, submitted, round manager", "round_manager", f"{reverse('queue')}?status=submitted"),
        *((f"home, {role}", role, "/") for role in ROLES),
        *workspace,
        ("inbox", "reviewer", reverse("inbox")),
        ("report, read by its reviewer", "reviewer", reverse("report", args=[report.pk])),
        ("audit log", "auditor", reverse("audit")),
        ("audit log, one kind", "auditor", f"{reverse('audit')}?kind=steps"),
        ("overview", "round_manager", reverse("overview")),
        ("public list", "", reverse("public-list")),
        ("public list, a word", "", f"{reverse('public-list')}?q=数字化"),
        ("public report", "", public.get_absolute_url()),
    ]


def measure() -> dict[str, tuple[float, float, float, float]]:
    """Clock and CPU milliseconds of each page, and those of the trivial page, with as many rows as there are now."""
    pages = addresses()
    unit = Department.objects.get(name="示例区档案馆")
    clients: dict[str, Client] = {"": Client(SERVER_NAME="127.0.0.1")}
    for role in ROLES:
        clients[role] = Client(SERVER_NAME="127.0.0.1")
        clients[role].force_login(
            make_user(role, department=unit), backend="django.contrib.auth.backends.ModelBackend"
        )
    found = {}
    for name, role, address in pages:
        client = clients[role]
        # Who is not signed in is not shown the trivial page: compared with the reviewer's, whose menu is the usual one.
        beside = clients[role or "reviewer"]
        if (status := client.get(address).status_code) != 200:
            raise RuntimeError(f"{address} answered {status}")
        found[name] = timed(
            lambda client=client, address=address: client.get(address),
            lambda beside=beside: beside.get(TRIVIAL),
        )
    return found


def main(sizes: tuple[int, ...] = USUAL) -> list[str]:
    """The table of results."""
    old = connection.settings_dict["NAME"]
    found, rows = {}, []
    with override_settings(ROOT_URLCONF="bench.scale"):
        for size in sizes:
            connection.creation.create_test_db(verbosity=0, serialize=False, autoclobber=True)
            try:
                grow(size)
                found[size] = measure()
                rows.append(f"{Report.objects.count():,}")
            finally:
                connection.creation.destroy_test_db(old, verbosity=0)
                connections.close_all()
    lines = [
        f"{' / '.join(rows)} reports in one region, {connection.vendor}:",
        "",
        f"| page |{''.join(f' {size:,}: ms | CPU | clock, trivial = 1.0 | CPU, trivial = 1.0 |' for size in sizes)}",
        f"| --- |{' ---: | ---: | ---: | ---: |' * len(sizes)}",
    ]
    for name in found[sizes[0]]:
        cells = [
            f" {clock:.1f} | {cpu:.1f} | {clock / bare:.1f} | {cpu / bare_cpu:.1f} |"
            for clock, cpu, bare, bare_cpu in (found[size][name] for size in sizes)
        ]
        lines.append(f"| {name} |{''.join(cells)}")
    return lines


if __name__ == "__main__":
    chosen = tuple(int(text) for text in sys.argv[1:]) or SIZES
    print("\n".join(main(chosen)))
