"""A real streaming replica: what is read from it, who is kept from it, and what happens when it lags or dies."""

from __future__ import annotations

import time
from urllib.request import Request, urlopen

import pytest

from scripts.with_postgres import server
from tests.soak.load import HOST, site
from tests.soak.standby import standby

pytestmark = pytest.mark.soak
PUBLISH = """
import os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evalsite.settings")
import django
django.setup()
from tests.db import make_department, make_public_row, make_report
make_public_row(make_report(department=make_department(sys.argv[1]), status="published"), unit_name=sys.argv[1])
"""


def page(port: int, path: str = "/public/", cookie: str = "") -> str:
    request = Request(f"http://{HOST}:{port}{path}", headers={"Cookie": cookie} if cookie else {})
    with urlopen(request, timeout=60) as answer:  # noqa: S310
        assert answer.status == 200
        return answer.read().decode()


def test_public_pages_come_from_the_replica_while_it_follows(tmp_path):
    with (
        server() as primary,
        site(tmp_path, primary.environment["DATABASE_URL"]) as made,
        standby(primary) as copy,
    ):
        made.extra |= {"DATABASE_REPLICA_URL": copy.url, "EVALSITE_REPLICA_PIN_SECONDS": "600"}
        made.serve()
        made.extra |= {"EVALSITE_REPLICA_PIN_SECONDS": "3"}
        made.serve()
        patient, strict = made.ports

        made.python("-c", PUBLISH, "示例区先公开局")
        copy.caught_up()
        assert "先公开局" in page(patient)

        # Held back by some seconds: who may read from it sees what it has; who sent a form sees all.
        copy.ask("SELECT pg_wal_replay_pause()")
        made.python("-c", PUBLISH, "示例区后公开局")
        assert "后公开局" not in page(patient)
        assert "后公开局" in page(patient, cookie="evalsite_wrote=1")
        # Too far behind for the other server, which therefore asks the primary, and says so once a process.
        time.sleep(5)
        assert "后公开局" in page(strict)
        assert "passed over, the primary answers: it is" in made.log()

        copy.ask("SELECT pg_wal_replay_resume()")
        copy.caught_up()
        assert "后公开局" in page(patient)

        # It dies: every page is answered, from the primary.
        copy.stop()
        assert all("后公开局" in page(patient) for _ in range(8))
        assert "passed over, the primary answers" in made.log()
        assert page(patient, "/login/")
