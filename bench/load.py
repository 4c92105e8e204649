"""``python -m bench.load``: the deadline hour on PostgreSQL, whole and with faults, as `make soak` has it, for a minute each."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from scripts.with_postgres import DURABLE, server
from tests.soak.load import Fault, Measured, Site, run, site

SAVERS, REVIEWERS, SUBMITTED = 100, 10, 200
SECONDS, PAUSE = 60, 5


def measured(broken: bool, seconds: int) -> Measured:
    """One run on a database of its own."""
    with (
        tempfile.TemporaryDirectory() as folder,
        server(DURABLE) as postgres,
        site(Path(folder), postgres.environment["DATABASE_URL"]) as made,
    ):

        def crash(_: Site) -> None:
            postgres.crash()
            postgres.start()

        faults = (Fault("app process", 0.3, Site.kill_a_worker), Fault("PostgreSQL", 0.6, crash))
        return run(
            made,
            savers=SAVERS,
            reviewers=REVIEWERS,
            submitted=SUBMITTED,
            seconds=seconds,
            pause=PAUSE,
            faults=faults if broken else (),
        )


def main(seconds: int = SECONDS) -> list[str]:
    """Both tables, each with what the checker found and how busy the machine was."""
    lines = []
    for title, broken in (("Whole", False), ("kill -9 of an app process, then a crash of PostgreSQL", True)):
        before = os.getloadavg()[0]
        found = measured(broken, seconds)
        lines += [
            f"{title}: {found.acknowledged} saves acknowledged, {len(found.missing)} missing in the database, "
            f"{len(found.unexplained)} failures outside the gaps. Load of the machine before: {before:.1f}.",
            "",
            *found.lines(),
            "",
        ]
    return lines


if __name__ == "__main__":
    print("\n".join(main()))
