"""Triggers that keep what must not change: a locked year and append-only tables, on SQLite and PostgreSQL.

The database itself refuses, so that raw SQL, ``update()``, bulk calls, cascades and the admin are refused too. They are
(re)installed after every ``migrate`` because SQLite drops a table's triggers when a migration rebuilds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.apps import apps
from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper

from departments.models.year import AnnualProfile, ProfileFact

LOCKED_MESSAGE = "year-is-locked"
APPEND_ONLY_MESSAGE = "append-only"
PREFIX = "evalsite_guard"


def is_lock_refusal(error: DatabaseError) -> bool:
    """Whether the database refused because the year is locked or the table is append-only."""
    return LOCKED_MESSAGE in str(error) or APPEND_ONLY_MESSAGE in str(error)


def fact_tables() -> list[str]:
    """Tables whose rows hang on a profile."""
    return sorted(model._meta.db_table for model in apps.get_models() if issubclass(model, ProfileFact))


def append_only_tables() -> list[str]:
    """Tables that are written once: models that set ``append_only = True``."""
    return sorted(model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False))


def install(connection: BaseDatabaseWrapper) -> None:
    """(Re)create every guard. Unknown databases are refused rather than left unguarded."""
    uninstall(connection)
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for statement in _statements(connection, tables):
            cursor.execute(statement)


def uninstall(connection: BaseDatabaseWrapper) -> None:
    """Drop every guard (before a test database is emptied)."""
    with connection.cursor() as cursor:
        for name, table in _installed(connection):
            suffix = f' ON "{table}"' if connection.vendor == "postgresql" else ""
            cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{suffix}')


def installed_names(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of the guards that are in the database, for the system check and the tests."""
    return sorted(name for name, _ in _installed(connection))


def expected_names(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of the guards that must be there."""
    names = [f"{PREFIX}_{AnnualProfile._meta.db_table}_{verb}" for verb in ("update", "delete")]
    names += [
        f"{PREFIX}_{table}_{verb}" for table in fact_tables() for verb in ("insert", "update", "delete")
    ]
    names += [f"{PREFIX}_{table}_{verb}" for table in append_only_tables() for verb in ("update", "delete")]
    if connection.vendor == "postgresql":
        guarded = [AnnualProfile._meta.db_table, *fact_tables(), *append_only_tables()]
        names += [f"{PREFIX}_{table}_truncate" for table in guarded]
    return sorted(names)


def _installed(connection: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    query = {
        "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s",
        "postgresql": (
            "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE tgname LIKE %s"
        ),
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query, [f"{PREFIX}%"])
        return cursor.fetchall()


def _statements(connection: BaseDatabaseWrapper, tables: set[str]) -> Iterator[str]:
    vendor = {"sqlite": _sqlite, "postgresql": _postgresql}[connection.vendor]
    profile = AnnualProfile._meta.db_table
    if profile in tables:
        columns = [
            field.column for field in AnnualProfile._meta.concrete_fields if field.column != "locked_at"
        ]
        unchanged = " AND ".join(
            f'NEW."{column}" IS NOT DISTINCT FROM OLD."{column}"'
            if connection.vendor == "postgresql"
            else f'NEW."{column}" IS OLD."{column}"'
            for column in columns
        )
        # A locked profile may change in one way only: be unlocked, and that only when its report is open.
        closed = (
            'EXISTS (SELECT 1 FROM "reports_report" WHERE profile_id = OLD.id'
            " AND status NOT IN ('draft', 'returned', 'cancelled'))"
            if "reports_report" in tables
            else "1 = 0"
        )
        refused = (
            f"OLD.locked_at IS NOT NULL AND (NEW.locked_at IS NOT NULL OR NOT ({unchanged}) OR {closed})"
        )
        yield from vendor(profile, "update", refused, LOCKED_MESSAGE)
        yield from vendor(profile, "delete", "OLD.locked_at IS NOT NULL", LOCKED_MESSAGE)
    for table in fact_tables():
        if table in tables:
            for verb, rows in (("insert", ["NEW"]), ("update", ["NEW", "OLD"]), ("delete", ["OLD"])):
                keys = ", ".join(f"{row}.profile_id" for row in rows)
                rows_of_year = f'SELECT 1 FROM "{profile}" WHERE id IN ({keys})'  # noqa: S608
                yield from vendor(
                    table,
                    verb,
                    f"EXISTS ({rows_of_year} AND locked_at IS NOT NULL)",
                    LOCKED_MESSAGE,
                    wait_for=rows_of_year,
                )
    for table in append_only_tables():
        if table in tables:
            yield from vendor(table, "update", "1 = 1", APPEND_ONLY_MESSAGE)
            yield from vendor(table, "delete", "1 = 1", APPEND_ONLY_MESSAGE)
    if connection.vendor == "postgresql":
        for table in (profile, *fact_tables(), *append_only_tables()):
            if table in tables:
                message = APPEND_ONLY_MESSAGE if table in append_only_tables() else LOCKED_MESSAGE
                yield from _no_truncate(table, message)


def _sqlite(table: str, verb: str, refused: str, message: str, wait_for: str = "") -> Iterable[str]:
    # One writer at a time: there is nothing to wait for.
    yield (
        f'CREATE TRIGGER "{PREFIX}_{table}_{verb}" BEFORE {verb.upper()} ON "{table}" '
        f"WHEN {refused} BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def _postgresql(table: str, verb: str, refused: str, message: str, wait_for: str = "") -> Iterable[str]:
    name = f"{PREFIX}_{table}_{verb}"
    if len(name) > 63:
        raise ValueError(f"trigger name too long for PostgreSQL: {name}")
    result = "OLD" if verb == "delete" else "NEW"
    # FOR SHARE makes a change wait for a certification that is under way, so that none slips in between.
    waiting = f"PERFORM {wait_for.removeprefix('SELECT ')} FOR SHARE; " if wait_for else ""
    yield (
        f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {waiting}'
        f"IF {refused} THEN RAISE EXCEPTION '{message}'; END IF; RETURN {result}; END $$"
    )
    yield f'CREATE TRIGGER "{name}" BEFORE {verb.upper()} ON "{table}" FOR EACH ROW EXECUTE FUNCTION "{name}"()'


def _no_truncate(table: str, message: str) -> Iterable[str]:
    """PostgreSQL empties a table without touching its row triggers, so that needs a guard of its own."""
    name = f"{PREFIX}_{table}_truncate"
    yield (
        f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN '
        f"RAISE EXCEPTION '{message}'; END $$"
    )
    yield f'CREATE TRIGGER "{name}" BEFORE TRUNCATE ON "{table}" EXECUTE FUNCTION "{name}"()'
