"""Lines of a title (GB/T 9704-2012, 7.3.1): whole words, no broken number, longer lines above (梯形)."""

from __future__ import annotations

import re

from reports.documents.linebreak import Width, break_lines, clusters
from reports.documents.plaintext import paragraphs

# A title is best parted before the year or behind the name of an office.
_BEFORE = re.compile(r"(?:(?:19|20)\d\d\s*年?|关于|部门整体|项目支出|自评|绩效)")
_BEHIND = re.compile(r"(?:局|中心|委员会|办公室|政府|法院|检察院|医院|学校|街道|年度|的|情况|支出)$")
_STRONG = re.compile(r"(?:局|中心|委员会|办公室|政府|法院|检察院|医院|学校|街道)$")


def title_lines(title: str, line: float, width: Width) -> list[str]:
    """Break a title into centred lines of at most ``line``; ``\\n`` in the title is kept as a break."""
    lines: list[str] = []
    for part in paragraphs(title):
        lines.extend(_balanced(part, line, width))
    return lines


def _balanced(text: str, line: float, width: Width) -> list[str]:
    total = sum(map(width, text))
    if total <= line:
        return [text]
    pieces = ["".join(group) for group in clusters(text)]
    if total > 3 * line or any(sum(map(width, piece)) > line for piece in pieces):
        return [part.text for part in break_lines(text, line, width)]
    count = 2 if total <= 1.9 * line else 3
    best = _best(pieces, count, line, width) or _best(pieces, count + 1, line, width)
    return best or [part.text for part in break_lines(text, line, width)]


def _best(pieces: list[str], count: int, line: float, width: Width) -> list[str] | None:
    """The cheapest way to make ``count`` lines of the pieces; a title is short, so all ways are tried."""
    sizes = [sum(map(width, piece)) for piece in pieces]
    target = sum(sizes) / count
    best: tuple[float, list[str]] | None = None

    def search(start: int, left: int, lines: list[str], cost: float, previous: float) -> None:
        nonlocal best
        if best is not None and cost >= best[0]:
            return
        if left == 1:
            size = sum(sizes[start:])
            if start < len(pieces) and size <= line:
                whole = cost + _unlike(size, target) + (2.0 if size > previous else 0.0)
                if best is None or whole < best[0]:
                    best = (whole, [*lines, "".join(pieces[start:]).strip()])
            return
        size = 0.0
        for end in range(start, len(pieces) - left + 1):
            size += sizes[end]
            if size > line:
                break
            above, below = "".join(pieces[start : end + 1]), "".join(pieces[end + 1 :])
            more = _unlike(size, target) + _parting(above, below) + (2.0 if size > previous else 0.0)
            search(end + 1, left - 1, [*lines, above.strip()], cost + more, size)

    search(0, count, [], 0.0, line)
    return best[1] if best else None


def _unlike(size: float, target: float) -> float:
    return ((size - target) / target) ** 2 * 10


def _parting(above: str, below: str) -> float:
    """Cost of a break at this place: cheap at a joint of words, dear elsewhere."""
    if _STRONG.search(above) and re.match(r"(?:19|20)\d\d", below):
        return 0.0
    if _STRONG.search(above):
        return 1.0
    if _BEFORE.match(below) or _BEHIND.search(above):
        return 2.0
    return 6.0
