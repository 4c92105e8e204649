"""Reading what is public. Every function starts from ``Publication.objects.public()``; none of them loads a content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet

from departments.models import Region
from reports.models import Publication

ROW = (
    "pk",
    "number",
    "year",
    "unit_code",
    "unit_name",
    "main_department",
    "self_score",
    "grade",
    "budget",
    "spent",
    "execution_rate",
    "sha256",
    "published_at",
    "region__code",
    "region__name",
)
GRADES = ("优", "良", "中", "差")


def rows() -> QuerySet[Publication]:
    """What is public, newest first, with the columns of a list only."""
    return (
        Publication.objects.public()
        .select_related("region")
        .only(*ROW, "region_id")
        .order_by("-year", "-published_at", "-id")
    )


def found(filters: Mapping[str, str]) -> QuerySet[Publication]:
    """Rows by ``region`` (adcode), ``year``, ``grade``, ``unit`` (part of the name) and ``q``.

    ``q`` is words; each of them stands in the text or in the unit's name.
    """
    chosen = rows()
    if region := filters.get("region"):
        chosen = chosen.filter(region__code=region)
    if year := filters.get("year"):
        chosen = chosen.filter(year=int(year))
    if grade := filters.get("grade"):
        chosen = chosen.filter(grade=grade)
    if unit := (filters.get("unit") or "").strip():
        chosen = chosen.filter(unit_name__contains=unit)
    for word in (filters.get("q") or "").lower().split()[:5]:
        chosen = chosen.filter(Q(search_text__contains=word) | Q(unit_name__icontains=word))
    return chosen


def regions() -> list[Region]:
    """Regions that have published something."""
    return list(
        Region.objects.filter(pk__in=Publication.objects.public().order_by().values("region")).order_by(
            "code"
        )
    )


def years() -> list[int]:
    """Years of which something is public, newest first."""
    return list(Publication.objects.public().order_by("-year").values_list("year", flat=True).distinct())


@dataclass(frozen=True)
class DataSet:
    """One region's year as open data."""

    region_code: str
    region_name: str
    year: int
    reports: int
    updated: object


def data_sets() -> list[DataSet]:
    """Every region and year of which something is public."""
    groups = (
        Publication.objects.public()
        .order_by("-year", "region__code")
        .values_list("region__code", "region__name", "year")
        .annotate(Count("pk"), Max("published_at"))
    )
    return [DataSet(*group) for group in groups]


def of_year(region_code: str, year: int) -> QuerySet[Publication]:
    """One region's year in the order of the units' codes."""
    return rows().filter(region__code=region_code, year=year).order_by("unit_code")


def versions(region_code: str, year: int, unit_code: str) -> list[Publication]:
    """All versions that ever stood at an address, newest first; empty when there never was one."""
    return list(
        Publication.objects.filter(region__code=region_code, year=year, unit_code=unit_code)
        .select_related("region", "department", "submission")
        .defer("search_text", "submission__dossier_json", "submission__findings", "submission__policy")
        .order_by("-number")
    )
