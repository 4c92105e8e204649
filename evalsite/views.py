"""Pages that belong to no floor: signing in, the own password, a refused form token, a failure."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.views import LoginView, PasswordChangeView, redirect_to_login
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from departments import confirming, idle, kept_forms, lockout, models, second_factor, sign_ins
from departments.accounts import change_password
from departments.models import User
from departments.passwords import is_old
from departments.second_factor import CodeRefused
from evalsite import second_step
from evalsite.logs import request_id
from evalsite.middleware import RESUME
from evalsite.signing_in import code_refused, entered, waiting_form

RETRY_AFTER = 30
"""Seconds after which to ask again while the database is away."""


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

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        session = self.request.session
        return super().get_context_data(**kwargs) | {
            "timed_out": idle.WAS in session,
            "kept": RESUME in session,
        }

    def form_valid(self, form: SignInForm) -> HttpResponse:
        """Sign in, or ask for the code first where the second step is set up."""
        user, address = form.get_user(), self.get_redirect_url()
        if second_factor.device_of(user):
            second_step.begin(self.request, user, address)
            return redirect("sign-in-code")
        login(self.request, user)
        return entered(self.request, address)


@require_GET
def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """The technical administration has no sign-in of its own: it would know nothing of the second step."""
    if request.user.is_authenticated and not request.user.is_staff:
        raise PermissionDenied("技术管理只对技术维护人员开放")
    return redirect_to_login(request.GET.get("next", "") or reverse("admin:index"))


@login_required
@require_http_methods(["GET", "POST"])
def resume(request: HttpRequest) -> HttpResponse:
    """Show what arrived after the time-out (继续提交); POST sends it as it was, or drops it."""
    form = waiting_form(request)
    if form is None:
        messages.info(request, "没有等待提交的内容。")
        return redirect("home")
    if request.method == "GET":
        return render(request, "registration/resume.html", {"form": form})
    kept_forms.drop(request, RESUME)
    if "drop" in request.POST:
        messages.info(request, "已放弃刚才没有提交的内容。")
        return redirect(form.came_from or "home")
    return kept_forms.perform(request, form)


@sensitive_post_parameters("password")
@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """The password once more (再次确认); when it is right, what waits for it is performed as it was sent."""
    form = kept_forms.kept(request, confirming.SLOT, within=confirming.WAITS)
    if form is None:
        messages.info(request, "没有等待确认的办理事项，请回到原来的页面重新办理。")
        return redirect("home")
    if "drop" in request.POST:
        kept_forms.drop(request, confirming.SLOT)
        messages.info(request, "没有办理。")
        return redirect(form.came_from or "home")
    status, complaint = 200, ""
    if request.method == "POST":
        password = request.POST.get("password", "")
        if authenticate(request, username=request.user.username, password=password) == request.user:
            kept_forms.drop(request, confirming.SLOT)
            before = request.session.session_key
            request.session.cycle_key()
            sign_ins.moved(before, request.session.session_key)
            confirming.note(request)
            return kept_forms.perform(request, form)
        status, complaint = 422, "密码不正确，没有办理，请重新输入。"
    context = {
        "label": request.session.get(confirming.LABEL, ""),
        "complaint": complaint,
        "minutes": settings.CONFIRM_AGAIN_SECONDS // 60,
    }
    return render(request, "registration/confirm.html", context, status=status)


@require_GET
def session_state(request: HttpRequest) -> JsonResponse:
    """Who is signed in here and for how long still; asking is not activity. The token is for the forms of the page that asks."""
    if not request.user.is_authenticated:
        return JsonResponse({"user": "", "left": 0})
    state = {"user": request.user.username, "left": idle.seconds_left(request)}
    return JsonResponse(state | {"token": get_token(request)})


@login_required
@require_POST
def session_keep(request: HttpRequest) -> JsonResponse:
    """Somebody is still typing (继续使用); counted as activity by the middleware."""
    return JsonResponse({"left": idle.seconds_left(request)})


@sensitive_post_parameters("password", "code")
@never_cache
@require_POST
def sign_in_again(request: HttpRequest) -> JsonResponse:
    """Sign in over the page that is open (重新登录), as the same person; the answer is the token for its forms."""
    username = request.POST.get("username", "")
    if request.user.is_authenticated and request.user.username != username:
        complaint = f"本浏览器已由{request.user.name}登录，请先复制未保存的内容，再刷新页面。"
        return JsonResponse({"complaint": complaint}, status=409)
    form = SignInForm(request, request.POST)
    if not form.is_valid():
        complaint = form.non_field_errors()[0] if form.expired else "密码不正确，请重新输入。"
        return JsonResponse({"complaint": complaint}, status=422)
    user = form.get_user()
    if second_factor.device_of(user):
        code = request.POST.get("code", "").strip()
        if not code:
            return JsonResponse({"complaint": "", "code": True}, status=422)
        try:
            second_factor.check(user=user, code=code)
        except CodeRefused as error:
            code_refused(request, user, error)
            return JsonResponse({"complaint": str(error), "code": True}, status=422)
    login(request, user)
    return JsonResponse({"token": get_token(request)})


class OwnPasswordForm(PasswordChangeForm):
    """Old password and the new one twice; the rules of ``AUTH_PASSWORD_VALIDATORS`` hold for it."""

    def save(self, commit: bool = True) -> User:
        return change_password(user=self.user, password=self.cleaned_data["new_password1"])


class ChangePassword(PasswordChangeView):
    """The own password (修改密码), for everybody; the only page for whoever has a one-time password."""

    template_name = "registration/password.html"
    form_class = OwnPasswordForm
    success_url = reverse_lazy("home")

    def form_valid(self, form: OwnPasswordForm) -> HttpResponse:
        user = form.save()
        before = self.request.session.session_key
        update_session_auth_hash(self.request, user)
        sign_ins.moved(before, self.request.session.session_key)
        others = sign_ins.end(user=user, but=self.request.session.session_key, how=models.SignIn.End.PASSWORD)
        note = f"其他{others}处登录已退出。" if others else ""
        messages.success(self.request, f"密码已修改，下次请用新密码登录。{note}")
        return redirect(self.success_url)

    def form_invalid(self, form: OwnPasswordForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "first": self.request.user.must_change_password,
            "old": is_old(self.request.user),
        }


def locked_out(
    request: HttpRequest, response: object = None, credentials: dict | None = None
) -> HttpResponse:
    """The page after too many wrong passwords, with the time from which one can try again."""
    username = (credentials or {}).get("username") or request.POST.get("username", "")
    context = {
        "until": lockout.locked_until(username, request.axes_ip_address),
        "limit": settings.AXES_FAILURE_LIMIT,
        "minutes": round(lockout.pause().total_seconds() / 60),
    }
    return render(request, "registration/locked_out.html", context, status=429)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is missing or old: say so in Chinese and keep the way back open."""
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """A failure, told in a sentence; the number on it leads an administrator to the line in the log.

    503 while the database is away (a restart, maintenance), which trying again mends: that page asks the database nothing.
    """
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        headers = {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}
        page = render_to_string("503.html", {"request_id": request_id()})
        return HttpResponse(page, status=503, headers=headers)
    return render(request, "500.html", {"request_id": request_id()}, status=500)
