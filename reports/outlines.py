"""Report templates as a round and a reader meet them: presets and a bureau's versions (see :mod:`reports.versions`).

:func:`outline_of` is the one place where the name that a round carries becomes an outline. Writing is in
:mod:`reports.outline_services`.
"""

from __future__ import annotations

from departments.models import Region
from reports.models import Round, TemplateVersion
from reports.outline import Outline, OutlineError, build_outline, load_outline, outline_names
from reports.versions import Shelf, named

SHELF = Shelf(
    field="template",
    listing="templates",
    thing="报告模板",
    short="模板",
    model=TemplateVersion,
    names=outline_names,
    load=load_outline,
    build=build_outline,
    error=OutlineError,
    uncompared=frozenset({"version", "source"}),
)


def outline_of(round: Round) -> Outline:
    """The template that the round names. Raises :class:`~reports.outline.OutlineError`."""
    return outline_named(round.template, round.region_id)


def outline_named(title: str, region: Region | int) -> Outline:
    """The preset of that name, or the region's version ``name@version``. Raises :class:`OutlineError`."""
    return named(SHELF, title, region)
