"""Middleware of our own."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.views.defaults import bad_request
from django_htmx.http import HttpResponseClientRedirect

from departments import idle, kept_forms
from departments.passwords import is_old
from evalsite import metrics
from evalsite.logs import current_id, request_id

MUST_SET_UP = "second_factor_owed"
"""Stands in the session of whoever has to set up the second step of signing in."""
RESUME = "late_form"
"""Where a form waits that arrived after the time-out."""
REQUEST_ID = "X-Request-ID"
ACCEPTED = re.compile(r"[A-Za-z0-9._-]{8,64}")
access = logging.getLogger("evalsite.access")


class RequestLogMiddleware:
    """Gives every request an id, measures it, and writes one line about it. The first of all middlewares.

    An id that came with the request is kept only behind a proxy that sets it; anybody could send one otherwise.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(REQUEST_ID, "") if settings.BEHIND_PROXY else ""
        token = current_id.set(given if ACCEPTED.fullmatch(given) else uuid.uuid4().hex)
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            seconds = time.perf_counter() - started
            response.headers[REQUEST_ID] = request_id()
            view = request.resolver_match.view_name if request.resolver_match else ""
            metrics.count(request.method or "", view, response.status_code, seconds)
            self._log(request, response, view, seconds)
            return response
        finally:
            current_id.reset(token)

    @staticmethod
    def _log(request: HttpRequest, response: HttpResponse, view: str, seconds: float) -> None:
        if not access.isEnabledFor(logging.INFO):
            return
        # Not the query: what people search for is nobody's business. Never a database query for a log line either.
        user = getattr(request, "_cached_user", None)
        path, milliseconds = iri_to_uri(request.path), round(seconds * 1000, 1)
        access.info(
            "%s %s %s %s ms",
            request.method,
            path,
            response.status_code,
            milliseconds,
            extra={
                "method": request.method,
                "path": path,
                "status": response.status_code,
                "ms": milliseconds,
                "user": user.pk if user is not None else None,
                "view": view,
            },
        )


class ImpossibleValueMiddleware:
    """Answer 400 where the database cannot even be asked: a NUL byte in a text (PostgreSQL), a key beyond 64 bits (SQLite).

    Nobody can type or choose these; they come from an address or a form that was forged.
    """

    SIGNS = ("NUL (0x00)", "too large to convert to SQLite INTEGER")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        refused = isinstance(exception, DataError | OverflowError)
        if refused and any(sign in str(exception) for sign in self.SIGNS):
            return bad_request(request, exception)
        return None


class PrivatePagesMiddleware:
    """Keep pages of signed-in people out of shared caches and of the browser's back button after log-out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.has_header("Cache-Control"):
            return response  # a page that says itself how it may be kept; asking who reads it would tie it to the cookie
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            response.headers["Cache-Control"] = "private, no-store"
        return response


class _FirstThingsFirst:
    """Lead whoever owes something about the own account from every page to the page where it is done."""

    OPEN: frozenset[str]
    """Routes that stay open meanwhile."""
    page: str
    """Route of the page where it is done."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def owes(self, request: HttpRequest) -> bool:
        """Whether this person, who has signed in, has to do it."""
        raise NotImplementedError

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        if getattr(view, "for_everybody", False):
            return None  # a public page does not ask who reads it
        match = request.resolver_match
        if match is None or match.view_name in self.OPEN:
            return None
        if not request.user.is_authenticated or not self.owes(request):
            return None
        answer = redirect(self.page)
        return HttpResponseClientRedirect(answer.url) if request.htmx else answer


class ChangePasswordFirstMiddleware(_FirstThingsFirst):
    """For whoever has a one-time password, or one that is too old."""

    page = "password"
    OPEN = frozenset(
        {
            "password",
            "login",
            "logout",
            "session-state",
            "session-keep",
            "sign-in-again",
            "confirm-again",
            "help",
            "help-role",
            "help-questions",
            "help-terms",
        }
    )

    def owes(self, request: HttpRequest) -> bool:
        return request.user.must_change_password or is_old(request.user)


class SecondFactorFirstMiddleware(_FirstThingsFirst):
    """For whoever has to set up the second step of signing in.

    Whether it is owed is found out at sign-in and stands in the session: a page costs no query for it.
    """

    page = "second-factor"
    OPEN = ChangePasswordFirstMiddleware.OPEN | {
        "second-factor",
        "second-factor-set-up",
        "second-factor-qr",
        "second-factor-confirm",
    }

    def owes(self, request: HttpRequest) -> bool:
        return MUST_SET_UP in request.session


class LateAnswersSessionMiddleware(SessionMiddleware):
    """Sessions of which a late answer does not end a newer one.

    A save on its way when its session ran out is answered after the sign-in over the page. Django would take the cookie
    back with that answer, and the browser cannot know that it is the new one by now. A cookie of a session that is gone
    opens nothing: only signing out takes it back.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        response = super().process_response(request, response)
        cookie = response.cookies.get(settings.SESSION_COOKIE_NAME)
        match = request.resolver_match
        if cookie is not None and not cookie.value and not (match and match.view_name == "logout"):
            del response.cookies[settings.SESSION_COOKIE_NAME]
        return response


class IdleTimeOutMiddleware:
    """End a session in which nothing was done for a while, and lose nothing that was typed.

    A script that meets the sign-in page gets 401 instead, and the page asks for the password over itself (static/js/session.js).
    A form that a browser sent by itself waits in the session until the same person has signed in again.
    """

    UNKEPT = frozenset(
        {
            "login",
            "sign-in-code",
            "logout",
            "password",
            "sign-in-again",
            "confirm-again",
            "second-factor-confirm",
            "second-factor-codes",
            "second-factor-off",
        }
    )

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if response.status_code != 302 or match is None or match.view_name in self.UNKEPT:
            return response
        if urlsplit(response.headers["Location"]).path != reverse("login") or request.user.is_authenticated:
            return response
        if request.htmx:
            return HttpResponse(status=401)
        if request.method == "POST" and (was := request.session.get(idle.WAS)):
            kept_forms.keep(request, RESUME, was)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> None:
        if getattr(view, "for_everybody", False):
            return  # a public page does not ask who reads it
        if not request.user.is_authenticated:
            return
        if idle.seconds_left(request) <= 0:
            idle.end(request)
        elif not idle.by_itself(request):
            idle.touch(request)
