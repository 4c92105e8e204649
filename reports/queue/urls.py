"""Addresses of the queue."""

from django.urls import path

from reports.queue import bulk_views, desk_views, views

urlpatterns = [
    path("queue/", views.queue, name="queue"),
    path("queue/views/", views.save_view, name="queue-view-save"),
    path("queue/views/<int:pk>/default/", views.default_view, name="queue-view-default"),
    path("queue/views/<int:pk>/delete/", views.delete_view, name="queue-view-delete"),
    path("queue/bulk/", bulk_views.start, name="bulk-start"),
    path("queue/bulk/runs/", bulk_views.runs, name="bulk-runs"),
    path("queue/bulk/<int:pk>/", bulk_views.run, name="bulk-run"),
    path("queue/bulk/<int:pk>/go-on/", bulk_views.go_on, name="bulk-go-on"),
    path("offices/", desk_views.offices, name="offices"),
    path("offices/region/<int:region>/", desk_views.add_office, name="office-add"),
    path("offices/<int:pk>/", desk_views.office, name="office"),
    path("offices/<int:pk>/delete/", desk_views.delete_office, name="office-delete"),
    path("reports/<int:pk>/presence/", desk_views.presence, name="report-presence"),
    path("reports/<int:pk>/recheck/", desk_views.check_again, name="report-recheck"),
]
