"""``python -m bench.copies``: near-duplicate search over 250, 500, 1,000 and 2,000 reports of six pages, in CPU seconds.

Six pages hold about 3,400 characters. Every report has sentences of its own, the notice's own wording (as every report
of a round has), and one report in ten took a section from another one.
"""

from __future__ import annotations

import random
import time

from reports.similarity import Text, find_copies

SIZES = (250, 500, 1000, 2000)
SECTIONS, SENTENCES, NOTICE = 9, 8, 15


def corpus(count: int, seed: int = 1) -> list[Text]:
    """Invented reports of six pages."""
    chance = random.Random(seed)
    words = [chr(chance.randint(0x4E00, 0x9FA5)) + chr(chance.randint(0x4E00, 0x9FA5)) for _ in range(3000)]

    def sentence() -> str:
        return "".join(chance.choice(words) for _ in range(chance.randint(8, 30))) + "。"

    notice = [sentence() for _ in range(NOTICE)]
    reports = []
    for _ in range(count):
        sections = [[sentence() for _ in range(SENTENCES)] for _ in range(SECTIONS)]
        for line in notice:
            sections[chance.randrange(SECTIONS)].append(line)
        reports.append(sections)
    for number in range(0, count, 10):
        other = (number * 7 + 3) % count
        reports[number][3] = list(reports[other][3])
    return [
        Text(number, f"section-{key}", tuple(lines))
        for number, sections in enumerate(reports)
        for key, lines in enumerate(sections)
    ]


def measured(count: int) -> tuple[float, int]:
    """CPU seconds of one search, and the number of reports with a copy."""
    texts = corpus(count)
    start = time.process_time()
    found = find_copies(texts)
    return time.process_time() - start, len(found)


def main() -> list[str]:
    """The table of results."""
    lines = ["| reports | CPU seconds | × the half | reports with a copy |", "| ---: | ---: | ---: | ---: |"]
    before = None
    for count in SIZES:
        seconds, found = measured(count)
        growth = f"{seconds / before:.2f}" if before else "—"
        lines.append(f"| {count} | {seconds:.1f} | {growth} | {found} |")
        before = seconds
    return lines


if __name__ == "__main__":
    print("\n".join(main()))
