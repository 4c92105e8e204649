"""Health and readiness: what each part answers, without sign-in, without secrets, and whatever is broken."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection
from django.urls import reverse
from django.utils import timezone

from departments import locks
from evalsite import health
from reports.models import Worker

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def ask(client) -> tuple[int, str, dict[str, str]]:
    response = client.get(reverse("health-ready"))
    content = response.json()
    return response.status_code, content["status"], content["checks"]


@pytest.fixture
def worker() -> Worker:
    return Worker.objects.create(name="w", place="host/1/1")


def test_the_process_lives_without_a_database(client, monkeypatch, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get(reverse("health-live"))
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


def test_all_is_well(client, worker):
    assert ask(client) == (200, "ok", dict.fromkeys(health.CHECKS, "ok"))


def test_without_a_worker_pages_are_still_served(client, worker):
    Worker.objects.update(seen_at=timezone.now() - datetime.timedelta(minutes=5))
    code, status, checks = ask(client)
    assert (code, status, checks["worker"], checks["database"]) == (200, "degraded", "failed", "ok")


def test_the_database_does_not_answer(client, worker, monkeypatch, caplog):
    def refuses(*_: object) -> None:
        raise DatabaseError("password=secret")

    monkeypatch.setattr(health, "connection", SimpleNamespace(cursor=refuses))
    response = client.get(reverse("health-ready"))
    assert response.status_code == 503
    assert response.json()["checks"]["database"] == "failed"
    assert "secret" not in response.content.decode()
    assert "not ready: database" in caplog.text


def test_a_missing_guard(client, worker):
    with connection.cursor() as cursor:
        name = locks.installed_names(connection)[0]
        table = name.removeprefix(f"{locks.PREFIX}_").rpartition("_")[0]
        suffix = f' ON "{table}"' if connection.vendor == "postgresql" else ""
        cursor.execute(f'DROP TRIGGER "{name}"{suffix}')
    code, status, checks = ask(client)
    locks.install(connection)
    assert (code, status, checks["guards"]) == (503, "failed", "failed")


def test_a_migration_that_is_not_applied(client, worker):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'reports'")
    code, _, checks = ask(client)
    assert (code, checks["migrations"]) == (503, "failed")


def test_a_disk_that_cannot_be_written(client, worker, settings, tmp_path):
    (tmp_path / "file").write_text("x")
    settings.MEDIA_ROOT = tmp_path / "file" / "media"
    code, _, checks = ask(client)
    assert (code, checks["disk"]) == (503, "failed")


def test_a_full_disk(client, worker, monkeypatch):
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _: SimpleNamespace(free=health.LEAST_FREE - 1))
    assert ask(client)[2]["disk"] == "failed"


@pytest.mark.parametrize("name", ["health-live", "health-ready", "metrics"])
def test_asked_by_plain_http_where_pages_need_https(client, settings, name):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get(reverse(name)).status_code == 200
    assert client.get(reverse("login")).status_code == 301


@pytest.mark.parametrize("name", ["health-live", "health-ready", "metrics"])
def test_only_asking(client, name):
    assert client.post(reverse(name)).status_code == 405
