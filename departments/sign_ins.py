"""Where a person is signed in (登录记录): from which address, with which program, and how it ends."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from departments.idle import SEEN
from departments.models import SignIn, User
from departments.services import record_of

KEPT_DAYS = 180
"""How long an ended sign-in is kept: six months (网络安全法第二十一条：留存网络日志不少于六个月)."""
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "安卓"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)
PROGRAMS = (
    ("MicroMessenger", "微信"),
    ("Edg", "Edge"),
    ("360", "360浏览器"),
    ("QQBrowser", "QQ浏览器"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
    ("Trident", "IE"),
)


@dataclass(frozen=True)
class OpenSession:
    """A sign-in that lasts."""

    sign_in: SignIn
    last_seen: datetime.datetime
    here: bool
    """Whether it is the one that asks."""


def address_of(request: HttpRequest) -> str:
    """Address of the caller; behind a proxy the one that the proxy names, which is the last of the list."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    return (forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", ""))[:45]


def device_of(agent: str) -> str:
    """Program and system in words: ``Chrome，Windows``. Versions are left out, since they change every few weeks."""
    found = [next((word for sign, word in table if sign in agent), "") for table in (PROGRAMS, SYSTEMS)]
    return "，".join(filter(None, found)) or ("其他程序" if agent else "")


def begin(request: HttpRequest, user: User) -> SignIn:
    """Write down a sign-in; what is older than :data:`KEPT_DAYS` and ended goes."""
    long_ago = timezone.now() - datetime.timedelta(days=KEPT_DAYS)
    SignIn.objects.filter(user=user, since__lt=long_ago).delete()
    return SignIn.objects.create(
        user=user,
        session_key=request.session.session_key,
        address=address_of(request),
        device=device_of(request.headers.get("User-Agent", "")),
    )


def is_from_elsewhere(sign_in: SignIn) -> bool:
    """Whether the person was signed in before, but never from this address with this program."""
    earlier = SignIn.objects.filter(user=sign_in.user_id, pk__lt=sign_in.pk)
    here = earlier.filter(address=sign_in.address, device=sign_in.device)
    return earlier.exists() and not here.exists()


def before(sign_in: SignIn) -> SignIn | None:
    """The sign-in before this one (上次登录)."""
    return SignIn.objects.filter(user=sign_in.user_id, pk__lt=sign_in.pk).first()


def open_sessions(user: User, here: str | None) -> list[OpenSession]:
    """Where the person is signed in now, the newest first; a fixed number of queries."""
    rows = {row.session_key: row for row in SignIn.objects.visible_to(user).filter(ended_at=None)}
    found = []
    for session in Session.objects.filter(session_key__in=rows, expire_date__gt=timezone.now()):
        seen = datetime.datetime.fromtimestamp(session.get_decoded().get(SEEN, 0), datetime.UTC)
        key = session.session_key
        if seen + datetime.timedelta(seconds=settings.SESSION_IDLE_SECONDS) > timezone.now():
            found.append(OpenSession(rows[key], seen, here=key == here))
    return sorted(found, key=lambda item: -item.sign_in.pk)


def left(session_key: str | None, end: SignIn.End) -> None:
    """Write down that a session is over; the caller ends it."""
    SignIn.objects.filter(session_key=session_key or "", ended_at=None).update(
        ended_at=timezone.now(), end=end
    )


def moved(old: str, new: str) -> None:
    """A session goes on under another key."""
    SignIn.objects.filter(session_key=old).update(session_key=new)


@transaction.atomic
def end(*, user: User, but: str | None = None, only: int | None = None, how: SignIn.End) -> int:
    """End sessions of a person at once (退出其他登录): all, all but the session ``but``, or the sign-in ``only``; how many."""
    rows = SignIn.objects.visible_to(user).filter(ended_at=None)
    if but:
        rows = rows.exclude(session_key=but)
    if only is not None:
        rows = rows.filter(pk=only)
    keys = list(rows.values_list("session_key", flat=True))
    rows.update(ended_at=timezone.now(), end=how)
    Session.objects.filter(session_key__in=keys).delete()
    if keys and how == SignIn.End.ENDED:
        record_of(user, event="account.sessions", sentence=f"{user}退出了{len(keys)}处登录", by=user)
    return len(keys)
