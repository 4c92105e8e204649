"""A process that takes in one file of evidence and stops at a named point, to be killed there by a test.

``python -m tests.reports.workspace.uploading POINT REPORT USER``, the file on standard input; prints :data:`HERE` at the point.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evalsite.settings")
    django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile

from departments.models import User
from reports.models import Report
from reports.workspace import attachments

HERE = "here"
POINTS = ("half written", "written without a name", "named without a row", "row not committed")


def stop(*_args: object, **_kwargs: object) -> None:
    """Say that the point is reached and wait for the end."""
    print(HERE, flush=True)
    time.sleep(300)


class Halting(SimpleUploadedFile):
    """Stops in the middle when it is read for the second time: the first reading looks at the content."""

    readings = 0

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        self.readings += 1
        content = self.read()
        yield content[: len(content) // 2]
        if self.readings == 2:
            stop()
        yield content[len(content) // 2 :]


def main(point: str, report: str, user: str) -> None:
    content = sys.stdin.buffer.read()
    kind = Halting if point == "half written" else SimpleUploadedFile
    if point == "written without a name":
        os.replace = stop
    elif point == "named without a row":
        attachments.lock_for_writing = stop
    elif point == "row not committed":
        attachments.record = stop
    attachments.add_attachment(
        report=Report.objects.with_context().get(pk=report),
        upload=kind("台账.pdf", content),
        indicator=None,
        by=User.objects.get(pk=user),
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
