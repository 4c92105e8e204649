"""Addresses of the workspace; included by ``reports.urls`` without a name space."""

from __future__ import annotations

from django.urls import path

from reports.workspace import approved, common, import_views, views

urlpatterns = [
    path("reports/<int:pk>/fill/", views.start, name="workspace"),
    path("reports/<int:pk>/fill/project/<uuid:uid>/", views.project_sheet, name="workspace-project"),
    path("reports/<int:pk>/fill/attachments/upload/", views.upload, name="workspace-attachment-upload"),
    path("reports/<int:pk>/fill/common/", common.common_page, name="workspace-common"),
    path("reports/<int:pk>/fill/common/add/", common.common_add, name="workspace-common-add"),
    path("reports/<int:pk>/fill/approved/", approved.approved_page, name="workspace-approved"),
    path("reports/<int:pk>/fill/approved/fill/", approved.approved_fill, name="workspace-approved-fill"),
    path("reports/<int:pk>/fill/<slug:section>/", views.section, name="workspace-section"),
    path("reports/<int:pk>/import/", import_views.upload, name="workspace-import"),
    path("reports/<int:pk>/import/<int:number>/", import_views.show, name="workspace-import-preview"),
    path(
        "reports/<int:pk>/import/<int:number>/marked/",
        import_views.marked_copy,
        name="workspace-import-marked",
    ),
    path(
        "reports/<int:pk>/passages/<int:number>/settle/",
        import_views.settle_passage,
        name="workspace-passage-settle",
    ),
    path("reports/<int:pk>/workbook/", import_views.workbook, name="workspace-workbook"),
    path("reports/<int:pk>/attachments/<uuid:uid>/", views.attachment, name="workspace-attachment"),
    path(
        "reports/<int:pk>/attachments/<uuid:uid>/delete/",
        views.delete_attachment,
        name="workspace-attachment-delete",
    ),
]
