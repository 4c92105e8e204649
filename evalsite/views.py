"""Pages that belong to no floor: signing in, the own password, a refused form token."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.formats import date_format

from departments.accounts import change_password
from departments.models import User
from evalsite.logs import request_id


class SignInForm(AuthenticationForm):
    """Name and password; a one-time password works for some days only."""

    @property
    def expired(self) -> bool:
        """Whether the password was right, but handed out too long ago."""
        return self.has_error(NON_FIELD_ERRORS, "one_time_password_expired")

    def confirm_login_allowed(self, user: User) -> None:
        super().confirm_login_allowed(user)
        if (
            user.must_change_password
            and user.password_expires_at
            and user.password_expires_at <= timezone.now()
        ):
            day = date_format(timezone.localtime(user.password_expires_at), "Y年n月j日")
            raise ValidationError(
                f"您的初始密码已于{day}过期，请联系系统管理员重新发放。", code="one_time_password_expired"
            )


class SignIn(LoginView):
    """The sign-in page (登录)."""

    form_class = SignInForm
    redirect_authenticated_user = True


class OwnPasswordForm(PasswordChangeForm):
    """Old password and the new one twice; the new one must be another."""

    def clean_new_password1(self) -> str:
        password = self.cleaned_data["new_password1"]
        if self.user.check_password(password):
            raise ValidationError("新密码不能与原密码相同。", code="password_unchanged")
        return str(password)

    def save(self, commit: bool = True) -> User:
        return change_password(user=self.user, password=self.cleaned_data["new_password1"])


class ChangePassword(PasswordChangeView):
    """The own password (修改密码), for everybody; the only page for whoever has a one-time password."""

    template_name = "registration/password.html"
    form_class = OwnPasswordForm
    success_url = reverse_lazy("home")

    def form_valid(self, form: OwnPasswordForm) -> HttpResponse:
        user = form.save()
        update_session_auth_hash(self.request, user)
        messages.success(self.request, "密码已修改，下次请用新密码登录。")
        return redirect(self.success_url)

    def form_invalid(self, form: OwnPasswordForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"first": self.request.user.must_change_password}


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is missing or old: say so in Chinese and keep the way back open."""
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page of an error of ours; the number on it leads an administrator to the line in the log."""
    return render(request, "500.html", {"request_id": request_id()}, status=500)
