"""Failures are told in a sentence; a database that is away is not called a fault of the system."""

from __future__ import annotations

import pytest
from django.db import DataError, OperationalError
from django.test import Client
from django.urls import reverse

from evalsite import views
from tests.db import make_region, make_round, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (OperationalError("server closed the connection unexpectedly"), 503, "正在重启或维护"),
        (ValueError("a fault of ours"), 500, "系统出现故障"),
        (DataError("value too long"), 500, "系统出现故障"),
        (OverflowError("Python int too large to convert to SQLite INTEGER"), 400, "没有办理"),
        (OverflowError("another"), 500, "系统出现故障"),
        (DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes"), 400, "没有办理"),
    ],
)
def test_a_failure_is_a_sentence(monkeypatch, error, status, words):
    def fail(*_args: object, **_kwargs: object) -> None:
        raise error

    monkeypatch.setattr(views.SignIn, "get_context_data", fail)
    response = Client(raise_request_exception=False).get(reverse("login"))
    assert response.status_code == status
    assert words in response.content.decode()
    assert str(error) not in response.content.decode()
    assert ("Retry-After" in response.headers) is (status == 503)


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"username=" + b"x" * 2000, FORM),
        (b"&".join(b"a=1" for _ in range(30)), FORM),
        (b"x", "multipart/form-data; boundary="),
    ],
    ids=["too large", "too many fields", "broken"],
)
def test_a_form_that_cannot_be_read_is_refused_in_chinese(body, kind, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 20
    response = Client().generic("POST", reverse("login"), body, kind)
    assert response.status_code == 400
    assert "提交的内容太大" in response.content.decode()


@pytest.mark.database
@pytest.mark.parametrize("role", ["reviewer", "round_manager", "administrator"])
def test_a_nul_byte_in_a_filter_is_no_failure(role):
    client = Client()
    client.force_login(make_user(role))
    for name in (
        "queue",
        "audit",
        "people",
        "units",
        "targets",
        "rectifications",
        "classified",
        "public-list",
    ):
        for field in ("q", "unit", "person", "role", "round", "region", "year", "state", "status"):
            assert client.get(reverse(name), {field: "a\0b"}).status_code in (200, 302, 400, 403, 404, 422)


@pytest.mark.database
def test_a_nul_byte_in_a_form_is_no_failure():
    client, round = Client(), make_round()
    client.force_login(make_user("round_manager"))
    response = client.post(reverse("policy-choose"), {"round": round.pk, "policy": "a\0b"})
    assert response.status_code in (302, 400)


@pytest.mark.database
@pytest.mark.parametrize("field", ["members", "departments"])
def test_a_key_beyond_all_measure_is_no_failure(field):
    client = Client()
    client.force_login(make_user("round_manager"))
    form = {"name": "农业股", field: "9" * 30}
    response = client.post(reverse("office-add", args=[make_region().pk]), form)
    assert response.status_code in (400, 422)
