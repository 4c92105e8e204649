"""An optional read replica (``DATABASE_REPLICA_URL``) for the public pages and the overview (docs/scale.md).

Whatever is not named here goes to the primary, always: all writing, all reading within a transaction, sessions,
accounts and roles, and every page outside :data:`ROUTES`. Who has just sent a form reads from the primary for a while,
so that everybody sees what they did. A replica that is away or too far behind is passed over, with a line in the log.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, OperationalError, connections, models
from django.http import HttpRequest, HttpResponse

REPLICA = "replica"
ROUTES = ("public/", "api/v1/", "sitemap", "overview/")
"""What the address pattern of a page begins with that may be read from the replica."""
APPS = frozenset({"budgets", "departments", "indicators", "reports"})
NEVER = frozenset({"departments.user", "departments.roleassignment"})
"""Who may read what is asked of the primary: a role that was taken away must not work for the replica's delay."""
WROTE = "evalsite_wrote"
"""Cookie of a browser that has just sent a form."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
ASK_EVERY = 2.0
"""Seconds for which an answer about the replica's state holds."""
REST = 10.0
"""Seconds for which a replica that failed is not asked again."""
# No row in pg_stat_wal_receiver: cut off from the primary, so that it would not know how far behind it is.
BEHIND = """
SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM pg_stat_wal_receiver) THEN NULL
            WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
            ELSE extract(epoch FROM now() - pg_last_xact_replay_timestamp()) END
"""

log = logging.getLogger("evalsite.replica")
_reading: ContextVar[bool] = ContextVar("reads_from_the_replica", default=False)


class Router:
    """Reads of a page that may (:class:`ReplicaMiddleware`) go to the replica; all else to the primary."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str:
        meta = model._meta
        if not _reading.get() or meta.app_label not in APPS or meta.label_lower in NEVER:
            return DEFAULT_DB_ALIAS
        return DEFAULT_DB_ALIAS if connections[DEFAULT_DB_ALIAS].in_atomic_block else REPLICA

    def db_for_write(self, model: type[models.Model], **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: models.Model, other: models.Model, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == DEFAULT_DB_ALIAS


class State:
    """Whether the replica can be read; one answer serves all threads of the process for a moment."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until = 0.0
        self._usable = True

    def usable(self) -> bool:
        with self._lock:
            if time.monotonic() >= self._until:
                self._set(_fault())
            return self._usable

    def failed(self, fault: str) -> None:
        """Pass it over for a while."""
        with self._lock:
            self._set(fault)

    def _set(self, fault: str) -> None:
        if fault and self._usable:
            log.warning("the replica is passed over, the primary answers: %s", fault)
        elif not fault and not self._usable:
            log.warning("the replica answers again")
        self._usable = not fault
        self._until = time.monotonic() + (REST if fault else ASK_EVERY)


state = State()


def _fault() -> str:
    """What is wrong with the replica; empty when it may be read."""
    try:
        with connections[REPLICA].cursor() as cursor:
            cursor.execute(BEHIND)
            seconds = cursor.fetchone()[0]
    except DatabaseError as error:
        return str(error).strip()
    if seconds is None:
        return "it has no connection to the primary"
    limit = settings.REPLICA_PIN_SECONDS
    return f"it is {seconds:.0f} s behind, more than {limit}" if seconds > limit else ""


class ReplicaMiddleware:
    """Says for each request whether it may read from the replica; the innermost, so that sessions and rights are read before.

    If the replica fails in the middle of a page, the page is made again from the primary.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _reading.set(False)
        try:
            response = self.get_response(request)
        finally:
            _reading.reset(token)
        if request.method not in SAFE:
            response.set_cookie(
                WROTE,
                "1",
                max_age=settings.REPLICA_PIN_SECONDS,
                httponly=True,
                secure=settings.SESSION_COOKIE_SECURE,
                samesite="Lax",
            )
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> None:
        if (
            request.method in SAFE
            and WROTE not in request.COOKIES
            and self._named(request)
            and state.usable()
        ):
            request.made_again = lambda: view(request, *args, **kwargs)
            _reading.set(True)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not _reading.get() or not isinstance(error, OperationalError | InterfaceError):
            return None
        state.failed(str(error).strip())
        connections[REPLICA].close()
        _reading.set(False)
        return request.made_again()

    @staticmethod
    def _named(request: HttpRequest) -> bool:
        return request.resolver_match is not None and request.resolver_match.route.startswith(ROUTES)
