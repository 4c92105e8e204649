"""A streaming replica of a server of :mod:`scripts.with_postgres`, on the loopback address."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from scripts.with_postgres import (
    DATABASE,
    HOST,
    SUPERUSER,
    Server,
    as_database_user,
    clean_environment,
    free_port,
    start,
    stop,
)


class Standby:
    """A copy made by ``pg_basebackup`` that follows its primary (``standby.signal``)."""

    def __init__(self, primary: Server) -> None:
        self.primary, self.port = primary, free_port()
        self.data = primary.folder / "standby"
        command = [
            *as_database_user(),
            str(primary.binaries / "pg_basebackup"),
            "-D",
            str(self.data),
            "-R",
            "-X",
            "stream",
        ]
        command += ["-c", "fast", "-h", HOST, "-p", str(primary.port), "-U", SUPERUSER]
        subprocess.run(command, cwd=primary.folder, env=clean_environment(), check=True, capture_output=True)
        self.process = start(
            primary.binaries, self.data, self.port, primary.folder / "standby.log", primary.settings
        )

    @property
    def url(self) -> str:
        return f"postgres://{SUPERUSER}@{HOST}:{self.port}/{DATABASE}"

    def ask(self, query: str) -> str:
        return _ask(self.primary, self.port, query)

    def caught_up(self) -> None:
        """Wait until it has everything that the primary has written."""
        at = _ask(self.primary, self.primary.port, "SELECT pg_current_wal_lsn()")
        end = time.monotonic() + 30
        while self.ask(f"SELECT pg_last_wal_replay_lsn() >= '{at}'") != "t":
            assert time.monotonic() < end
            time.sleep(0.1)

    def stop(self) -> None:
        stop(self.process)


def _ask(server: Server, port: int, query: str) -> str:
    command = [
        str(server.binaries / "psql"),
        "-h",
        HOST,
        "-p",
        str(port),
        "-U",
        SUPERUSER,
        "-d",
        DATABASE,
        "-Atqc",
        query,
    ]
    done = subprocess.run(command, env=clean_environment(), capture_output=True, text=True, check=True)
    return done.stdout.strip()


@contextmanager
def standby(primary: Server) -> Iterator[Standby]:
    made = Standby(primary)
    try:
        yield made
    finally:
        made.stop()
