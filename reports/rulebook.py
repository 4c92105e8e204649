"""By what a report was checked (核对所用规则): one fingerprint of the rules, the region's levels and the policy.

A submission keeps the fingerprint of its day; where today's differs, page and queue say 按旧规则核对
(:mod:`reports.rechecking`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import lru_cache

from indicators.policy import Policy
from reports.checks import all_checks
from reports.choices import DONE, REVIEWABLE
from reports.findings import Level
from reports.levels import levels_of
from reports.models import CheckLevel, Report, Round
from reports.policies import policy_of

CHECKED = frozenset(REVIEWABLE | DONE)
"""States in which a frozen submission is what counts, so that its rules can be outdated."""


def current(rounds: Iterable[Round]) -> dict[int, str]:
    """Today's fingerprint of each round; one query for the levels, one for each policy of a region's own."""
    rounds = list(rounds)
    regions = {item.region_id for item in rounds}
    if len(regions) == 1:
        own = levels_of(*regions)
        return {item.pk: fingerprint(policy_of(item), own) for item in rounds}
    levels: dict[int, dict[str, Level]] = {}
    rows = CheckLevel.objects.filter(region__in=regions)
    for region, code, level in rows.values_list("region", "code", "level"):
        levels.setdefault(region, {})[code] = Level(level)
    return {item.pk: fingerprint(policy_of(item), levels.get(item.region_id, {})) for item in rounds}


def current_of(round: Round) -> str:
    """Today's fingerprint of one round."""
    return fingerprint(policy_of(round), levels_of(round.region_id))


def fingerprint(policy: Policy, levels: Mapping[str, Level]) -> str:
    """16 hexadecimal digits: every rule's code, version and level that holds, and the policy's content."""
    rules = [(item.code, item.version, levels.get(item.code, item.level)) for item in all_checks()]
    return _digest(tuple(rules), policy.model_dump_json())


@lru_cache(maxsize=256)
def _digest(rules: tuple[tuple[str, int, Level], ...], policy: str) -> str:
    content = json.dumps([rules, policy], ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def outdated(report: Report) -> bool:
    """Whether what is shown of the report was last checked by rules that no longer hold; a nil report is not checked."""
    return report.status in CHECKED and not report.nil and report.checked_by_rules != current_of(report.round)
