"""pgbouncer in transaction pooling in front of a server of :mod:`scripts.with_postgres`."""

from __future__ import annotations

import shutil
import socket
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
)

POOL = 6
"""Connections to the database; fewer than the threads of two web servers."""


@contextmanager
def pooled(server: Server) -> Iterator[str]:
    """The address of the database through the pooler."""
    program = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
    port = free_port()
    configuration = server.folder / "pgbouncer.ini"
    configuration.write_text(
        f"""[databases]
{DATABASE} = host={HOST} port={server.port} dbname={DATABASE} user={SUPERUSER}
[pgbouncer]
listen_addr = {HOST}
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {POOL}
max_client_conn = 200
ignore_startup_parameters = extra_float_digits
"""
    )
    with (server.folder / "pgbouncer.log").open("ab") as log:
        process = subprocess.Popen(
            [*as_database_user(), program, str(configuration)],
            cwd=server.folder,
            env=clean_environment(),
            stdout=log,
            stderr=log,
        )
    try:
        end = time.monotonic() + 30
        while True:
            try:
                socket.create_connection((HOST, port), timeout=1).close()
                break
            except OSError:
                assert process.poll() is None, (server.folder / "pgbouncer.log").read_text()
                assert time.monotonic() < end
                time.sleep(0.1)
        yield f"postgres://{SUPERUSER}@{HOST}:{port}/{DATABASE}"
    finally:
        process.terminate()
        process.wait(timeout=20)
