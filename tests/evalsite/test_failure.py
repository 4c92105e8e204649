"""Failures are told in a sentence; a database that is away is not called a fault of the system."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from evalsite import views

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (OperationalError("server closed the connection unexpectedly"), 503, "正在重启或维护"),
        (ValueError("a fault of ours"), 500, "系统出现故障"),
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
