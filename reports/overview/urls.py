"""Addresses of the overview and the district's summary documents."""

from django.urls import path

from reports.overview import views

urlpatterns = [
    path("", views.page, name="overview"),
    path("ranking/", views.ranking, name="overview-ranking"),
    path("problems/", views.problem_list, name="overview-problems"),
    path("problems.xlsx", views.problems_export, name="overview-problems-export"),
    path("summary/", views.summary_page, name="overview-summary"),
    path("summary/save/", views.summary_save, name="overview-summary-save"),
    path("summary/download/<slug:kind>/", views.summary_download, name="overview-summary-download"),
    path("table.xlsx", views.summary_table, name="overview-table"),
]
