"""Addresses of the reports floor."""

from django.urls import include, path

from reports.views import checks, downloads, home, inbox, policies, report, review, reviewing

urlpatterns = [
    path("", home.home, name="home"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read_all, name="inbox-read-all"),
    path("inbox/<int:pk>/read/", inbox.read, name="notice-read"),
    path("queue/", review.queue, name="queue"),
    path("audit/", review.audit, name="audit"),
    path("checks/", checks.check_list, name="checks"),
    path("checks/findings.xlsx", checks.findings_export, name="findings-export"),
    path("checks/<slug:code>/", checks.check_level, name="check-level"),
    path("checks/<slug:code>/level/", checks.change_level, name="check-level-change"),
    path("policies/", policies.policy_list, name="policies"),
    path("policies/presets/<slug:name>/", policies.preset, name="policy-preset"),
    path("policies/<int:pk>/", policies.version, name="policy"),
    path("policies/copy/", policies.copy, name="policy-copy"),
    path("policies/copy/save/", policies.save, name="policy-save"),
    path("policies/choose/", policies.choose, name="policy-choose"),
    path("reports/<int:pk>/", report.detail, name="report"),
    path("reports/<int:pk>/steps/<slug:step>/", report.step, name="report-step"),
    path("reports/<int:pk>/download/<slug:kind>/", downloads.download, name="report-download"),
    path("reports/<int:pk>/comments/", review.add_comment, name="comment-add"),
    path("reports/<int:pk>/waivers/", review.waive, name="waiver-add"),
    path("reports/<int:pk>/score/", review.score, name="review-score"),
    path("reports/<int:pk>/marks/", reviewing.add, name="review-mark-add"),
    path("marks/<int:pk>/withdraw/", reviewing.withdraw, name="review-mark-withdraw"),
    path("reports/<int:pk>/extend/", review.extend, name="report-extend"),
    path("reports/<int:pk>/claim/", review.claim, name="report-claim"),
    path("reports/<int:pk>/release/", review.release, name="report-release"),
    path("reports/<int:pk>/assign/", review.assign, name="report-assign"),
    path("comments/<int:pk>/answer/", review.answer, name="comment-answer"),
    path("comments/<int:pk>/resolve/", review.resolve, name="comment-resolve"),
    path("waivers/<int:pk>/withdraw/", review.withdraw_waiver, name="waiver-withdraw"),
    path("", include("reports.workspace.urls")),
]
