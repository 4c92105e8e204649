"""Backups every few seconds while thirty people save for minutes (`make soak`)."""

from __future__ import annotations

import pytest

from tests.evalsite.saving import back_up_under_load

pytestmark = [pytest.mark.soak, pytest.mark.database, pytest.mark.django_db(transaction=True)]


def test_backups_of_a_busy_site(tmp_path):
    back_up_under_load(people=30, backups=12, pause=10, folder=tmp_path)
