"""The second step of signing in (动态码验证): its page between the password and the session, and its part of the own account.

After the password the session only remembers for ten minutes whose code it waits for. It is nobody's until the code is
right, so that every other page treats it as signed out: there is no list of pages to keep closed.
"""

from __future__ import annotations

import io
import time
from base64 import b32encode
from dataclasses import dataclass

import segno
from django.contrib import messages
from django.contrib.auth import authenticate, login
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from departments import second_factor
from departments.accounts import AccountRefused
from departments.confirming import confirm_again
from departments.models import User
from departments.second_factor import CodeRefused
from evalsite import signing_in
from evalsite.middleware import MUST_SET_UP

HALF = "half_signed_in"
WAITS = 10 * 60
"""Seconds that the page waits for the code; then the password is asked for again."""


@dataclass(frozen=True)
class Half:
    """Who gave the right password, and where the person wanted to go."""

    user: User
    backend: str
    address: str


def begin(request: HttpRequest, user: User, address: str) -> None:
    """Remember whose code is waited for. The key of the session changes, as at every step of signing in."""
    request.session.cycle_key()
    request.session[HALF] = {
        "user": user.pk,
        "backend": user.backend,
        "password": user.get_session_auth_hash(),
        "address": address,
        "at": time.time(),
    }


def half(request: HttpRequest) -> Half | None:
    """Whose code is waited for: not for long, and not when the password or the account changed meanwhile."""
    found = request.session.get(HALF)
    if not found:
        return None
    user = User.objects.filter(pk=found["user"], is_active=True).first()
    same = user is not None and constant_time_compare(user.get_session_auth_hash(), found["password"])
    if user is None or not same or not 0 <= time.time() - found["at"] <= WAITS:
        del request.session[HALF]
        return None
    return Half(user, found["backend"], found["address"])


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The code after the password; when it is right, the person is signed in."""
    if request.user.is_authenticated:
        return redirect("home")
    waiting = half(request)
    if waiting is None:
        messages.info(request, "请先输入用户名和密码。")
        return redirect("login")
    if "drop" in request.POST:
        del request.session[HALF]
        return redirect("login")
    complaint = ""
    if request.method == "POST":
        try:
            passed = second_factor.check(user=waiting.user, code=request.POST.get("code", ""))
        except CodeRefused as error:
            signing_in.code_refused(request, waiting.user, error)
            complaint = str(error)
        else:
            del request.session[HALF]
            login(request, waiting.user, backend=waiting.backend)
            if passed.recovery:
                told = f"备用码已使用，还剩{passed.left}个。"
                messages.warning(request, f"{told}手机丢失的，请关闭动态码验证后用新手机重新设置。")
            return signing_in.entered(request, waiting.address)
    context = {"name": waiting.user.name, "complaint": complaint}
    return render(request, "registration/code.html", context, status=422 if complaint else 200)


@never_cache
@login_required
@require_GET
def own(request: HttpRequest) -> HttpResponse:
    """The second step of the own account: what it is, how it is set up, how it is switched off."""
    return _own(request)


def _own(request: HttpRequest, status: int = 200, **complaints: str) -> HttpResponse:
    user = request.user
    device = second_factor.device_of(user)
    pending = None if device else second_factor.pending_device(user)
    secret = b32encode(pending.bin_key).decode().rstrip("=") if pending else ""
    context = {
        "device": device,
        "pending": pending,
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "codes_left": second_factor.codes_left(user) if device else 0,
        "owed": MUST_SET_UP in request.session,
    }
    return render(request, "registration/second_factor.html", context | complaints, status=status)


@login_required
@require_POST
@confirm_again("设置动态码验证")
def set_up(request: HttpRequest) -> HttpResponse:
    """Hand out a secret for the telephone."""
    try:
        second_factor.begin(request.user)
    except AccountRefused as error:
        messages.error(request, str(error))
    return redirect("second-factor")


@never_cache
@login_required
@require_GET
def qr_code(request: HttpRequest) -> HttpResponse:
    """The secret as a QR code, only as long as it waits for its first code."""
    device = second_factor.pending_device(request.user)
    if device is None:
        raise Http404
    drawn = io.BytesIO()
    segno.make(device.config_url, error="m", micro=False).save(drawn, kind="svg", border=4, omitsize=True)
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")


@sensitive_post_parameters("code")
@never_cache
@login_required
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Switch it on by the first code; the answer shows the recovery codes and is the only page that does."""
    try:
        codes = second_factor.confirm(
            user=request.user,
            code=request.POST.get("code", ""),
            session_key=request.session.session_key,
        )
    except AccountRefused as error:
        return _own(request, 422, code_complaint=str(error))
    request.session.pop(MUST_SET_UP, None)
    return render(request, "registration/recovery_codes.html", {"codes": codes, "first": True})


@sensitive_post_parameters("code")
@never_cache
@login_required
@require_POST
def renew_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes, shown once."""
    try:
        codes = second_factor.renew_codes(user=request.user, code=request.POST.get("code", ""))
    except AccountRefused as error:
        return _own(request, 422, renew_complaint=str(error))
    return render(request, "registration/recovery_codes.html", {"codes": codes, "first": False})


@sensitive_post_parameters("password", "code")
@never_cache
@login_required
@require_POST
def switch_off(request: HttpRequest) -> HttpResponse:
    """Switch it off by the own password and a code."""
    user = request.user
    if authenticate(request, username=user.username, password=request.POST.get("password", "")) != user:
        return _own(request, 422, off_complaint="密码不正确，没有关闭，请重新输入。")
    try:
        second_factor.switch_off(user=user, code=request.POST.get("code", ""))
    except AccountRefused as error:
        return _own(request, 422, off_complaint=str(error))
    messages.success(request, "动态码验证已关闭，以后登录只需要密码。")
    if second_factor.must_set_up(user):
        request.session[MUST_SET_UP] = True
        return redirect("second-factor")
    return redirect("my-account")
