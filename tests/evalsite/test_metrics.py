"""Figures for Prometheus: counted requests, the queue, who may ask, and one answer for all processes of gunicorn."""

from __future__ import annotations

import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection
from django.urls import reverse

from reports.models import Worker
from tests.db import make_export, make_report, make_user

ROOT = Path(__file__).resolve().parents[2]


def value(text: str, name: str, **labels: str) -> float | None:
    """The value of one series, or ``None``."""
    for line in text.splitlines():
        found = re.fullmatch(rf"{name}(?:\{{(.*)\}})? (\S+)", line)
        if found and dict(re.findall(r'(\w+)="([^"]*)"', found[1] or "")) == labels:
            return float(found[2])
    return None


@pytest.mark.django_db
def test_requests_and_the_queue(client):
    make_export(make_report(), by=make_user("reviewer"))
    Worker.objects.create(name="w", place="host/1/1")
    labels = {"method": "GET", "view": "login", "status": "200"}
    before = value(client.get("/metrics").content.decode(), "evalsite_requests_total", **labels) or 0
    client.get(reverse("login"))
    response = client.get("/metrics")
    text = response.content.decode()
    assert response["Content-Type"].startswith("text/plain")
    assert value(text, "evalsite_requests_total", **labels) == before + 1
    assert value(text, "evalsite_request_seconds_count", view="login") >= 1
    assert value(text, "evalsite_exports", state="queued") == 1
    assert value(text, "evalsite_reports", status="draft") == 1
    assert 0 <= value(text, "evalsite_worker_silence_seconds") < 60


@pytest.mark.django_db
def test_made_up_addresses_and_methods_make_no_new_series(client):
    for number in range(3):
        client.generic(f"X{number}", f"/nowhere/{number}/")
    text = client.get("/metrics").content.decode()
    assert "nowhere" not in text
    assert value(text, "evalsite_requests_total", method="OTHER", view="other", status="404") >= 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("allow", "address", "forwarded", "code"),
    [
        (["127.0.0.1"], "127.0.0.1", None, 200),
        (["127.0.0.1"], "10.1.2.3", None, 403),
        (["10.0.0.0/8", "127.0.0.1"], "10.1.2.3", None, 200),
        # Behind nginx on the same host every connection comes from 127.0.0.1.
        (["127.0.0.1"], "127.0.0.1", "203.0.113.9", 403),
        (["127.0.0.1"], "127.0.0.1", "127.0.0.1, 203.0.113.9", 403),
        (["127.0.0.1", "10.0.0.0/8"], "127.0.0.1", "203.0.113.9, 10.1.1.1", 200),
        (["127.0.0.1"], "10.1.2.3", "127.0.0.1", 403),
        (["127.0.0.1"], "", None, 403),
        ([], "127.0.0.1", None, 403),
    ],
)
def test_who_may_ask(client, settings, allow, address, forwarded, code):
    settings.METRICS_ALLOW = allow
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert client.get("/metrics", headers=headers, REMOTE_ADDR=address).status_code == code


@pytest.mark.django_db
def test_one_answer_for_all_processes_of_gunicorn(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = connection.settings_dict["NAME"]  # the tests' own database is migrated already
    with closing(sqlite3.connect(own)) as source, closing(sqlite3.connect(tmp_path / "db.sqlite3")) as copy:
        source.backup(copy)
    environment = {name: text for name, text in os.environ.items() if name != "PROMETHEUS_MULTIPROC_DIR"} | {
        "EVALSITE_ENV": "development",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}",
        "TMPDIR": str(tmp_path),
    }
    command = [sys.executable, "-m", "gunicorn", "evalsite.wsgi:application", "--no-control-socket"]
    server = subprocess.Popen(
        [*command, f"--bind=127.0.0.1:{port}", "--workers=2"], cwd=ROOT, env=environment
    )

    def ask(path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as response:
            return response.read().decode()

    try:
        end = time.monotonic() + 90
        while True:
            try:
                ask("/health/live")
                break
            except (urllib.error.URLError, ConnectionError):
                assert time.monotonic() < end
                time.sleep(0.2)
        counted = {"method": "GET", "view": "login", "status": "200"}
        for _ in range(20):
            ask("/login/")
        answers = [value(ask("/metrics"), "evalsite_requests_total", **counted) for _ in range(6)]
        assert set(answers) == {20.0}, "whichever process answers, all are counted"
        assert list(tmp_path.glob("evalsite-metrics-*"))
    finally:
        server.terminate()
        server.wait(timeout=30)
    assert not list(tmp_path.glob("evalsite-metrics-*"))
