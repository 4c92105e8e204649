"""An app process is killed (kill -9) while it takes in a file: the file is there whole or not at all, and can be sent again."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from departments.choices import Role
from departments.models import AuditEntry
from reports.models import Attachment
from reports.workspace.attachments import LEFT_BEHIND_SECONDS, add_attachment
from tests.db import make_report, make_user
from tests.evidence import pdf
from tests.factories import make_dossier
from tests.reports.exporting.district import ROOT, database_url
from tests.reports.workspace.uploading import HERE, POINTS

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

CONTENT = pdf(40)


@pytest.fixture
def report():
    return make_report(dossier=make_dossier())


@pytest.fixture
def filler(report):
    return make_user(Role.FILLER)


def files(settings) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def upload_killed_at(point: str, report, filler, settings) -> None:
    """Another process takes the file in, reaches the point, and is killed there."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.reports.workspace.uploading", point, str(report.pk), str(filler.pk)],
        cwd=ROOT,
        env=os.environ
        | {
            "EVALSITE_ENV": "development",
            "DATABASE_URL": database_url(),
            "EVALSITE_MEDIA_DIR": str(settings.MEDIA_ROOT),
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        process.stdin.write(CONTENT)
        process.stdin.close()
        assert process.stdout.readline().decode().strip() == HERE
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_upload_leaves_no_half_file_and_can_be_repeated(report, filler, settings, point):
    upload_killed_at(point, report, filler, settings)
    assert not Attachment.objects.exists()
    assert not AuditEntry.objects.filter(event="attachment.add").exists()
    for path in files(settings):
        whole = hashlib.sha256(path.read_bytes()).hexdigest() == path.name
        assert whole or path.name.startswith(".part-"), "no half file bears the name of a whole one"

    item = add_attachment(
        report=report, upload=SimpleUploadedFile("台账.pdf", CONTENT), indicator=None, by=filler
    )
    assert Path(item.file.path).read_bytes() == CONTENT
    assert item.sha256 == hashlib.sha256(CONTENT).hexdigest()


def test_what_a_killed_process_left_is_removed_later(report, filler, settings):
    upload_killed_at("half written", report, filler, settings)
    (left,) = files(settings)
    assert left.name.startswith(".part-")
    add_attachment(report=report, upload=SimpleUploadedFile("甲.pdf", pdf(1)), indicator=None, by=filler)
    assert left.exists(), "it could belong to somebody who is still sending"
    old = time.time() - LEFT_BEHIND_SECONDS - 1
    os.utime(left, (old, old))
    add_attachment(report=report, upload=SimpleUploadedFile("乙.pdf", pdf(2)), indicator=None, by=filler)
    assert not left.exists()
    assert len(files(settings)) == Attachment.objects.count() == 2
