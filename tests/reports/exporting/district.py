"""A round with several reports in several states, and a real worker process."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from reports.choices import Status
from reports.exporting.services import order
from reports.models import ExportJob, Report
from tests.db import make_department, make_report, make_submission, make_user
from tests.factories import make_dossier

ROOT = Path(__file__).resolve().parents[3]
ALL_STATES = ("draft", "submitted", "approved")


def make_district(number: int) -> list[Report]:
    """That many reports, in turn in a draft, submitted and approved."""
    filler = make_user("filler", username="district-filler")
    reports = []
    for position in range(number):
        name = f"示例区第{position:03}单位"
        report = make_report(department=make_department(name), dossier=make_dossier(department=name))
        status = ALL_STATES[position % len(ALL_STATES)]
        if status != Status.DRAFT:
            make_submission(report, by=filler)
            Report.objects.filter(pk=report.pk).update(status=status)
        reports.append(Report.objects.with_context().get(pk=report.pk))
    return reports


def make_order(reports: list[Report], kinds: tuple[str, ...], statuses=ALL_STATES, by=None) -> ExportJob:
    by = by or make_user("round_manager")
    return order(round=reports[0].round, by=by, statuses=statuses, kinds=kinds)


def database_url() -> str:
    """The test database, for another process."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    return f"postgres://{found['USER']}@{found['HOST']}:{found['PORT']}/{found['NAME']}"


@contextmanager
def worker(log: Path) -> Iterator[subprocess.Popen]:
    """``manage.py db_worker`` as it runs beside the web server; ended at the end."""
    environment = os.environ | {
        "EVALSITE_ENV": "development",
        "DATABASE_URL": database_url(),
        "EVALSITE_EXPORT_DIR": str(settings.EXPORT_DIR),
        "EVALSITE_MEDIA_DIR": str(settings.MEDIA_ROOT),
        "DJANGO_SETTINGS_MODULE": "evalsite.settings",
    }
    command = [sys.executable, "manage.py", "db_worker", "--interval", "0.2", "--no-startup-delay"]
    with log.open("ab") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=120)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_until(what: Callable[[], bool], seconds: float) -> None:
    """Look again and again; fail when it takes too long."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)
