"""Levels of the checks as a region decides them (规则级别), for reading; :mod:`reports.level_services` changes them."""

from __future__ import annotations

from departments.models import Region
from reports.findings import Level
from reports.models import CheckLevel
from reports.prepared import MARK, Prepared

OWN = Prepared([MARK], lambda region: CheckLevel.objects.filter(region=region).values_list("code", "level"))


def levels_of(region: int | Region) -> dict[str, Level]:
    """The region's own levels by rule, in one query."""
    rows = OWN(region if isinstance(region, int) else region.pk)
    return {code: Level(level) for code, level in rows}
