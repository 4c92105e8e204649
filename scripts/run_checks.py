#!/usr/bin/env python3
"""Runs every check of `make test` and ends with one line that says how many tests passed.

Why not a list of commands in the Makefile: all checks run even when an early one fails (one run shows
everything that is wrong), the exit code still says so, and because pytest runs more than once the
counts have to be added up for a reader who looks at the last line only.
"""

import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "var" / "test"
PYTHON = sys.executable
LINT_IMPORTS = str(Path(sys.executable).parent / "lint-imports")


def pytest(name: str, *arguments: str) -> list[str]:
    return [PYTHON, "-m", "pytest", f"--junitxml={REPORTS / name}.xml", *arguments]


CHECKS: list[tuple[str, list[str]]] = [
    ("ruff check", [PYTHON, "-m", "ruff", "check", "."]),
    ("ruff format", [PYTHON, "-m", "ruff", "format", "--check", "."]),
    ("imports run downward", [LINT_IMPORTS]),
    ("no migration is missing", [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"]),
    ("tests on SQLite", pytest("sqlite", "-n", "2", "-m", "not soak and not browser")),
    ("tests in the browser", pytest("browser", "-n", "2", "-m", "browser and not soak")),
    (
        "database tests on PostgreSQL",
        [
            PYTHON,
            "scripts/with_postgres.py",
            "--",
            *pytest("postgresql", "-n", "2", "-m", "database and not soak and not browser"),
        ],
    ),
]


def count_tests() -> dict[str, int]:
    """Adds up the reports of all pytest runs."""
    total = {"passed": 0, "failed": 0, "skipped": 0}
    for report in REPORTS.glob("*.xml"):
        for suite in ElementTree.parse(report).getroot().iter("testsuite"):  # noqa: S314  (our own pytest wrote it)
            tests = int(suite.get("tests", 0))
            failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            skipped = int(suite.get("skipped", 0))
            total["failed"] += failed
            total["skipped"] += skipped
            total["passed"] += max(tests - failed - skipped, 0)
    return total


def main() -> int:
    REPORTS.mkdir(parents=True, exist_ok=True)
    for old_report in REPORTS.glob("*.xml"):
        old_report.unlink()

    results = []
    for name, command in CHECKS:
        print(f"\n==> {name}", flush=True)
        started = time.monotonic()
        try:
            succeeded = subprocess.run(command, cwd=ROOT, check=False).returncode == 0
        except KeyboardInterrupt:
            print("\nstopped", file=sys.stderr)
            return 130
        results.append((name, succeeded, time.monotonic() - started))

    print()
    for name, succeeded, seconds in results:
        print(f"{'ok    ' if succeeded else 'FAILED'} {seconds:6.1f} s  {name}")
    counts = count_tests()
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped", flush=True)
    return 0 if counts["passed"] and all(succeeded for _, succeeded, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main())
