"""``python -m bench.scoring``: scorecards a second on one core, by number of indicators, with targets read before.

The aim is 2,000 dossiers a second with 20 indicators each; a miss is reported, never bought with correctness.
"""

from __future__ import annotations

import statistics
import time

from indicators.dossier import Indicator, Indicators
from indicators.policy import load_policy
from indicators.scoring import score
from tests.factories import make_dossier

SIZES = (10, 20, 100, 1000)
AIM_SIZE, AIM = 20, 2000
ROUNDS = 5
SECONDS = 0.5


def sheet(size: int) -> Indicators:
    """The factory's indicators repeated up to a number of rows, every row with figures of its own."""
    rows = make_dossier().indicators.indicators
    made: list[Indicator] = []
    while len(made) < size:
        row, number = rows[len(made) % len(rows)], len(made)
        made.append(row.model_copy(update={"key": f"{row.key}-{number}", "name": f"{row.name}{number}"}))
    return Indicators(indicators=tuple(made))


def a_second(size: int) -> float:
    """Scorecards a second, median of the rounds, CPU time of one core."""
    dossier, policy, indicators = make_dossier(), load_policy(), sheet(size)
    score(dossier.profile, dossier.money, indicators, policy)
    found = []
    for _ in range(ROUNDS):
        count, start = 0, time.process_time()
        while time.process_time() - start < SECONDS:
            score(dossier.profile, dossier.money, indicators, policy)
            count += 1
        found.append(count / (time.process_time() - start))
    return statistics.median(found)


def lines() -> list[str]:
    """The table for RESULTS.md."""
    rates = {size: a_second(size) for size in SIZES}
    per_line = {size: 1e6 / rate / size for size, rate in rates.items()}
    verdict = "reached" if rates[AIM_SIZE] >= AIM else "missed"
    return [
        "Scorecards by number of indicators, one core, targets parsed once:",
        "",
        "| indicators | scorecards a second | µs an indicator | 100 indicators = 1.0 |",
        "| ---: | ---: | ---: | ---: |",
        *(
            f"| {size} | {rates[size]:.0f} | {per_line[size]:.1f} | {per_line[size] / per_line[100]:.2f} |"
            for size in SIZES
        ),
        "",
        f"The aim of {AIM} a second with {AIM_SIZE} indicators is {verdict} ({rates[AIM_SIZE]:.0f}).",
        "",
    ]


if __name__ == "__main__":
    print("\n".join(lines()))
