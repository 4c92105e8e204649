"""What happens at every sign-in and sign-out, whichever page it came from (登录、退出)."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format

from departments import confirming, idle, lockout, sign_ins
from departments.models import SignIn, User
from reports import notices


def signed_in(request: HttpRequest, user: User, **kwargs: object) -> None:
    """Start counting the idle time, write the sign-in down, and tell the person of one from elsewhere (登录提醒)."""
    request.session.pop(idle.WAS, None)
    idle.begin(request)
    confirming.note(request)
    made = sign_ins.begin(request, user)
    if sign_ins.is_from_elsewhere(made):
        text = f"您的账号于{place_of(made)}登录，此前没有在这里登录过。如果不是您本人，请立即修改密码并告知系统管理员。"
        notices.send(None, [user.pk], text)


def signed_out(request: HttpRequest, user: User | None, **kwargs: object) -> None:
    """Write down that the session ended, by its owner or by itself."""
    if user is not None:
        how = SignIn.End.IDLE if getattr(request, "timed_out", False) else SignIn.End.LEFT
        sign_ins.left(request.session.session_key, how)


def locked_out(username: str, ip_address: str, **kwargs: object) -> None:
    """Write down that an account is locked after wrong passwords."""
    lockout.tell_of_lock(username, ip_address)


def place_of(sign_in: SignIn) -> str:
    """When, from where and with what: ``2024年5月20日 09:00从10.1.2.3（Chrome，Windows）``."""
    moment = date_format(timezone.localtime(sign_in.since), "Y年n月j日 H:i")
    device = f"（{sign_in.device}）" if sign_in.device else ""
    return f"{moment}从{sign_in.address or '未知地址'}{device}"
