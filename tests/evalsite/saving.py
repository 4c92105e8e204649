"""People who save while a backup is made; shared by the small test and by the long one."""

from __future__ import annotations

import hashlib
import random
import threading
import time
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection, transaction

from departments.models import User
from reports.models import Attachment, Notice, Report
from tests.db import make_department, make_report, make_user
from tests.factories import make_dossier

KEPT = 20
"""Files that each person has at a time."""


def save_in_pairs(report: Report, user: User, over: threading.Event, done: list[int]) -> None:
    """Two notices in one transaction, an attachment added, an older one removed: again and again."""
    rng, number = random.Random(user.pk), 0
    folder = Path(settings.MEDIA_ROOT) / f"attachments/{report.profile_id}"
    folder.mkdir(parents=True, exist_ok=True)
    mine: list[Attachment] = []
    try:
        while not over.is_set():
            number += 1
            with transaction.atomic():
                for half in ("甲", "乙"):
                    Notice.objects.create(user=user, text=f"{user.pk}-{number}-{half}")
            content = rng.randbytes(20_000)
            name = hashlib.sha256(content).hexdigest()
            (folder / name).write_bytes(content)
            with transaction.atomic():
                mine.append(
                    Attachment.objects.create(
                        profile=report.profile,
                        name=f"{number}.pdf",
                        file=f"attachments/{report.profile_id}/{name}",
                        content_type="application/pdf",
                        size=len(content),
                        sha256=name,
                        uploaded_by=user,
                    )
                )
            if len(mine) > KEPT:
                oldest = mine.pop(0)
                with transaction.atomic():
                    Attachment.objects.filter(pk=oldest.pk).delete()
                Path(oldest.file.path).unlink()
            done.append(number)
            time.sleep(0.01)
    except OperationalError as error:  # pragma: no cover
        done.append(-1)
        raise AssertionError(error) from error
    finally:
        connection.close()


def back_up_under_load(*, people: int, backups: int, pause: float, folder: Path) -> None:
    """Back up again and again while people save; every backup must restore to a consistent state."""
    writers, over, done = [], threading.Event(), []
    for number in range(people):
        department = make_department(f"示例区第{number}单位")
        report = make_report(department=department, dossier=make_dossier())
        user = make_user("filler", department=department)
        writers.append(threading.Thread(target=save_in_pairs, args=(report, user, over, done)))
    for writer in writers:
        writer.start()
    try:
        for number in range(backups):
            time.sleep(pause)
            call_command("backup", str(folder / f"{number}"), verbosity=0)
    finally:
        over.set()
        for writer in writers:
            writer.join(60)
    assert -1 not in done
    assert len(done) > people
    seen = []
    for number in range(backups):
        call_command("restore", str(folder / f"{number}"), replace=True, verbosity=0)
        seen.append(check_consistent())
    assert seen == sorted(seen), "a later backup holds no less"
    assert seen[-1] > 0


def check_consistent() -> int:
    """No half transaction, no row without its file, no file that is not its row's; gives the number of saves."""
    notices: dict[str, int] = {}
    for text in Notice.objects.values_list("text", flat=True):
        key = text.rpartition("-")[0]
        notices[key] = notices.get(key, 0) + 1
    assert set(notices.values()) <= {2}
    root = Path(settings.MEDIA_ROOT)
    rows = dict(Attachment.objects.values_list("file", "sha256"))
    for name, sha256 in rows.items():
        assert hashlib.sha256((root / name).read_bytes()).hexdigest() == sha256
    assert {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()} == set(rows)
    return len(notices)
