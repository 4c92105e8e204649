"""The deadline hour: gunicorn as the README starts it, people who save and review, faults in the middle, and the checker."""

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from scripts.with_postgres import free_port
from tests.soak.people import HOST, PATIENCE, Answer, Person, Reviewer, Saver

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 120
SETTLE = 8.0
"""Seconds after a fault in which an answer may still fail: what was under way, and the restart of a process."""
AFTERWARDS = 4.0
"""Seconds of work after the last fault has settled."""
KEY = "k" * 60


@dataclass(frozen=True)
class Fault:
    """Something that breaks after ``share`` of the time; ``act`` returns when it is whole again."""

    name: str
    share: float
    act: Callable[[Site], None]


@dataclass
class Site:
    """A database, its files, and the processes that serve it."""

    folder: Path
    database_url: str
    threads: int = 4
    ports: list[int] = field(default_factory=list)
    processes: list[subprocess.Popen] = field(default_factory=list)
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        return (
            kept
            | {
                "EVALSITE_ENV": "development",
                "DJANGO_SETTINGS_MODULE": "evalsite.settings",
                "DATABASE_URL": self.database_url,
                "SECRET_KEY": KEY,
                "EVALSITE_MEDIA_DIR": str(self.folder / "media"),
                "EVALSITE_EXPORT_DIR": str(self.folder / "bulk"),
            }
            | self.extra
        )

    def python(self, *arguments: str, given: str = "") -> str:
        """Run a Python command beside the site; its output."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def serve(self) -> subprocess.Popen:
        """One more gunicorn, with the flags of scripts/run.sh, on a port of its own."""
        port = free_port()
        self.ports.append(port)
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "evalsite.wsgi:application",
            "--bind",
            f"{HOST}:{port}",
        ]
        command += ["--workers", "2", "--worker-class", "gthread", "--threads", str(self.threads)]
        command += [
            "--timeout",
            "120",
            "--graceful-timeout",
            "5",
            "--log-level",
            "warning",
            "--no-control-socket",
        ]
        with (self.folder / "gunicorn.log").open("ab") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        self.processes.append(process)
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                with urlopen(f"http://{HOST}:{port}/health/live", timeout=30):
                    return process
            except (URLError, OSError):
                assert process.poll() is None, self.log()
                assert time.monotonic() < end, self.log()
                time.sleep(0.2)

    def log(self) -> str:
        return (self.folder / "gunicorn.log").read_text(errors="replace")[-4000:]

    def workers(self) -> list[int]:
        """Process ids of the newest gunicorn's workers."""
        pid = self.processes[-1].pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def kill_a_worker(self) -> None:
        """kill -9 of one app process; the other one goes on, the first is started anew."""
        victim = self.workers()[0]
        os.kill(victim, signal.SIGKILL)

    def stop(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def site(folder: Path, database_url: str, *, threads: int = 4, **extra: str) -> Iterator[Site]:
    """A migrated database, not yet served; everything started is ended."""
    made = Site(folder, database_url, threads, extra=extra)
    try:
        made.python("manage.py", "migrate", "-v0")
        yield made
    finally:
        made.stop()


@dataclass
class Measured:
    """What a run gave: every answer, the times at which something was broken, what the checker misses."""

    answers: list[Answer]
    gaps: list[tuple[float, float]]
    missing: list[str]
    faults: list[str]
    acknowledged: int
    approved: int

    @property
    def failed(self) -> list[Answer]:
        return [answer for answer in self.answers if not answer.good]

    @property
    def unexplained(self) -> list[Answer]:
        """Failures that no fault excuses."""
        return [
            answer
            for answer in self.failed
            if not any(answer.started <= end and answer.ended >= start for start, end in self.gaps)
        ]

    @property
    def bare(self) -> list[Answer]:
        """Answers that show people something else than a sentence."""
        return [
            answer
            for answer in self.failed
            if answer.status and ("Traceback" in answer.text or "系统" not in answer.text)
        ]

    def seconds(self, kind: str) -> list[float]:
        return [answer.seconds for answer in self.answers if answer.kind == kind and answer.good]

    def lines(self) -> list[str]:
        """A table for the results."""
        rows = ["| | answers | p50 ms | p95 ms | failed |", "| --- | ---: | ---: | ---: | ---: |"]
        for kind in dict.fromkeys(answer.kind for answer in self.answers):
            times = self.seconds(kind)
            failed = sum(answer.kind == kind for answer in self.failed)
            p50, p95 = percentile(times, 50), percentile(times, 95)
            rows.append(f"| {kind} | {len(times)} | {p50 * 1000:.0f} | {p95 * 1000:.0f} | {failed} |")
        return rows


def percentile(times: Sequence[float], share: int) -> float:
    if len(times) < 2:
        return next(iter(times), 0.0)
    return statistics.quantiles(times, n=100, method="inclusive")[share - 1]


def run(
    made: Site,
    *,
    savers: int,
    reviewers: int,
    submitted: int,
    seconds: float,
    pause: float,
    saves: int = 0,
    faults: Sequence[Fault] = (),
    servers: int = 1,
) -> Measured:
    """People at work for some seconds on a site that is filled and served here; faults at their moments; then the check.

    With ``saves`` everybody leaves after so many, and ``seconds`` is only the longest that is waited.
    """
    stated = json.loads(
        made.python("-m", "tests.soak.district", "make", str(savers), str(submitted), str(reviewers))
    )
    for _ in range(servers):
        made.serve()
    leave = threading.Event()
    people: list[Person] = [Saver(made.ports, item, pause, leave, saves) for item in stated["fillers"]]
    people += [Reviewer(made.ports, item, pause, leave) for item in stated["reviewers"]]
    gaps: list[tuple[float, float]] = []
    for person in people:
        person.start()
    for person in people:
        person.ready.wait(PATIENCE)
    started = time.monotonic()
    for fault in sorted(faults, key=lambda item: item.share):
        time.sleep(max(0.0, started + seconds * fault.share - time.monotonic()))
        begin = time.monotonic()
        fault.act(made)
        gaps.append((begin, time.monotonic() + SETTLE))
    # After the last fault there must be time to see that work goes on.
    end = max([started + seconds, *(after + AFTERWARDS for _, after in gaps)])
    while time.monotonic() < end and any(person.is_alive() for person in people):
        time.sleep(0.1)
    leave.set()
    for person in people:
        person.join(timeout=PATIENCE)
    saved = [person for person in people if isinstance(person, Saver)]
    approved = sorted({pk for person in people if isinstance(person, Reviewer) for pk in person.approved})
    told = {"savers": [person.told() for person in saved], "approved": approved}
    answers = [answer for person in people for answer in person.answers]
    return Measured(
        answers=answers,
        gaps=gaps,
        missing=json.loads(made.python("-m", "tests.soak.district", "check", given=json.dumps(told))),
        faults=[person.fault for person in people if person.fault or person.is_alive()],
        acknowledged=sum(answer.kind == "save" and answer.good for answer in answers),
        approved=len(approved),
    )
