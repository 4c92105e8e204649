"""Request ids and the lines of the log."""

from __future__ import annotations

import io
import json
import logging
import re
import sys

import pytest
from django.test import Client
from django.urls import reverse

from evalsite.logs import JsonFormatter, RequestIdFilter, current_id
from reports.exporting import views
from tests.db import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines():
    """What the log writes, as JSON lines."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    handler.addFilter(RequestIdFilter())
    root, access = logging.getLogger(), logging.getLogger("evalsite.access")
    level = access.level
    root.addHandler(handler)
    access.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    access.setLevel(level)


def test_every_answer_has_an_id_and_a_line(client, lines):
    user = make_user("reviewer")
    client.force_login(user)
    first, second = client.get(reverse("home"), {"q": "秘密"}), client.get("/nowhere/")
    ids = [response["X-Request-ID"] for response in (first, second)]
    assert len(set(ids)) == 2
    assert all(re.fullmatch("[0-9a-f]{32}", item) for item in ids)
    written = [line for line in lines() if line["logger"] == "evalsite.access"]
    assert [line["request_id"] for line in written] == ids
    assert [(line["method"], line["path"], line["status"], line.get("view")) for line in written] == [
        ("GET", "/", 200, "home"),
        ("GET", "/nowhere/", 404, ""),
    ]
    assert written[0]["user"] == user.pk
    assert written[0]["ms"] > 0
    assert "秘密" not in json.dumps(written, ensure_ascii=False)


def test_a_line_break_in_the_address_makes_no_second_line(client, lines):
    client.get("/a%0Ab/")
    assert next(line["path"] for line in lines() if "status" in line) == "/a%0Ab/"


@pytest.mark.parametrize(
    ("behind", "given", "kept"),
    [
        (True, "from-the-proxy-1", True),
        (False, "from-the-proxy-1", False),
        (True, "x" * 65, False),
        (True, "a\nb", False),
        (True, "short", False),
    ],
)
def test_an_id_from_outside_is_kept_only_from_a_proxy(client, settings, behind, given, kept):
    settings.BEHIND_PROXY = behind
    response = client.get(reverse("login"), headers={"X-Request-ID": given})
    assert (response["X-Request-ID"] == given) == kept


def test_the_error_page_shows_the_id_that_is_in_the_log(lines, monkeypatch):
    def breaks(*_: object) -> None:
        raise RuntimeError("broken")

    client = Client(raise_request_exception=False)
    client.force_login(make_user("reviewer"))
    monkeypatch.setattr(views, "_list", breaks)
    response = client.get(reverse("exports"))
    number = response["X-Request-ID"]
    assert response.status_code == 500
    assert number in response.content.decode()
    told = next(line for line in lines() if "exception" in line)
    assert told["request_id"] == number
    assert "RuntimeError: broken" in told["exception"]


def test_the_id_ends_with_the_request(client):
    client.get(reverse("login"))
    assert current_id.get() == ""


def test_a_record_outside_of_a_request():
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "第%d次", (3,), None)
    RequestIdFilter().filter(record)
    line = json.loads(JsonFormatter().format(record))
    assert (line["message"], line["request_id"], line["level"]) == ("第3次", "-", "ERROR")


def test_an_exception_is_one_line():
    try:
        raise ValueError("a\nb")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "m", None, sys.exc_info())
    assert "\n" not in JsonFormatter().format(record)
