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
REPORT = ROOT / "var" / "test" / "report.xml"  # of the pytest run just finished
PYTHON = sys.executable
LINT_IMPORTS = str(Path(sys.executable).parent / "lint-imports")


def pytest(which: str) -> list[str]:
    return [PYTHON, "-m", "pytest", "-n", "2", "-m", which, f"--junitxml={REPORT}"]


CHECKS: list[tuple[str, list[str]]] = [
    ("fonts of GB/T 9704", [PYTHON, "scripts/prepare_fonts.py"]),
    ("ruff check", [PYTHON, "-m", "ruff", "check", "."]),
    ("ruff format", [PYTHON, "-m", "ruff", "format", "--check", "."]),
    ("imports run downward", [LINT_IMPORTS]),
    ("no migration is missing", [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"]),
    ("tests on SQLite", pytest("not soak and not browser")),
    ("tests in the browser", pytest("browser and not soak")),
    (
        "database tests on PostgreSQL",
        [PYTHON, "scripts/with_postgres.py", "--", *pytest("database and not soak and not browser")],
    ),
]


def count_tests() -> tuple[int, int, int]:
    """Passed, failed and skipped tests of one pytest run; all zero when it wrote no report."""
    if not REPORT.is_file():
        return 0, 0, 0
    suites = list(ElementTree.parse(REPORT).getroot().iter("testsuite"))  # noqa: S314  (pytest wrote it)
    tests, failures, errors, skipped = (
        sum(int(suite.get(name, 0)) for suite in suites)
        for name in ("tests", "failures", "errors", "skipped")
    )
    failed = failures + errors
    return max(tests - failed - skipped, 0), failed, skipped


def main() -> int:
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    lines, passed, failed, skipped = [], 0, 0, 0
    for name, command in CHECKS:
        print(f"\n==> {name}", flush=True)
        REPORT.unlink(missing_ok=True)
        started = time.monotonic()
        try:
            succeeded = subprocess.run(command, cwd=ROOT, check=False).returncode == 0
        except KeyboardInterrupt:
            print("\nstopped", file=sys.stderr)
            return 130
        counts = count_tests()
        passed += counts[0]
        # A check that is no test, or a run that broke before it could count, is one failure of its own.
        failed += counts[1] if succeeded or counts[1] else 1
        skipped += counts[2]
        lines.append(f"{'ok    ' if succeeded else 'FAILED'} {time.monotonic() - started:6.1f} s  {name}")

    print("", *lines, f"{passed} passed, {failed} failed, {skipped} skipped", sep="\n", flush=True)
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
