"""deploy/systemd under a real systemd: started as process 1 of namespaces of its own, with PostgreSQL beside it.

The system's own processes, mounts and services are not touched: systemd sees a /run, a /srv and a control group of its own, and
loads nothing but the shipped units and empty targets. It needs root and a kernel that lets root make namespaces.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest

from scripts.with_postgres import HOST, free_port, server
from tests.soak.load import KEY, ROOT

SYSTEMD = Path("/lib/systemd/systemd")
UNITS = ROOT / "deploy/systemd"
GROUPS = (Path("/sys/fs/cgroup/unified"), Path("/sys/fs/cgroup"))
USER = "evalsite"
NUMBER = 64123
"""User and group number of ``evalsite`` inside the namespaces, if the machine has no such user."""
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
PYTHON = Path(f"/usr/bin/python{VERSION}")
"""The system's own: one in a home folder is out of the sight of a unit with ``ProtectHome``."""
TARGETS = ("sysinit", "basic", "shutdown", "multi-user", "timers", "network", "sockets", "paths", "umount")
NAMESPACES = (
    "--pid",
    "--fork",
    "--mount",
    "--mount-proc",
    "--uts",
    "--ipc",
    "--cgroup",
    "--propagation",
    "private",
)


def _groups() -> Path | None:
    return next((one for one in GROUPS if (one / "cgroup.procs").is_file()), None)


def _why_not() -> str:
    """Why systemd cannot run here; empty if it can."""
    if not SYSTEMD.exists() or not shutil.which("systemctl"):
        return "systemd is not installed (Debian: apt-get install systemd)"
    if not PYTHON.exists():
        return f"{PYTHON} is not installed, for which the packages of this environment were made"
    if os.geteuid() != 0:
        return "only root can start a systemd of its own"
    if _groups() is None or not os.access(_groups(), os.W_OK):
        return "there is no control group (cgroup2) that may be written to"
    tried = subprocess.run(["unshare", *NAMESPACES, "true"], capture_output=True, text=True, check=False)
    return f"the kernel refuses namespaces: {tried.stderr.strip()}" if tried.returncode else ""


WHY_NOT = _why_not()
pytestmark = [pytest.mark.soak, pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)]

START = """#!/bin/bash
# Process 1 of the new namespaces: what systemd shall see, then systemd.
set -e
# What is here lies in root's own temporary folder, which evalsite may not enter: it is moved to where a site has it.
exec 3<{folder}
mount -t tmpfs -o mode=755 tmpfs /srv
mkdir /srv/evalsite
for name in site media bulk backup; do mkdir /srv/evalsite/$name; mount --bind /proc/self/fd/3/$name /srv/evalsite/$name; done
mount --bind {packages} /srv/evalsite/site/.venv/lib/python{version}/site-packages
mount --bind /proc/self/fd/3/passwd /etc/passwd
mount --bind /proc/self/fd/3/group /etc/group
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/systemd /run/units
cp /proc/self/fd/3/units/* /run/units/
exec 3<&-
umount -R /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup
export container=other SYSTEMD_UNIT_PATH=/run/units PATH=/usr/sbin:/usr/bin:/sbin:/bin
exec {systemd} --system --unit=multi-user.target --log-target=console --show-status=no </dev/null
"""
ENQUEUE = """
from reports.notices import deliver
print(deliver.enqueue().id)
"""
OUTCOME = """
import sys
from django_tasks_db.models import DBTaskResult
print(DBTaskResult.objects.get(pk="{task}").status)
"""


@dataclass
class Machine:
    """The little system: systemd is ``pid`` outside and 1 inside."""

    pid: int
    ports: tuple[int, int]
    folder: Path

    def run(self, *command: str, check: bool = True, user: bool = False) -> str:
        """Run a command inside; its output."""
        inside = ["nsenter", "--target", str(self.pid), "--all"]
        if user:
            inside += ["setpriv", "--reuid", USER, "--regid", USER, "--clear-groups"]
            inside += ["env", "-i", "-C", "/srv/evalsite/site", "PATH=/usr/bin:/bin"]
        done = subprocess.run([*inside, *command], capture_output=True, text=True, check=False)
        assert done.returncode == 0 or not check, f"{command}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
        return done.stdout

    def manage(self, *arguments: str) -> str:
        """manage.py as an administrator would run it, in the site's folder as its user."""
        return self.run("/srv/evalsite/site/.venv/bin/python", "manage.py", *arguments, user=True)

    def shown(self, unit: str, name: str) -> str:
        return self.run("systemctl", "show", unit, "--property", name, "--value").strip()

    def main_process(self, unit: str) -> int:
        return int(self.shown(unit, "MainPID"))

    def web(self, number: int) -> str:
        return f"evalsite-web@{self.ports[number]}.service"

    def get(self, number: int, path: str) -> tuple[int, dict[str, Any]]:
        try:
            with urlopen(f"http://{HOST}:{self.ports[number]}{path}", timeout=20) as answer:
                return answer.status, json.load(answer)
        except HTTPError as error:
            return error.code, json.load(error)
        except (URLError, OSError):
            return 0, {}

    def why(self) -> str:
        return (self.folder / "systemd.log").read_text(errors="replace")[-4000:]


