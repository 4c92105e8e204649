"""The password once more before a dangerous act (再次确认): whoever finds an unattended screen cannot publish with it.

A view says what it is about by :func:`confirm_again`. The posted form is kept (:mod:`departments.kept_forms`) and performed as it
was sent when the password was right; for the next minutes nothing is asked. Signing in counts as giving the password.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from departments import kept_forms

CONFIRMED = "confirmed_at"
SLOT = "form_to_confirm"
LABEL = "act_to_confirm"
WAITS = 15 * 60
"""Seconds that a form waits for the password."""


def note(request: HttpRequest) -> None:
    """The person has just given the password."""
    request.session[CONFIRMED] = int(time.time())


def is_fresh(request: HttpRequest) -> bool:
    """Whether the password was given a short while ago."""
    return 0 <= time.time() - request.session.get(CONFIRMED, 0) < settings.CONFIRM_AGAIN_SECONDS


def ask(request: HttpRequest, label: str) -> HttpResponse | None:
    """The answer that asks for the password before this posted form is performed; nothing where it was given lately."""
    if request.method != "POST" or is_fresh(request):
        return None
    kept_forms.drop(request, SLOT)
    if not kept_forms.keep(request, SLOT, request.user.pk):
        messages.error(request, "内容太长，没有办理。请重新登录后五分钟内再办理。")
    request.session[LABEL] = label
    address = reverse("confirm-again")
    return HttpResponseClientRedirect(address) if getattr(request, "htmx", False) else redirect(address)


def confirm_again(about: str | Callable[..., str]) -> Callable[..., Any]:
    """Ask for the password before a view's POST. ``about`` names the act, or tells it of the request and the view's arguments;
    an empty answer means that this use is not dangerous. To be put below ``login_required``."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            label = about(request, *args, **kwargs) if callable(about) else about
            return (label and ask(request, label)) or view(request, *args, **kwargs)

        return wrapped

    return decorate
