"""Many people at once, and faults in the middle: what was acknowledged is in the database, and nobody sees a stack trace."""

from __future__ import annotations

import pytest

from scripts.with_postgres import DURABLE, Server, server
from tests.soak.load import Fault, Measured, Site, run, site
from tests.soak.pooler import pooled


def require_nothing_lost(measured: Measured) -> None:
    print("\n".join(measured.lines()))
    assert not measured.faults
    assert not measured.missing
    assert not measured.bare
    assert not measured.unexplained, [
        (item.kind, item.status, item.text[:200]) for item in measured.unexplained
    ]


def crash_and_start(postgres: Server) -> None:
    """The database is cut off without writing anything any more, and recovers from its log."""
    postgres.crash()
    postgres.start()


def test_thirty_savers_on_sqlite_never_see_a_locked_database(tmp_path):
    """Two processes of 16 threads, so that all thirty write at the same moment."""
    with site(tmp_path, f"sqlite:///{tmp_path / 'db.sqlite3'}", threads=16) as made:
        measured = run(made, savers=30, reviewers=2, submitted=2, seconds=180, pause=0.1, saves=2)
        assert "locked" not in made.log()
    require_nothing_lost(measured)
    assert not measured.failed
    assert measured.acknowledged == 30 * 2
    assert measured.approved == 2


def test_nothing_acknowledged_is_lost_when_a_process_and_the_database_die(tmp_path):
    with server(DURABLE) as postgres, site(tmp_path, postgres.environment["DATABASE_URL"]) as made:
        faults = [
            Fault("kill -9 of an app process", 0.25, Site.kill_a_worker),
            Fault("PostgreSQL crashes", 0.5, lambda _: crash_and_start(postgres)),
        ]
        measured = run(made, savers=10, reviewers=2, submitted=6, seconds=7, pause=0.5, faults=faults)
    require_nothing_lost(measured)
    last = measured.gaps[-1][1]
    assert any(answer.good and answer.kind == "save" and answer.started > last for answer in measured.answers)
    assert measured.approved


@pytest.mark.soak
@pytest.mark.parametrize("broken", [False, True], ids=["whole", "with faults"])
def test_the_deadline_hour_of_300_departments(tmp_path, broken):
    """100 people who save every 5 s and 10 reviewers, for two minutes."""
    with server(DURABLE) as postgres, site(tmp_path, postgres.environment["DATABASE_URL"]) as made:
        faults = [
            Fault("kill -9 of an app process", 0.3, Site.kill_a_worker),
            Fault("PostgreSQL crashes", 0.6, lambda _: crash_and_start(postgres)),
        ]
        measured = run(
            made,
            savers=100,
            reviewers=10,
            submitted=200,
            seconds=120,
            pause=5,
            faults=faults if broken else (),
        )
    require_nothing_lost(measured)
    assert broken or not measured.failed


@pytest.mark.soak
def test_two_web_servers_share_one_database_through_a_pooler(tmp_path):
    """Every request goes to the other server; connections are lent for one transaction; long readings work as well."""
    with (
        server(DURABLE) as postgres,
        pooled(postgres) as address,
        site(tmp_path, address, EVALSITE_DATABASE_POOLED="1") as made,
    ):
        measured = run(made, savers=20, reviewers=4, submitted=8, seconds=240, pause=0.5, saves=5, servers=2)
        made.python("manage.py", "seal_audit")
        made.python("manage.py", "verify_audit")
    require_nothing_lost(measured)
    assert not measured.failed
    assert measured.acknowledged == 20 * 5
    assert measured.approved == 8
