"""Report templates as a round and a reader meet them: presets and a bureau's versions.

A round names its template by a preset's name or by ``name@version`` of one of its region's versions. :func:`outline_of` is
the one place where that name becomes an outline. Writing is in :mod:`reports.outline_services`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache

from departments.models import Region
from reports.models import Round, TemplateVersion
from reports.outline import Outline, OutlineError, build_outline, load_outline, outline_names

SEPARATOR = "@"


def outline_of(round: Round) -> Outline:
    """The template that the round names. Raises :class:`~reports.outline.OutlineError`."""
    return outline_named(round.template, round.region_id)


def outline_named(title: str, region: Region | int) -> Outline:
    """The preset of that name, or the region's version ``name@version``. Raises :class:`OutlineError`."""
    if SEPARATOR not in title:
        return load_outline(title)
    row = version_named(title, region)
    if row is None:
        raise OutlineError(f"本区县没有名为“{title}”的报告模板")
    return _built(row.title, json.dumps(row.content, sort_keys=True))


def version_named(title: str, region: Region | int) -> TemplateVersion | None:
    """The region's row of ``name@version``."""
    name, _, version = title.partition(SEPARATOR)
    return TemplateVersion.objects.filter(region=region, name=name, version=version).first()


@lru_cache(maxsize=64)
def _built(title: str, content: str) -> Outline:
    """Rows never change, so that the same content need not be checked for every report."""
    return build_outline(json.loads(content), title)


@dataclass(frozen=True)
class Choice:
    """One template of the list: a preset (``row`` is ``None``) or a version of the region."""

    outline: Outline
    row: TemplateVersion | None = None
    used_by: tuple[Round, ...] = ()
    latest: bool = True
    """Whether it is the newest version of its name."""

    @property
    def title(self) -> str:
        """What a round writes to name it."""
        return self.row.title if self.row else self.outline.name


def presets() -> list[Choice]:
    """The shipped templates, the default first."""
    return [Choice(load_outline(name)) for name in outline_names()]


def choices(region: Region | int) -> list[Choice]:
    """The region's versions, newest first, with the rounds that use them."""
    used: dict[str, list[Round]] = {}
    for item in Round.objects.filter(region=region).order_by("-year"):
        used.setdefault(item.template, []).append(item)
    found: list[Choice] = []
    seen: set[str] = set()
    rows = (
        TemplateVersion.objects.filter(region=region).select_related("created_by", "region").order_by("-pk")
    )
    for row in rows:
        found.append(Choice(row.outline, row, tuple(used.get(row.title, ())), latest=row.name not in seen))
        seen.add(row.name)
    return found
