"""Addresses of the bulk export."""

from django.urls import path

from reports.exporting import views

urlpatterns = [
    path("", views.exports, name="exports"),
    path("new/", views.new, name="export-new"),
    path("<uuid:uid>/", views.export, name="export"),
    path("<uuid:uid>/cancel/", views.cancel, name="export-cancel"),
    path("<uuid:uid>/retry/", views.retry, name="export-retry"),
    path("<uuid:uid>/download/", views.download, name="export-download"),
]
