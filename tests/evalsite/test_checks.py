"""The system check of the database guards."""

import pytest
from django.core.checks import ERROR
from django.db import connection

from departments import locks
from evalsite.checks import guards_installed

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def test_a_complete_database_has_nothing_to_say():
    assert guards_installed(None, databases=["default"]) == []


def test_missing_guards_are_named_without_stopping_the_migration_that_restores_them():
    locks.uninstall(connection)
    found = guards_installed(None, databases=["default"])
    locks.install(connection)
    assert [item.id for item in found] == ["evalsite.W001"]
    assert all(item.level < ERROR for item in found)


def test_no_database_asked_no_database_touched():
    assert guards_installed(None) == []
