"""Middleware of our own."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_htmx.http import HttpResponseClientRedirect


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


class ChangePasswordFirstMiddleware:
    """Lead whoever signed in with a one-time password to the page that changes it, from every page, until it is done."""

    OPEN = frozenset({"password", "login", "logout"})

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        if getattr(view, "for_everybody", False):
            return None  # a public page does not ask who reads it
        user, match = request.user, request.resolver_match
        if not user.is_authenticated or not user.must_change_password or match is None:
            return None
        if match.view_name in self.OPEN:
            return None
        answer = redirect("password")
        return HttpResponseClientRedirect(answer.url) if request.htmx else answer
