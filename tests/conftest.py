"""Fixtures and arrangements of the whole suite."""

from __future__ import annotations

import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.db import connections
from django.test import Client, TransactionTestCase
from django_otp.plugins.otp_totp import models as totp

from departments import locks
from evalsite import signing_in


@pytest.fixture(autouse=True, scope="session")
def _emptying_needs_open_guards() -> Iterator[None]:
    """Emptying the test database between transactional tests is the one thing that may pass the guards."""
    teardown = TransactionTestCase._fixture_teardown

    def with_open_guards(self: TransactionTestCase) -> None:
        for alias in self._databases_names(include_mirrors=False):
            locks.uninstall(connections[alias])
        teardown(self)
        for alias in self._databases_names(include_mirrors=False):
            locks.install(connections[alias])

    TransactionTestCase._fixture_teardown = with_open_guards
    yield
    TransactionTestCase._fixture_teardown = teardown


@pytest.fixture(autouse=True)
def _fast_passwords(settings) -> None:
    """Real password hashing costs a quarter of a second each; no test is about it."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _no_search_for_static_files(settings) -> None:
    """WhiteNoise would list every static file for each new client; no test asks a client for one."""
    settings.WHITENOISE_USE_FINDERS = False


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path) -> None:
    """Uploads of a test go to its own folder."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.EXPORT_DIR = tmp_path / "bulk"


@pytest.fixture(autouse=True)
def _forced_sign_ins_are_not_logged(monkeypatch) -> None:
    """``force_login`` only puts somebody into a test; a sign-in by the page is written to the audit log as ever."""
    forced = Client.force_login

    def force_login(self: Client, *args: object, **kwargs: object) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(signing_in, "_write", lambda *a, **k: None)
            forced(self, *args, **kwargs)

    monkeypatch.setattr(Client, "force_login", force_login)


@pytest.fixture
def standing_clock(monkeypatch) -> None:
    """The codes of the telephone change every half minute; here it is the middle of one for the whole test."""
    now = time.time() // 30 * 30 + 15
    monkeypatch.setattr(totp, "time", SimpleNamespace(time=lambda: now))
