"""Addresses of the oversight (审核文书、抽查复核、整改)."""

from django.urls import path

from reports.oversight.views import files, rectifications, sheets, spot_checks

urlpatterns = [
    path("reports/<int:pk>/review-sheet/<int:number>/<slug:kind>/", sheets.review_sheet, name="review-sheet"),
    path("reports/<int:pk>/attachments/<uuid:uid>/view/", files.attachment_view, name="attachment-view"),
    path(
        "reports/<int:pk>/attachments/<uuid:uid>/pages/<int:page>.png",
        files.attachment_page,
        name="attachment-page",
    ),
    path("spot-checks/", spot_checks.spot_check_list, name="spot-checks"),
    path("spot-checks/export.xlsx", spot_checks.export, name="spot-checks-export"),
    path("spot-checks/draw/", spot_checks.draw_form, name="spot-check-draw-form"),
    path("spot-checks/draw/save/", spot_checks.draw, name="spot-check-draw"),
    path("spot-checks/<int:pk>/", spot_checks.spot_check, name="spot-check"),
    path("spot-checks/<int:pk>/record/", spot_checks.record_result, name="spot-check-record"),
    path("spot-checks/<int:pk>/assign/", spot_checks.assign, name="spot-check-assign"),
    path("spot-checks/<int:pk>/withdraw/", spot_checks.withdraw, name="spot-check-withdraw"),
    path("reports/<int:pk>/rectify/", rectifications.notice_form, name="rectification-form"),
    path("reports/<int:pk>/rectify/issue/", rectifications.issue, name="rectification-issue"),
    path("rectifications/", rectifications.rectification_list, name="rectifications"),
    path("rectifications/<int:pk>/", rectifications.rectification, name="rectification"),
    path("rectifications/<int:pk>/answer/", rectifications.answer, name="rectification-answer"),
    path("rectifications/<int:pk>/judge/", rectifications.judge, name="rectification-judge"),
    path("rectifications/<int:pk>/remind/", rectifications.remind, name="rectification-remind"),
    path("rectifications/<int:pk>/withdraw/", rectifications.withdraw, name="rectification-withdraw"),
    path(
        "rectifications/<int:pk>/download/<slug:kind>/",
        rectifications.download,
        name="rectification-download",
    ),
    path("rectifications/files/<int:pk>/", files.rectification_file, name="rectification-file"),
    path("rectifications/files/<int:pk>/view/", files.rectification_view, name="rectification-file-view"),
    path(
        "rectifications/files/<int:pk>/pages/<int:page>.png",
        files.rectification_page,
        name="rectification-file-page",
    ),
]
