"""``python -m bench.checks``: dossiers a second, all rules and each rule, on figures alone and on a text of six pages.

Times are CPU seconds of one core. Rules that look at words only are timed on the text; the scorecard is given.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from indicators.policy import load_policy
from indicators.scoring import score
from reports.checks import all_checks, run
from reports.checks.registry import Context, run_checks
from reports.dossier import Dossier, Section
from tests.factories import make_dossier

SECONDS = 0.3
PAGE = 560
"""Characters of a page: 22 lines of 28 characters, less what paragraphs leave empty."""
PAGES = 6


def figures() -> Dossier:
    """The default dossier without its text."""
    return make_dossier(narrative=())


def six_pages() -> Dossier:
    """The default dossier with its text filled up to six pages of sentences that differ."""
    dossier = make_dossier()
    long = []
    missing = PAGE * PAGES - sum(len(section.text) for section in dossier.narrative)
    share = max(0, missing // len(dossier.narrative))
    for number, section in enumerate(dossier.narrative):
        added, line = "", 0
        while len(added) < share:
            line += 1
            added += (
                f"第{number + 1}部分第{line}项工作由办公室按月检查，全年接待查档群众{line * 37 + number}人次，"
                f"整理民国档案{line * 11 + number}卷，均按计划完成并登记在册。"
            )
        long.append(Section(key=section.key, title=section.title, text=f"{section.text}{added}"))
    return dossier.model_copy(update={"narrative": tuple(long)})


def a_second(call: Callable[[], object]) -> float:
    """Calls a CPU second."""
    call()
    times, start = 0, time.process_time()
    while time.process_time() - start < SECONDS:
        call()
        times += 1
    return times / (time.process_time() - start)


def main() -> list[str]:
    """The table of results."""
    policy = load_policy()
    lines = ["| | figures, a second | six pages, a second |", "| --- | ---: | ---: |"]
    dossiers = (figures(), six_pages())
    cards = [score(item.profile, item.money, item.indicators, policy) for item in dossiers]
    prior = make_dossier(year=2022)

    def whole(number: int) -> float:
        return a_second(lambda: run(dossiers[number], policy=policy, scorecard=cards[number], prior=prior))

    lines.append(f"| all {len(all_checks())} rules | {whole(0):.0f} | {whole(1):.0f} |")
    rows = []
    for item in all_checks():
        speeds = []
        for dossier, card in zip(dossiers, cards, strict=True):

            def one(dossier=dossier, card=card, item=item) -> object:
                return run_checks(Context(dossier, card, policy, prior), checks=[item])

            speeds.append(a_second(one))
        rows.append((min(speeds), f"| `{item.code}` | {speeds[0]:.0f} | {speeds[1]:.0f} |"))
    return lines + [line for _, line in sorted(rows)]


if __name__ == "__main__":
    print("\n".join(main()))
