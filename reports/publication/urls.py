"""Addresses of publication: the bureau's pages, the public pages, open data and the interface for programs."""

from django.urls import include, path, re_path, register_converter
from django.urls.converters import StringConverter
from django.views.decorators.csrf import csrf_exempt

from reports.publication import api, desk, docs, pages, sitemap


class Adcode(StringConverter):
    """行政区划代码."""

    regex = "[0-9]{6}"


class Year(StringConverter):
    regex = "20[0-9]{2}"


class UnitCode(StringConverter):
    regex = "[0-9A-Za-z]{1,18}"


register_converter(Adcode, "adcode")
register_converter(Year, "evaluated_year")
register_converter(UnitCode, "unit_code")

ONE = "public/<adcode:region>/<evaluated_year:year>/<unit_code:code>/"
SET = "public/data/<adcode:region>-<evaluated_year:year>"

bureau = [
    path("publication/", desk.overview, name="publication"),
    path("publication/rounds/<int:pk>/date/", desk.round_date, name="publication-round-date"),
    path("publication/classified/", desk.classified, name="classified"),
    path("publication/classified/<int:pk>/", desk.classify, name="classify"),
    path("publication/marks/<int:pk>/withdraw/", desk.unmark, name="publication-unmark"),
    path("reports/<int:pk>/publication/", desk.prepare, name="report-publication"),
    path("reports/<int:pk>/publication/date/", desk.report_date, name="report-publication-date"),
    path("reports/<int:pk>/publication/marks/", desk.mark, name="report-publication-mark"),
]

everybody = [
    path("public/", pages.search, name="public-list"),
    path("public/terms/", pages.terms, name="public-terms"),
    path("public/api/", docs.page, name="public-api"),
    path("public/data/", pages.data, name="public-data"),
    path("public/data/schema.json", pages.data_schema, name="public-schema"),
    path(f"{SET}.csv", pages.data_csv, name="public-data-csv"),
    path(f"{SET}.json", pages.data_json, name="public-data-json"),
    path(f"{SET}.zip", pages.data_zip, name="public-data-zip"),
    path(ONE, pages.report, name="public-report"),
    path(f"{ONE}report.pdf", pages.pdf, name="public-pdf"),
    path(f"{ONE}report.json", pages.report_json, name="public-report-json"),
    path(f"{ONE}tables.csv", pages.report_csv, name="public-report-csv"),
    path("robots.txt", pages.robots, name="robots"),
    path("sitemap.xml", sitemap.index, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemap.part, name="sitemap-part"),
]

programs = [
    path("api/v1/openapi.json", pages.public(api.openapi), name="api-openapi"),
    path("api/v1/", include((api.addresses(), "ninja"), namespace="api")),
    re_path(r"^api/(?P<rest>.*)$", csrf_exempt(api.unknown), name="api-unknown"),
]

urlpatterns = [*bureau, *everybody, *programs]
