"""``make bench``: all benchmarks in one run, written to bench/RESULTS.md.

``python -m bench --long`` measures the pages at 300,000 reports too and the deadline hour for longer (an hour in all).
Figures are the median of several runs on one core. Absolute times belong to the machine; the ratios are what to compare.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evalsite.settings")
django.setup()

from bench import checks as rules  # noqa: E402
from bench import copies, load, overview, public, queue, scale, scoring  # noqa: E402
from bench.documents import measure  # noqa: E402
from indicators.policy import load_policy  # noqa: E402
from indicators.scoring import score  # noqa: E402
from reports import checks  # noqa: E402
from reports.documents import compose, to_docx, to_html, to_pdf, to_xlsx  # noqa: E402
from reports.outline import load_outline  # noqa: E402
from tests.factories import make_dossier  # noqa: E402

RESULTS = Path(__file__).parent / "RESULTS.md"
ROUNDS = 5
SECONDS = 1.0
SHORT_LOAD = 20
"""Seconds of the deadline hour that `make bench` has time for."""


@dataclass(frozen=True)
class Timing:
    name: str
    milliseconds: float


def timed(name: str, call: Callable[[], object]) -> Timing:
    """Median milliseconds of one call; each round repeats it for about a second."""
    call()
    medians = []
    for _ in range(ROUNDS):
        times = []
        until = time.perf_counter() + SECONDS
        while time.perf_counter() < until:
            start = time.perf_counter()
            call()
            times.append(time.perf_counter() - start)
        medians.append(statistics.median(times))
    return Timing(name, statistics.median(medians) * 1000)


def main(long: bool = False) -> None:
    """Measure and write the tables."""
    dossier, policy, outline = make_dossier(), load_policy(), load_outline()
    card = score(dossier.profile, dossier.money, dossier.indicators, policy)
    findings = tuple(checks.run(dossier, policy=policy, scorecard=card))
    document = compose(dossier, card, findings, outline)
    core = [
        timed("score one dossier", lambda: score(dossier.profile, dossier.money, dossier.indicators, policy)),
        timed("run every check", lambda: checks.run(dossier, policy=policy, scorecard=card)),
        timed("compose the document", lambda: compose(dossier, card, findings, outline)),
        timed("dossier to JSON and SHA-256", dossier.sha256),
    ]
    printers = [
        timed("PDF", lambda: to_pdf(document)),
        timed("Word", lambda: to_docx(document)),
        timed("Excel", lambda: to_xlsx(document)),
        timed("HTML", lambda: to_html(document)),
    ]
    count = len(dossier.indicators.indicators)
    head = [
        "# Results of the last `make bench`",
        "",
        f"One core, Python {platform.python_version()}, a dossier of {count} indicators, median of {ROUNDS} rounds.",
        "",
        *_table(core, core[0], "scoring = 1.0"),
        "",
        *scoring.lines(),
        "Printers, warm in one process:",
        "",
        *_table(printers, printers[0], "PDF = 1.0"),
        "",
    ]
    sizes, seconds = (scale.SIZES, load.SECONDS) if long else (scale.USUAL, SHORT_LOAD)
    parts: list[tuple[str, str, Callable[[], list[str]]]] = [
        (
            "Rules",
            "All together and each alone (targets: 500 a second on figures, 30 on text; CPU seconds of one core):",
            rules.main,
        ),
        (
            "Search for copied passages",
            "Reports of six pages (target: 1,000 in under 30 s, less than quadratic):",
            copies.main,
        ),
        (
            "The review queue",
            "300 and 30,000 reports, CPU time, beside a page without data and paging by OFFSET:",
            queue.main,
        ),
        (
            "The overview",
            "300 and 30,000 reports (CPU time of one request, SQLite), beside a trivial page:",
            overview.main,
        ),
        ("Public pages", "CPU time of one request, beside the least that Django can answer:", public.main),
        (
            "Pages beside a trivial page of this site",
            "The trivial page reads the session and the person and renders the frame with that person's menu, and nothing in it:",
            lambda: scale.main(sizes),
        ),
        (
            "The deadline hour",
            f"{load.SAVERS} people who save every {load.PAUSE} s, {load.REVIEWERS} reviewers, PostgreSQL, all on this machine:",
            lambda: load.main(seconds),
        ),
        ("Printing beside other tools", "Processor time, and a whole round:", measure),
    ]
    _write(head)
    for title, words, part in parts:
        started = time.monotonic()
        head += [f"## {title}", "", words, "", *part(), ""]
        # Written as it grows: a run that was stopped leaves what it measured, and says that it was stopped.
        _write([*head, "The run was stopped here."] if part is not measure else head)
        print(f"{title}: {time.monotonic() - started:.0f} s", flush=True)
    print("\n".join(head))


def _write(lines: list[str]) -> None:
    RESULTS.write_text("\n".join(lines), encoding="utf-8")


def _table(timings: list[Timing], base: Timing, label: str) -> list[str]:
    return [
        f"| | ms | a second | {label} |",
        "| --- | ---: | ---: | ---: |",
        *(
            f"| {item.name} | {item.milliseconds:.2f} | {1000 / item.milliseconds:.0f} "
            f"| {item.milliseconds / base.milliseconds:.2f} |"
            for item in timings
        ),
    ]


if __name__ == "__main__":
    main(long="--long" in sys.argv[1:])
