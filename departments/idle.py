"""The idle time-out (登录超时): a session in which nothing was done for a while ends, without losing what was being typed.

What a page asks for by itself (who else is here, how far an export has come) is not activity.
"""

from __future__ import annotations

import time

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest

SEEN, SINCE, WAS = "seen", "since", "timed_out_user"
STEP = 60
"""Seconds between two writes of the last activity into the session, so that not every page costs one."""
BY_ITSELF = frozenset({"report-presence", "bulk-go-on", "session-state"})
"""Addresses that pages ask repeatedly without anybody doing anything."""
POLLED_PARTS = frozenset({"export"})
"""Pages of which htmx fetches a part repeatedly."""


def begin(request: HttpRequest) -> None:
    """Start counting at sign-in."""
    request.session[SEEN] = request.session[SINCE] = int(time.time())


def seconds_left(request: HttpRequest) -> int:
    """Seconds until the session ends if nothing is done; 0 or less when it is over."""
    now = int(time.time())
    return min(
        request.session.get(SEEN, now) + settings.SESSION_IDLE_SECONDS - now,
        request.session.get(SINCE, now) + settings.SESSION_LONGEST_SECONDS - now,
    )


def touch(request: HttpRequest) -> None:
    """Count this request as activity."""
    now, step = int(time.time()), min(STEP, settings.SESSION_IDLE_SECONDS // 10)
    if now - request.session.get(SEEN, 0) >= step:
        request.session[SEEN] = now
        request.session.setdefault(SINCE, now)


def by_itself(request: HttpRequest) -> bool:
    """Whether a page asked this without anybody doing anything."""
    name = request.resolver_match.view_name
    return name in BY_ITSELF or (name in POLLED_PARTS and "htmx" in request.GET)


def end(request: HttpRequest) -> None:
    """End the session and remember whose it was, so that a form that arrives late can wait for the same person."""
    was = request.user.pk
    request.timed_out = True
    logout(request)
    request.session[WAS] = was
