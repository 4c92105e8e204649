"""From the first release's database to today's: nothing that was filled in is lost or changed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.with_postgres import server

ROOT = Path(__file__).resolve().parents[2]


def upgraded(database_url: str) -> dict:
    done = subprocess.run(
        [sys.executable, "-m", "tests.evalsite.first_release"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": database_url, "EVALSITE_ENV": "development"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def require_all_kept(found: dict) -> None:
    assert found["changed"] == {}
    assert found["tables"] >= 25
    assert found["compared"] > 400


def test_every_value_of_the_first_release_is_there_after_all_migrations(tmp_path):
    require_all_kept(upgraded(f"sqlite:///{tmp_path / 'first.sqlite3'}"))


@pytest.mark.soak
def test_the_same_on_postgresql():
    with server() as postgres:
        require_all_kept(upgraded(postgres.environment["DATABASE_URL"]))
