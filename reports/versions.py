"""What a round goes by (评分办法、报告模板), for reading: shipped presets, and immutable versions of a region's own.

Policies and templates are kept alike. What is the same for both stands here once and takes a :class:`Shelf`:
:data:`reports.policies.SHELF` or :data:`reports.outlines.SHELF`. A round names what it goes by with a preset's name or
with ``name@version`` of one of its region's versions. Writing is in :mod:`reports.version_services`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from departments.models import Region
from indicators.models import PolicyVersion
from indicators.policy import Policy
from reports.models import Round, TemplateVersion
from reports.outline import Outline

SEPARATOR = "@"

Content = Policy | Outline


@dataclass(frozen=True)
class Shelf:
    """One kind of thing that a round goes by."""

    field: Literal["policy", "template"]
    """Its field in :class:`Round`; audit events and names of routes begin with it."""
    listing: str
    """Name of the route of the list."""
    thing: str
    short: str
    """What a sentence about one of them calls it: 办法, 模板."""
    model: type[PolicyVersion] | type[TemplateVersion]
    names: Callable[[], Sequence[str]]
    """Names of the presets, the default first."""
    load: Callable[[str], Content]
    """The preset of that name."""
    build: Callable[[Mapping[str, Any], str], Content]
    """From a stored row; the second argument is the name shown in errors."""
    error: type[ValueError]
    """What ``load`` and ``build`` raise."""
    uncompared: frozenset[str]
    """Parts that make no difference between two versions."""


@dataclass(frozen=True)
class Choice:
    """One entry of a list: a preset (``row`` is ``None``) or a version of the region."""

    content: Content
    row: PolicyVersion | TemplateVersion | None = None
    used_by: tuple[Round, ...] = ()
    latest: bool = True
    """Whether it is the newest version of its name."""

    @property
    def title(self) -> str:
        """What a round writes to name it."""
        return self.row.title if self.row else self.content.name

    @property
    def label(self) -> str:
        """What people call it; versions of a region have their number behind the name."""
        return f"{self.content.label}（第{self.row.version}版）" if self.row else self.content.label


def named(shelf: Shelf, title: str, region: Region | int) -> Content:
    """The preset of that name, or the region's version ``name@version``. Raises ``shelf.error``."""
    if SEPARATOR not in title:
        return shelf.load(title)
    row = version_named(shelf, title, region)
    if row is None:
        raise shelf.error(f"本区县没有名为“{title}”的{shelf.thing}")
    return _built(shelf, row.title, json.dumps(row.content, sort_keys=True))


def version_named(shelf: Shelf, title: str, region: Region | int) -> PolicyVersion | TemplateVersion | None:
    """The region's row of ``name@version``."""
    name, _, version = title.partition(SEPARATOR)
    return shelf.model.objects.filter(region=region, name=name, version=version).first()


@lru_cache(maxsize=128)
def _built(shelf: Shelf, title: str, content: str) -> Content:
    """Rows never change, so that the same content need not be checked at every evaluation."""
    return shelf.build(json.loads(content), title)


def presets(shelf: Shelf) -> list[Choice]:
    """What is shipped, the default first."""
    return [Choice(shelf.load(name)) for name in shelf.names()]


def own(shelf: Shelf, region: Region | int) -> list[Choice]:
    """The region's versions, newest first, with the rounds that go by them."""
    used: dict[str, list[Round]] = {}
    for round_ in Round.objects.filter(region=region).order_by("-year"):
        used.setdefault(getattr(round_, shelf.field), []).append(round_)
    found: list[Choice] = []
    seen: set[str] = set()
    rows = shelf.model.objects.filter(region=region).select_related("created_by", "region").order_by("-pk")
    for row in rows:
        content = shelf.build(row.content, row.title)
        found.append(Choice(content, row, tuple(used.get(row.title, ())), latest=row.name not in seen))
        seen.add(row.name)
    return found


def choosable(shelf: Shelf, region: Region | int) -> list[tuple[str, str]]:
    """Title and label of what a new round of the region may go by: presets and the newest version of each name."""
    return [
        (choice.title, choice.label) for choice in (*presets(shelf), *own(shelf, region)) if choice.latest
    ]


def label_of(shelf: Shelf, title: str, region: Region | int) -> str:
    """What people call the thing of that title; an unknown title stays as it is.

    A preset is also known by ``name@version``, as a scorecard carries it.
    """
    name, _, version = title.partition(SEPARATOR)
    row = version_named(shelf, title, region) if version else None
    if row is not None:
        return f"{row.label}（第{row.version}版）"
    return shelf.load(name).label if name in shelf.names() else title
