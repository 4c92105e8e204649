"""What may be read from the replica, what never is, and what happens when it is away (streaming itself: tests/soak)."""

from __future__ import annotations

import logging

import pytest
from django.contrib.sessions.models import Session
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import resolve

from departments.models import Department, RoleAssignment, User
from evalsite import replica
from reports.models import Publication, Report


class NoConnection:
    """Stands for both databases: none is really asked here."""

    def __init__(self) -> None:
        self.in_atomic_block = False

    def close(self) -> None:
        pass


@pytest.fixture(autouse=True)
def databases(monkeypatch) -> dict[str, NoConnection]:
    """A replica in good order."""
    made = {"default": NoConnection(), "replica": NoConnection()}
    monkeypatch.setattr(replica, "connections", made)
    monkeypatch.setattr(replica, "state", replica.State())
    monkeypatch.setattr(replica, "_fault", lambda: "")
    return made


def asked(
    path: str, view=None, *, method: str = "GET", cookie: bool = False
) -> tuple[list[str], HttpResponse]:
    """Databases that the page reads reports from, and its answer."""
    seen: list[str] = []

    def page(request, *args, **kwargs):
        seen.append(replica.Router().db_for_read(Report))
        return view(request) if view else HttpResponse("ok")

    request = RequestFactory().generic(method, path)
    request.resolver_match = resolve(path)
    if cookie:
        request.COOKIES[replica.WROTE] = "1"
    middleware = replica.ReplicaMiddleware(lambda request: respond(middleware, request, page))
    return seen, middleware(request)


def respond(middleware, request, page) -> HttpResponse:
    """What Django's handler does with a middleware's hooks."""
    match = request.resolver_match
    middleware.process_view(request, page, match.args, match.kwargs)
    try:
        return page(request, *match.args, **match.kwargs)
    except Exception as error:
        if answer := middleware.process_exception(request, error):
            return answer
        raise


@pytest.mark.parametrize(
    ("path", "database"),
    [
        ("/public/", "replica"),
        ("/public/data/", "replica"),
        ("/api/v1/reports", "replica"),
        ("/overview/", "replica"),
        ("/overview/ranking/", "replica"),
        ("/", "default"),
        ("/queue/", "default"),
        ("/reports/1/", "default"),
        ("/publication/", "default"),
        ("/verify/", "default"),
        ("/login/", "default"),
    ],
)
def test_only_public_pages_and_the_overview_read_from_it(path, database):
    assert asked(path)[0] == [database]


def test_after_the_page_everything_is_the_primarys_again():
    asked("/public/")
    assert replica.Router().db_for_read(Report) == "default"


def test_a_form_is_worked_on_by_the_primary_and_its_sender_stays_there():
    seen, response = asked("/overview/summary/save/", method="POST")
    assert seen == ["default"]
    assert response.cookies[replica.WROTE]["max-age"] == 15
    assert asked("/overview/", cookie=True)[0] == ["default"]
    assert replica.WROTE not in asked("/overview/")[1].cookies


def test_rights_sessions_and_transactions_are_never_read_from_it(databases):
    def page(request):
        router = replica.Router()
        for model in (User, RoleAssignment, Session):
            assert router.db_for_read(model) == "default"
        for model in (Department, Publication):
            assert router.db_for_read(model) == "replica"
        assert router.db_for_write(Report) == "default"
        databases["default"].in_atomic_block = True
        assert router.db_for_read(Department) == "default"
        return HttpResponse()

    assert asked("/public/", page)[0] == ["replica"]


def test_migrations_are_for_the_primary_alone():
    assert replica.Router().allow_migrate("default", "reports")
    assert not replica.Router().allow_migrate("replica", "reports")


@pytest.mark.parametrize("error", [OperationalError("gone"), InterfaceError("connection already closed")])
def test_a_page_on_which_it_fails_is_made_again_from_the_primary(error, caplog):
    def page(request):
        if replica._reading.get():
            raise error
        return HttpResponse("from the primary")

    with caplog.at_level(logging.WARNING, "evalsite.replica"):
        _, response = asked("/public/", page)
        assert response.content == b"from the primary"
        assert asked("/public/")[0] == ["default"]
    assert len(caplog.records) == 1
    assert str(error) in caplog.text


def test_another_failure_is_not_hidden():
    def page(request):
        raise ValueError("a fault of ours")

    with pytest.raises(ValueError, match="ours"):
        asked("/public/", page)


def test_it_is_asked_for_its_state_now_and_then_and_comes_back(monkeypatch, caplog):
    clock, faults, calls = [100.0], ["it is 40 s behind"], []
    monkeypatch.setattr(replica.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(replica, "_fault", lambda: calls.append(1) or faults[0])
    state = replica.State()
    with caplog.at_level(logging.WARNING, "evalsite.replica"):
        assert [state.usable() for _ in range(3)] == [False] * 3
        assert len(calls) == 1
        faults[0], clock[0] = "", 100.0 + replica.REST + 1
        assert state.usable()
    assert [record.getMessage().split(":")[0] for record in caplog.records] == [
        "the replica is passed over, the primary answers",
        "the replica answers again",
    ]
