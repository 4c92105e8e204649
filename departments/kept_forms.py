"""A posted form that waits for a password (保留已提交的内容): kept in the session, performed afterwards as it was sent.

Two things need it: a form that arrived after the idle time-out, and an act that asks for the password once more
(:mod:`departments.confirming`). The body never stands in an address; it lies signed in the session's row, for one person and
for a limited time. Files and passwords are not kept.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import resolve
from django.utils.datastructures import MultiValueDict

LARGEST = 2 * 1024 * 1024
"""Characters of names and values that are kept; a longer form is not."""
UNKEPT_FIELDS = ("csrfmiddlewaretoken",)


@dataclass(frozen=True)
class KeptForm:
    """What somebody sent and to where."""

    user: int
    address: str
    fields: list[tuple[str, str]]
    came_from: str
    files: bool
    """Whether files came with it, which have to be chosen again."""
    at: float

    @property
    def texts(self) -> list[str]:
        """What a person can recognise of it: the longer values, for reading and copying."""
        return [value for _, value in self.fields if len(value.strip()) > 1 and not value.isascii()]


def keep(request: HttpRequest, slot: str, user: int) -> bool:
    """Keep the posted form of this request under ``slot`` for that person; whether it could be kept."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in UNKEPT_FIELDS and "password" not in name
        for value in values
    ]
    if sum(len(name) + len(value) for name, value in fields) > LARGEST:
        return False
    request.session[slot] = {
        "user": user,
        "address": request.get_full_path(),
        "fields": fields,
        "came_from": _own_address(request),
        "files": bool(request.FILES),
        "at": time.time(),
    }
    return True


def kept(request: HttpRequest, slot: str, *, within: int) -> KeptForm | None:
    """The form that waits under ``slot`` for this person; nothing if there is none, or it is older than ``within`` seconds."""
    found = request.session.get(slot)
    if not found:
        return None
    if found["user"] != request.user.pk or time.time() - found["at"] > within:
        drop(request, slot)
        return None
    return KeptForm(**found | {"fields": [(name, value) for name, value in found["fields"]]})


def drop(request: HttpRequest, slot: str) -> None:
    """Forget what waits under ``slot``."""
    request.session.pop(slot, None)


def perform(request: HttpRequest, form: KeptForm) -> HttpResponse:
    """Answer as if the form had been sent now. The request that asks for it has passed the check of the form token."""
    parts = urlsplit(form.address)
    body = QueryDict(mutable=True)
    for name, value in form.fields:
        body.appendlist(name, value)
    body._mutable = False
    request.GET, request.POST = QueryDict(parts.query), body
    request._files = MultiValueDict()
    request.path = request.path_info = parts.path
    request.META["QUERY_STRING"], request.META["PATH_INFO"] = parts.query, parts.path
    request.resolver_match = match = resolve(parts.path)
    return match.func(request, *match.args, **match.kwargs)


def _own_address(request: HttpRequest) -> str:
    """Path of the page that the form stood on; empty when the browser does not say, or names another site."""
    parts = urlsplit(request.headers.get("Referer", ""))
    if parts.netloc != request.get_host():
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
