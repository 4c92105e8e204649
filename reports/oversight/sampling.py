"""Drawing a sample (抽样): pure, and the same again from the same reports and the same seed.

Every main department gets its share of the sample by the number of its reports (largest remainder). Within a main
department the riskiest come first, or those that a seeded hash puts first: ``SHA-256("seed:report")``, so that anybody
can repeat the draw with a pocket calculator's worth of tools. Source: local practice (本地做法).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal


@dataclass(frozen=True)
class Candidate:
    """A report that can be drawn. ``risk`` is :func:`risk_of`; ``why`` says it in words."""

    report: int
    group: int
    risk: Decimal = Decimal(0)
    why: str = ""


def count_of(asked: int, total: int, *, percent: bool) -> int:
    """How many reports are drawn: at least one, at most all; a share is rounded up."""
    wanted = asked
    if percent:
        wanted = int((Decimal(total) * asked / 100).to_integral_value(ROUND_CEILING))
    return max(0, min(total, max(1, wanted)))


def shares(sizes: dict[int, int], count: int) -> dict[int, int]:
    """How many of ``count`` fall to each group of these sizes (largest remainder; ties by the group's number)."""
    total = sum(sizes.values())
    if not total:
        return {}
    exact = {group: Decimal(size) * count / total for group, size in sizes.items()}
    given = {group: int(share) for group, share in exact.items()}
    rest = count - sum(given.values())
    for group in sorted(exact, key=lambda one: (given[one] - exact[one], one))[:rest]:
        given[group] += 1
    return given


def by_risk(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The riskiest first."""
    return sorted(candidates, key=lambda one: (-one.risk, one.report))


def by_seed(candidates: Iterable[Candidate], seed: str) -> list[Candidate]:
    """In the order that the seed gives."""
    return sorted(candidates, key=lambda one: hashlib.sha256(f"{seed}:{one.report}".encode()).hexdigest())


def sample(candidates: Sequence[Candidate], count: int, *, seed: str = "") -> list[Candidate]:
    """The sample: by main department, at random with a seed, else the riskiest."""
    groups: dict[int, list[Candidate]] = {}
    for one in sorted(candidates, key=lambda one: one.report):
        groups.setdefault(one.group, []).append(one)
    given = shares({group: len(members) for group, members in groups.items()}, count)
    drawn = []
    for group in sorted(groups):
        ordered = by_seed(groups[group], seed) if seed else by_risk(groups[group])
        drawn += ordered[: given[group]]
    return drawn


def risk_of(
    *,
    errors: int,
    warnings: int,
    self_score: Decimal | None,
    score: Decimal | None,
    reviewed: Decimal | None,
) -> tuple[Decimal, str]:
    """Risk of a report in points, and why: one for each error or warning found, one for each point between the scores."""
    risk, reasons = Decimal(0), []
    if found := errors + warnings:
        risk += found
        reasons.append(f"核对发现{found}项")
    for name, other in (("系统评分", score), ("复核得分", reviewed)):
        if self_score is not None and other is not None and (gap := self_score - other):
            risk += abs(gap)
            reasons.append(f"自评得分{'高' if gap > 0 else '低'}于{name}{abs(gap).normalize():f}分")
    if self_score is not None and score is None:
        risk += 5
        reasons.append("系统评分无法计算")
    return risk, "；".join(reasons)
