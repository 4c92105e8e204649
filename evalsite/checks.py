"""System checks (``manage.py check``)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from django.apps.config import AppConfig
from django.core.checks import Tags, Warning, register
from django.db import DatabaseError, connections

from departments import locks
from departments.separation import mixed_accounts, regions_without_officer


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


@register(Tags.database)
def roles_are_apart(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: object
) -> list[Warning]:
    """Administrator, security officer and auditor are three people (``check --database default``)."""
    found = []
    for alias in databases or ():
        if "departments_roleassignment" not in connections[alias].introspection.table_names():
            continue
        with suppress(DatabaseError):  # not migrated to these columns yet: migrate comes first
            names = list(mixed_accounts().using(alias).values_list("username", flat=True))
            if names:
                found.append(
                    Warning(
                        f"administrator, security officer and auditor at once: {', '.join(names)}",
                        hint="leave one of the three roles with each of these accounts",
                        id="evalsite.W002",
                    )
                )
            codes = list(regions_without_officer().using(alias).values_list("code", flat=True))
            if codes:
                found.append(
                    Warning(
                        f"三员分立 is set and there is no security officer: {', '.join(codes)}",
                        hint="give somebody the role in the technical administration; nobody else can give roles there",
                        id="evalsite.W003",
                    )
                )
    return found
