"""Addresses of the rounds; included by ``reports.urls`` without a name space."""

from __future__ import annotations

from django.urls import path

from reports.rounds import views

urlpatterns = [
    path("rounds/", views.round_list, name="rounds"),
    path("rounds/open/", views.open_year, name="round-open"),
    path("rounds/<int:pk>/", views.detail, name="round"),
    path("rounds/<int:pk>/departments/", views.add, name="round-add"),
    path("rounds/<int:pk>/begin/", views.go_on, name="round-begin"),
    path("rounds/<int:pk>/settings/", views.settings, name="round-settings"),
    path("rounds/<int:pk>/close/", views.close, name="round-close"),
    path("rounds/<int:pk>/reopen/", views.reopen, name="round-reopen"),
    path("rounds/<int:pk>/acts/<slug:name>/", views.act, name="round-act"),
    path("rounds/<int:pk>/deadlines.ics", views.round_calendar, name="round-calendar"),
    path("reports/<int:pk>/deadline.ics", views.report_calendar, name="report-calendar"),
    path("reports/<int:pk>/scans/", views.scan_upload, name="scan-upload"),
    path("reports/<int:pk>/scans/<int:number>/", views.scan_download, name="scan"),
]
