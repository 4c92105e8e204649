#!/usr/bin/env python3
"""Runs a command beside a PostgreSQL server of its own: with_postgres.py -- pytest -m database

Why: the rules that depend on the database (triggers, row locks, constraints) must hold on the engine
that production uses, and a test must neither need nor touch a server that somebody else runs. The
server lives in a temporary folder on a free port of 127.0.0.1, and is stopped and removed at the end,
also after a failure, Ctrl-C or a kill. The command finds it through DATABASE_URL and the usual PG* names.

Speed matters here and durability does not (fsync is off): never use this for data that should last. Tests that
crash the server ask for ``server(DURABLE)``.
"""

import glob
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

DATABASE = "evalsite"
SUPERUSER = "postgres"
SYSTEM_USER = "postgres"  # PostgreSQL refuses to run as root
HOST = "127.0.0.1"
START_SECONDS = 30
SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",  # a temporary path may be too long for a socket
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "log_min_messages": "fatal",
}
DURABLE = SETTINGS | {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
"""For tests that ask what outlives a crash."""


class CannotStart(Exception):
    """PostgreSQL is missing or did not come up; the message says which."""


def find_binaries() -> Path:
    """The newest installed server; Debian keeps its programs outside PATH."""
    folders = sorted(
        (Path(path).parent for path in glob.glob("/usr/lib/postgresql/*/bin/initdb")),
        key=lambda folder: float(folder.parent.name),
    )
    if folders:
        return folders[-1]
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    raise CannotStart("PostgreSQL is not installed (Debian: apt-get install postgresql)")


def as_database_user() -> list[str]:
    """Words before a server command: not as root, and never outliving this script, even if it is killed."""
    prefix = ["setpriv", "--pdeathsig", "INT"]
    if os.geteuid() == 0:
        prefix += ["--reuid", SYSTEM_USER, "--regid", SYSTEM_USER, "--clear-groups"]
    return prefix


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def clean_environment() -> dict[str, str]:
    """The caller's PG* variables must not lead anybody to another server."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def start(binaries: Path, data: Path, port: int, log: Path, settings: dict[str, str]) -> subprocess.Popen:
    command = [*as_database_user(), str(binaries / "postgres"), "-D", str(data), "-p", str(port)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    with log.open("ab") as output:
        # A session of its own: Ctrl-C must reach the tests first, and the server only when they are done.
        server = subprocess.Popen(
            command, cwd=data, env=clean_environment(), stdout=output, stderr=output, start_new_session=True
        )
    ready = [str(binaries / "pg_isready"), "-q", "-h", HOST, "-p", str(port), "-U", SUPERUSER]
    deadline = time.monotonic() + START_SECONDS
    try:
        while server.poll() is None and time.monotonic() < deadline:
            if subprocess.run(ready, cwd=data, env=clean_environment(), check=False).returncode == 0:
                return server
            time.sleep(0.1)
    except BaseException:
        stop(server)
        raise
    stop(server)
    raise CannotStart(f"PostgreSQL did not start:\n{log.read_text(errors='replace')[-2000:]}")


def stop(server: subprocess.Popen) -> None:
    for number, seconds in ((signal.SIGINT, 20), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
        if server.poll() is not None:
            return
        server.send_signal(number)
        try:
            server.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            continue


class Server:
    """A server of our own in ``folder``; it may be stopped and started again on the same port."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        self.binaries, self.folder, self.settings = find_binaries(), folder, settings
        self.data, self.log = folder / "data", folder / "log"
        self.process: subprocess.Popen | None = None
        self.port = 0
        initdb = [*as_database_user(), str(self.binaries / "initdb"), "-D", str(self.data), "-U", SUPERUSER]
        initdb += ["-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        made = subprocess.run(
            initdb, cwd=folder, env=clean_environment(), capture_output=True, text=True, check=False
        )
        if made.returncode:
            raise CannotStart(f"initdb failed:\n{made.stderr}")

    @property
    def environment(self) -> dict[str, str]:
        """What a program needs to find the server."""
        return clean_environment() | {
            "PGHOST": HOST,
            "PGPORT": str(self.port),
            "PGUSER": SUPERUSER,
            "PGDATABASE": DATABASE,
            "DATABASE_URL": f"postgres://{SUPERUSER}@{HOST}:{self.port}/{DATABASE}",
        }

    def start(self) -> None:
        """Start on the port of before, the first time on a free one."""
        for attempt in (1, 2, 3):
            port = self.port or free_port()
            try:
                self.process = start(self.binaries, self.data, port, self.log, self.settings)
                break
            except CannotStart:
                if attempt == 3:  # somebody took the port between our look and the start, three times?
                    raise
        self.port = port

    def stop(self) -> None:
        if self.process:
            stop(self.process)

    def crash(self) -> None:
        """End it as a power cut would: nothing is written any more, the next start recovers from the log."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(timeout=20)


@contextmanager
def server(settings: dict[str, str] = SETTINGS):
    """A running server with an empty database; gone at the end."""
    # As root the folder belongs to another user, who may not enter root's own TMPDIR.
    folder = Path(tempfile.mkdtemp(prefix="evalsite-postgres-", dir="/tmp" if os.geteuid() == 0 else None))  # noqa: S108
    made = None
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, SYSTEM_USER, SYSTEM_USER)
        made = Server(folder, settings)
        made.start()
        subprocess.run(
            [str(made.binaries / "createdb"), DATABASE],
            cwd=folder,
            env=made.environment,
            check=True,
            timeout=60,
        )
        yield made
    finally:
        if made:
            made.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postgres():
    """Gives the environment in which a command finds the server."""
    with server() as made:
        try:
            yield made.environment
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(
                    number, signal.SIG_IGN
                )  # an impatient second Ctrl-C must not leave a server behind


def run(command: list[str], environment: dict[str, str]) -> int:
    """The command's exit code, as a shell would give it."""
    child = subprocess.Popen(command, env=environment)
    try:
        code = child.wait()
    except KeyboardInterrupt:
        finish(child, after=15)  # Ctrl-C has reached the child as well, and it is tidying up
        raise
    except SystemExit:
        finish(child, after=0)
        raise
    return code if code >= 0 else 128 - code


def finish(child: subprocess.Popen, after: float) -> None:
    """Waits `after` seconds for the child to end by itself, then asks it, then ends it."""
    for wait, end in ((after, child.terminate), (15, child.kill), (5, child.kill)):
        try:
            child.wait(timeout=wait)
            return
        except subprocess.TimeoutExpired:
            end()


def raise_exit(number: int, _frame) -> None:
    """Turns a signal into an exception, so that the server is stopped on the way out."""
    sys.exit(128 + number)


def main(arguments: list[str]) -> int:
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        print("usage: with_postgres.py -- COMMAND [ARGUMENT...]", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, raise_exit)
    signal.signal(signal.SIGHUP, raise_exit)
    try:
        with postgres() as environment:
            return run(command, environment)
    except CannotStart as problem:
        print(f"with_postgres: {problem}", file=sys.stderr)
        return 3
    except FileNotFoundError as problem:
        print(f"with_postgres: {problem}", file=sys.stderr)
        return 127
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
