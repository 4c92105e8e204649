"""What happens at every sign-in and sign-out, whichever page it came from (登录、退出)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format

from departments import confirming, idle, kept_forms, lockout, second_factor, sign_ins
from departments.models import SignIn, User
from departments.services import record_of
from evalsite.middleware import MUST_SET_UP, RESUME
from reports import notices

TELL_AFTER = 5
"""Wrong codes in a row after which the person is told."""


def signed_in(request: HttpRequest, user: User, **kwargs: object) -> None:
    """Start counting the idle time, write the sign-in down, and tell the person of one from elsewhere (登录提醒)."""
    request.session.pop(idle.WAS, None)
    idle.begin(request)
    confirming.note(request)
    request.session.pop(MUST_SET_UP, None)
    if second_factor.must_set_up(user):
        request.session[MUST_SET_UP] = True
    with transaction.atomic():
        made = sign_ins.begin(request, user)
        where = Where.of(request)
        _write(user, "sign-in", f"{user}{where.words}登录", where, by=user)
    if sign_ins.is_from_elsewhere(made):
        text = f"您的账号于{place_of(made)}登录，此前没有在这里登录过。如果不是您本人，请立即修改密码并告知系统管理员。"
        notices.send(None, [user.pk], text)


def sign_in_failed(credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: object) -> None:
    """Write down a wrong password of a known account; the row about its lock-out stands for what comes after the last one.

    What was typed as the name of no account is written nowhere: it may be a password.
    """
    user = User.objects.filter(username=credentials.get("username") or "").first()
    if user is None or request is None:
        return
    where = Where.of(request)
    if not lockout.locked_until(user.username, where.address):
        _write(
            user, "sign-in.failed", f"有人{where.words}登录{user}（{user.username}）的账号，密码不正确", where
        )


def code_refused(request: HttpRequest, user: User, error: second_factor.CodeRefused) -> None:
    """Write down a wrong code after the right password, and tell the person when it happens again and again."""
    if not error.failures:
        return
    where = Where.of(request)
    words = f"有人{where.words}登录{user}（{user.username}）的账号，密码正确，动态码不正确"
    _write(user, "sign-in.code", words, where, failures=error.failures)
    if error.failures == TELL_AFTER:
        text = f"有人{where.words}用您的密码登录，动态码连续{TELL_AFTER}次不正确。"
        notices.send(None, [user.pk], f"{text}如果不是您本人，请立即修改密码并告知系统管理员。")


@dataclass(frozen=True)
class Where:
    """From where and with what somebody signs in or out."""

    address: str
    device: str

    @classmethod
    def of(cls, request: HttpRequest) -> Where:
        device = sign_ins.device_of(request.headers.get("User-Agent", ""))
        return cls(sign_ins.address_of(request), device)

    @property
    def words(self) -> str:
        return f"从{self.address or '未知地址'}" + (f"（{self.device}）" if self.device else "")


def _write(
    user: User, event: str, sentence: str, where: Where, *, by: User | None = None, **more: object
) -> None:
    data = {"user": user.pk, "address": where.address, "device": where.device, **more}
    record_of(user, event=event, sentence=sentence, by=by, data=data)


def entered(request: HttpRequest, address: str) -> HttpResponse:
    """The answer to a sign-in: say when and from where the account was used before (上次登录), and lead on to the form that
    arrived after the time-out, to where the person wanted to go, or home."""
    made = SignIn.objects.visible_to(request.user).first()
    if made and (last := sign_ins.before(made)):
        messages.info(request, f"上次登录：{place_of(last)}。")
    return redirect("resume" if waiting_form(request) else address or settings.LOGIN_REDIRECT_URL)


def waiting_form(request: HttpRequest) -> kept_forms.KeptForm | None:
    """The form that this person sent after the session had run out."""
    return kept_forms.kept(request, RESUME, within=settings.SESSION_COOKIE_AGE)


def signed_out(request: HttpRequest, user: User | None, **kwargs: object) -> None:
    """Write down that the session ended, by its owner or by itself."""
    if user is not None:
        how = SignIn.End.IDLE if getattr(request, "timed_out", False) else SignIn.End.LEFT
        with transaction.atomic():
            sign_ins.left(request.session.session_key, how)
            where = Where.of(request)
            words = f"{user}{where.words}{'超时退出' if how == SignIn.End.IDLE else '退出'}登录"
            _write(user, "sign-out", words, where, by=user, how=str(how))


def locked_out(username: str, ip_address: str, **kwargs: object) -> None:
    """Write down that an account is locked after wrong passwords."""
    lockout.tell_of_lock(username, ip_address)


def place_of(sign_in: SignIn) -> str:
    """When, from where and with what: ``2024年5月20日 09:00从10.1.2.3（Chrome，Windows）``."""
    moment = date_format(timezone.localtime(sign_in.since), "Y年n月j日 H:i")
    device = f"（{sign_in.device}）" if sign_in.device else ""
    return f"{moment}从{sign_in.address or '未知地址'}{device}"