def wait_for(machine: Machine, what: Callable[[], bool], seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, machine.why()
        time.sleep(0.3)


def _site(folder: Path, database: str) -> None:
    """The program as it is installed in /srv/evalsite/site, with a virtual environment and an .env of its own."""
    made = folder / "site"
    ignored = shutil.ignore_patterns("var", ".git", ".venv", ".env", "__pycache__", ".*_cache", ".hypothesis")
    shutil.copytree(ROOT, made, ignore=ignored)
    home = made / ".venv"
    (home / "bin").mkdir(parents=True)
    (home / "lib" / f"python{VERSION}" / "site-packages").mkdir(parents=True)
    (home / "pyvenv.cfg").write_text(f"home = {PYTHON.parent}\nversion = {VERSION}\n")
    (home / "bin/python").symlink_to(PYTHON)
    (made / ".env").write_text(
        f"EVALSITE_ENV=production\nSECRET_KEY={KEY}\nDATABASE_URL={database}\nALLOWED_HOSTS=127.0.0.1\n"
        "EVALSITE_HTTPS=0\nEVALSITE_MEDIA_DIR=/srv/evalsite/media\nEVALSITE_EXPORT_DIR=/srv/evalsite/bulk\n"
    )
    shutil.chown(made / ".env", "root", NUMBER)
    (made / ".env").chmod(0o640)
    for name in ("media", "bulk", "backup"):
        (folder / name).mkdir(mode=0o700)
        os.chown(folder / name, NUMBER, NUMBER)


def _units(folder: Path, ports: tuple[int, int]) -> None:
    """The shipped files as they are (only /backup lies elsewhere), and empty targets in the place of a whole system."""
    made = folder / "units"
    made.mkdir()
    for file in UNITS.iterdir():
        text = file.read_text(encoding="utf-8")
        (made / file.name).write_text(text.replace("/backup", "/srv/evalsite/backup"))
    wanted = [f"evalsite-web@{port}.service" for port in ports] + ["evalsite-worker.service"]
    wanted += [file.name for file in UNITS.glob("*.timer")]
    for name in TARGETS:
        wants = f"Wants={' '.join(wanted)}\n" if name == "multi-user" else ""
        (made / f"{name}.target").write_text(f"[Unit]\nDescription={name}\nDefaultDependencies=no\n{wants}")


@pytest.fixture(scope="module")
def machine(tmp_path_factory) -> Iterator[Machine]:
    folder = tmp_path_factory.mktemp("machine")
    groups = _groups() / f"evalsite-test-{os.getpid()}"
    with server() as database:
        _site(folder, database.environment["DATABASE_URL"])
        ports = (free_port(), free_port())
        _units(folder, ports)
        for name, line in (
            ("passwd", f"{USER}:x:{NUMBER}:{NUMBER}::/srv/evalsite:/usr/sbin/nologin\n"),
            ("group", f"{USER}:x:{NUMBER}:\n"),
        ):
            (folder / name).write_text(Path("/etc", name).read_text() + line)
        start = folder / "start"
        start.write_text(
            START.format(
                folder=folder,
                packages=sysconfig.get_paths()["purelib"],
                version=VERSION,
                systemd=SYSTEMD,
            )
        )
        start.chmod(0o755)
        groups.mkdir()
        process = None
        try:
            with (folder / "systemd.log").open("wb") as log:
                process = subprocess.Popen(
                    [
                        "/bin/sh",
                        "-c",
                        f"echo $$ >{groups}/cgroup.procs; exec unshare {' '.join(NAMESPACES)} {start}",
                    ],
                    stdout=log,
                    stderr=log,
                )
            yield _started(process, ports, folder)
        finally:
            if process:
                _end(process)
            for made in sorted(groups.rglob("*"), reverse=True):
                if made.is_dir():
                    made.rmdir()
            groups.rmdir()


def _started(process: subprocess.Popen, ports: tuple[int, int], folder: Path) -> Machine:
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    machine = Machine(0, ports, folder)
    wait_for(machine, lambda: process.poll() is None and children.read_text().strip() != "")
    machine.pid = int(children.read_text().split()[0])
    wait_for(machine, lambda: Path(f"/proc/{machine.pid}/comm").read_text().strip() == "systemd")
    wait_for(machine, lambda: machine.run("systemctl", "is-system-running", check=False) != "")
    machine.manage("migrate", "-v0")
    return machine


def _end(process: subprocess.Popen) -> None:
    """With process 1 of the namespaces everything in them ends, and their mounts go."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    for child in children:
        os.kill(int(child), signal.SIGKILL)
    process.wait(timeout=30)


def test_the_units_are_written_without_a_mistake(machine):
    names = [f"/run/units/{file.name}" for file in UNITS.iterdir()]
    done = machine.run(
        "sh", "-c", f"systemd-analyze verify --man=no --recursive-errors=yes {' '.join(names)} 2>&1"
    )
    assert done == ""


def test_both_web_servers_and_the_worker_are_ready(machine):
    for number in (0, 1):
        wait_for(machine, lambda number=number: machine.get(number, "/health/ready")[1].get("status") == "ok")
        assert machine.shown(machine.web(number), "StatusText") != "", "gunicorn told that it is ready"
    assert machine.shown("evalsite-worker", "ActiveState") == "active"


@pytest.mark.parametrize("unit", ["web", "worker"])
def test_a_process_can_do_no_more_than_it_has_to(machine, unit):
    pid = machine.main_process(machine.web(0) if unit == "web" else "evalsite-worker")
    status = dict(
        line.split(":\t", 1)
        for line in machine.run("cat", f"/proc/{pid}/status").splitlines()
        if ":\t" in line
    )
    assert status["Uid"].split() == [str(NUMBER)] * 4
    assert int(status["CapEff"], 16) == int(status["CapBnd"], 16) == 0
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")
    root = f"/proc/{pid}/root"
    for place, writable in (
        ("/srv/evalsite/site", False),
        ("/etc", False),
        ("/srv/evalsite/backup", False),
        ("/srv/evalsite/media", True),
        ("/srv/evalsite/bulk", True),
    ):
        mount = machine.run("findmnt", "--task", str(pid), "--target", place, "-n", "-o", "VFS-OPTIONS")
        assert ("rw" in mount.split()[0].split(",")) is writable, place
    assert machine.run("ls", f"{root}/root", check=False) == "", "other people's files are out of sight"
    score = machine.run(
        "systemd-analyze",
        "security",
        "--no-pager",
        machine.web(0) if unit == "web" else "evalsite-worker.service",
    )
    assert "OK" in score.splitlines()[-1], score


def test_the_worker_takes_a_job(machine):
    task = machine.manage("shell", "-v0", "-c", ENQUEUE).split()[-1]
    wait_for(machine, lambda: "SUCCESSFUL" in machine.manage("shell", "-v0", "-c", OUTCOME.format(task=task)))


@pytest.mark.parametrize("unit", ["web", "worker"])
def test_a_killed_process_is_started_again(machine, unit):
    name = machine.web(0) if unit == "web" else "evalsite-worker"
    before = machine.main_process(name)
    machine.run("kill", "-9", str(before))
    wait_for(machine, lambda: machine.main_process(name) not in (0, before))
    wait_for(machine, lambda: machine.get(0, "/health/ready")[1].get("status") == "ok")
    assert machine.get(1, "/health/live")[0] == 200, "the other one was there all the time"
    assert int(machine.shown(name, "NRestarts")) >= 1


def test_every_timer_waits_for_its_time_and_its_command_succeeds(machine):
    timers = sorted(file.name for file in UNITS.glob("*.timer"))
    for timer in timers:
        assert machine.shown(timer, "ActiveState") == "active", timer
        assert machine.shown(timer, "NextElapseUSecRealtime"), timer
        service = machine.shown(timer, "Triggers")
        machine.run("systemctl", "start", service)
        assert machine.shown(service, "Result") == "success", machine.why()
    assert len(timers) == 6
    made = list((machine.folder / "backup").iterdir())
    assert [one.name.startswith("evalsite-20") for one in made] == [True]
    assert {one.stat().st_uid for one in made} == {NUMBER}
    machine.manage("verify_audit")


def test_one_web_server_is_stopped_and_started_while_the_other_answers(machine):
    started = time.monotonic()
    machine.run("systemctl", "stop", machine.web(0))
    assert time.monotonic() - started < 40
    assert machine.get(0, "/health/live")[0] == 0
    assert machine.get(1, "/health/live")[0] == 200
    machine.run("systemctl", "start", machine.web(0))
    assert machine.get(0, "/health/live")[0] == 200, "start waits until it answers (Type=notify)"
