"""kill -9 of the real worker in the middle of a bulk export; the long form of it is in tests/soak."""

from __future__ import annotations

import pytest

from reports.exporting.services import order
from reports.models import ExportJob, ExportState, ItemState, Worker
from tests.db import make_user
from tests.reports.exporting.district import make_district, wait_until, worker
from tests.reports.exporting.killing import export_through_kills

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def test_it_goes_on_after_kills_and_the_archive_is_whole(tmp_path):
    export_through_kills(
        reports=8, kills=1, kinds=("pdf", "docx", "findings"), log=tmp_path / "log", seconds=400
    )


def test_a_worker_that_is_told_to_end_hands_over_what_is_left(tmp_path):
    reports = make_district(3)
    job = order(
        round=reports[0].round,
        by=make_user("round_manager"),
        statuses=["draft", "submitted", "approved"],
        kinds=["pdf"],
    )
    with worker(tmp_path / "log") as process:
        wait_until(lambda: job.items.filter(state=ItemState.DONE).exists(), 300)
        assert Worker.alive()
        process.terminate()
        assert process.wait(timeout=120) == 0
    job = ExportJob.objects.get(pk=job.pk)
    assert (job.state, job.lease_owner) == (ExportState.QUEUED, "")
    assert job.items.filter(state=ItemState.WAITING).exists()
    assert not Worker.alive(), "it said good-bye"
    with worker(tmp_path / "log"):
        wait_until(lambda: ExportJob.objects.get(pk=job.pk).state == ExportState.DONE, 300)
