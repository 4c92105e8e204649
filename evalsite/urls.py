"""Addresses of the whole site."""

from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.urls import include, path
from django.views.generic import RedirectView

from evalsite import account, health, metrics, second_step, views

handler500 = "evalsite.views.server_error"

urlpatterns = [
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("metrics", metrics.metrics, name="metrics"),
    path("login/", views.SignIn.as_view(), name="login"),
    path("login/code/", second_step.sign_in_code, name="sign-in-code"),
    path("logout/", auth_views.LogoutView.as_view(), name="logout"),
    path("password/", views.ChangePassword.as_view(), name="password"),
    path("account/", account.account, name="my-account"),
    path("account/sessions/end/", account.end_all_sessions, name="sessions-end"),
    path("account/sessions/<int:pk>/end/", account.end_session, name="session-end"),
    path("accounts/locked/", account.locked, name="accounts-locked"),
    path("accounts/locked/<int:pk>/unlock/", account.unlock, name="account-unlock"),
    path("account/second-factor/", second_step.own, name="second-factor"),
    path("account/second-factor/set-up/", second_step.set_up, name="second-factor-set-up"),
    path("account/second-factor/qr.svg", second_step.qr_code, name="second-factor-qr"),
    path("account/second-factor/confirm/", second_step.confirm, name="second-factor-confirm"),
    path("account/second-factor/codes/", second_step.renew_codes, name="second-factor-codes"),
    path("account/second-factor/off/", second_step.switch_off, name="second-factor-off"),
    path("account/confirm/", views.confirm, name="confirm-again"),
    path("session/", views.session_state, name="session-state"),
    path("session/keep/", views.session_keep, name="session-keep"),
    path("session/again/", views.sign_in_again, name="sign-in-again"),
    path("session/resume/", views.resume, name="resume"),
    path("admin/login/", views.admin_sign_in, name="admin-sign-in"),
    # Django's own page knows nothing of passwords used before, nor of sessions to end.
    path("admin/password_change/", RedirectView.as_view(pattern_name="password"), name="admin-password"),
    path("admin/", admin.site.urls),
    path("", include("reports.urls")),
]
