"""System checks (``manage.py check``)."""

from __future__ import annotations

from collections.abc import Sequence

from django.apps.config import AppConfig
from django.core.checks import Tags, Warning, register
from django.db import connections

from departments import locks


@register(Tags.database)
def guards_installed(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: object
) -> list[Warning]:
    """The triggers that lock a year and keep the audit trail are in the database (``check --database default``).

    A warning, not an error: an error would stop the very ``migrate`` that puts them back.
    """
    found = []
    for alias in databases or ():
        connection = connections[alias]
        if "departments_annualprofile" not in connection.introspection.table_names():
            continue
        missing = sorted(set(locks.expected_names(connection)) - set(locks.installed_names(connection)))
        if missing:
            found.append(
                Warning(
                    f"{len(missing)} guards are missing in database {alias!r}, for instance {missing[0]}",
                    hint="run manage.py migrate",
                    id="evalsite.W001",
                )
            )
    return found
