"""Addresses of the whole site."""

from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.urls import include, path

from evalsite import account, health, metrics, views

handler500 = "evalsite.views.server_error"

urlpatterns = [
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("metrics", metrics.metrics, name="metrics"),
    path("login/", views.SignIn.as_view(), name="login"),
    path("logout/", auth_views.LogoutView.as_view(), name="logout"),
    path("password/", views.ChangePassword.as_view(), name="password"),
    path("account/", account.account, name="my-account"),
    path("account/sessions/end/", account.end_all_sessions, name="sessions-end"),
    path("account/sessions/<int:pk>/end/", account.end_session, name="session-end"),
    path("accounts/locked/", account.locked, name="accounts-locked"),
    path("accounts/locked/<int:pk>/unlock/", account.unlock, name="account-unlock"),
    path("account/confirm/", views.confirm, name="confirm-again"),
    path("session/", views.session_state, name="session-state"),
    path("session/keep/", views.session_keep, name="session-keep"),
    path("session/again/", views.sign_in_again, name="sign-in-again"),
    path("session/resume/", views.resume, name="resume"),
    path("admin/", admin.site.urls),
    path("", include("reports.urls")),
]
