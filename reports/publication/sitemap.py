"""sitemap.xml of the public pages, in parts of at most 5,000 addresses."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as sitemap_views
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from reports.models import Publication
from reports.publication.pages import public
from reports.publication.querysets import rows


class Reports(Sitemap):
    """Every public report."""

    limit = 5000

    def items(self) -> QuerySet[Publication]:
        return rows()

    def lastmod(self, item: Publication) -> datetime:
        return item.published_at


class Pages(Sitemap):
    """The pages that are always there."""

    def items(self) -> list[str]:
        return ["public-list", "public-data", "public-terms", "public-api"]

    def location(self, item: str) -> str:
        return reverse(item)


SITEMAPS: dict[str, type[Sitemap]] = {"pages": Pages, "reports": Reports}


@public
def index(request: HttpRequest) -> HttpResponse:
    """The list of parts."""
    return _rendered(sitemap_views.index(request, SITEMAPS, sitemap_url_name="sitemap-part"))


@public
def part(request: HttpRequest, section: str) -> HttpResponse:
    """One part; ``?p=2`` gives its second page."""
    return _rendered(sitemap_views.sitemap(request, SITEMAPS, section))


def _rendered(response: Any) -> HttpResponse:
    return response.render()
