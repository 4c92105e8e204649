"""The two databases: one snapshot of all rows into a file, and a file back into the database, in one transaction.

Both give, out of the very snapshot, the number of rows of every table and the files that rows name.
"""

from __future__ import annotations

import glob
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.apps import apps
from django.db import connection
from django.db.models import FileField

from departments.locks import PREFIX
from evalsite.backups import BackupError

LOCKED_AFTER = 20
"""Seconds to wait for a database that somebody writes to."""
Rows = Callable[[str], list[tuple]]


@dataclass(frozen=True)
class Facts:
    """What a snapshot holds."""

    tables: dict[str, int]
    files: frozenset[str]
    migrations: tuple[str, ...]


class Engine(Protocol):
    """A database that can be saved and brought back."""

    vendor: str
    file_name: str

    def server(self) -> str: ...
    def snapshot(self, target: Path) -> Facts: ...
    def facts(self) -> Facts: ...
    def load(self, source: Path) -> None: ...


def engine() -> Engine:
    """The engine of the site's database. Raises :class:`BackupError` for any other."""
    found = {"sqlite": Sqlite, "postgresql": Postgres}.get(connection.vendor)
    if found is None:
        raise BackupError(f"不支持备份这种数据库：{connection.vendor}")
    return found()


def file_columns() -> list[tuple[str, str]]:
    """Table and column of every file that a row can name."""
    return sorted(
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, FileField)
    )


def read_facts(rows: Rows, tables: list[str]) -> Facts:
    files = frozenset(
        name
        for table, column in file_columns()
        if table in tables
        for (name,) in rows(f'SELECT "{column}" FROM "{table}"')  # noqa: S608
        if name
    )
    migrations: tuple[str, ...] = ()
    if "django_migrations" in tables:
        migrations = tuple(
            sorted(f"{app}.{name}" for app, name in rows("SELECT app, name FROM django_migrations"))
        )
    counts = {table: rows(f'SELECT COUNT(*) FROM "{table}"')[0][0] for table in sorted(tables)}  # noqa: S608
    return Facts(counts, files, migrations)


# ------------------------------------------------------------------ SQLite


class Sqlite:
    """SQLite by its online backup interface: readers and writers go on meanwhile."""

    vendor = "sqlite"
    file_name = "database.sqlite3"

    def __init__(self) -> None:
        self.path = Path(connection.settings_dict["NAME"])

    def server(self) -> str:
        return f"SQLite {sqlite3.sqlite_version}"

    def snapshot(self, target: Path) -> Facts:
        if not self.path.is_file():
            raise BackupError(f"数据库文件 {self.path} 不存在")
        with closing(self._open(self.path)) as source, closing(sqlite3.connect(target)) as copy:
            # One step is one read transaction: in WAL mode a consistent state that no writer waits for.
            source.backup(copy, pages=-1)
            copy.execute("PRAGMA journal_mode=DELETE")
            complaint = copy.execute("PRAGMA quick_check").fetchone()[0]
            if complaint != "ok":
                raise BackupError(f"数据库已损坏：{complaint}")
            return self._facts(copy)

    def facts(self) -> Facts:
        if not self.path.is_file():
            return Facts({}, frozenset(), ())
        with closing(self._open(self.path)) as source:
            return self._facts(source)

    def load(self, source: Path) -> None:
        connection.close()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with closing(self._open(source)) as saved, closing(sqlite3.connect(self.path, LOCKED_AFTER)) as live:
            try:
                live.execute("BEGIN EXCLUSIVE")
                live.rollback()
                saved.backup(live, pages=-1)
            except sqlite3.OperationalError as error:
                raise BackupError(f"数据库正在使用（{error}），请先停止网站和后台程序") from None

    @staticmethod
    def _open(path: Path) -> sqlite3.Connection:
        return sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", LOCKED_AFTER, uri=True)

    @staticmethod
    def _facts(database: sqlite3.Connection) -> Facts:
        found = database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
        tables = [name for (name,) in found.fetchall()]
        return read_facts(lambda query: database.execute(query).fetchall(), tables)


# ------------------------------------------------------------------ PostgreSQL


class Postgres:
    """PostgreSQL by its own tools, pg_dump and pg_restore, at a snapshot that we hold open and count in."""

    vendor = "postgresql"
    file_name = "database.dump"

    def server(self) -> str:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            return f"PostgreSQL {cursor.fetchone()[0]}"

    def snapshot(self, target: Path) -> Facts:
        with self._snapshot() as (name, rows):
            facts = self._read(rows)
            command = [_tool("pg_dump"), "--format=custom", "--no-owner", "--no-privileges"]
            _run([*command, f"--snapshot={name}", f"--file={target}"])
        return facts

    def facts(self) -> Facts:
        with self._snapshot() as (_, rows):
            return self._read(rows)

    def load(self, source: Path) -> None:
        script = source.with_name(f".{source.name}.sql")
        try:
            _run([_tool("pg_restore"), "--no-owner", "--no-privileges", f"--file={script}", str(source)])
            connection.close()
            # What is there goes and what was saved comes in one transaction: all of it or nothing.
            psql = [_tool("psql"), "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
            _run([*psql, f"--command={self._emptying()}", f"--file={script}"])
        finally:
            connection.close()
            script.unlink(missing_ok=True)

    @contextmanager
    def _snapshot(self) -> Iterator[tuple[str, Rows]]:
        held = connection.copy()
        try:
            with held.cursor() as cursor:
                cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                cursor.execute("SELECT pg_export_snapshot()")
                name = cursor.fetchone()[0]

                def rows(query: str) -> list[tuple]:
                    cursor.execute(query)
                    return cursor.fetchall()

                yield name, rows
                cursor.execute("ROLLBACK")
        finally:
            held.close()

    @staticmethod
    def _read(rows: Rows) -> Facts:
        found = rows("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        return read_facts(rows, [name for (name,) in found])

    @staticmethod
    def _emptying() -> str:
        """SQL that drops our tables and the guards' functions."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
            drops = [f'DROP TABLE IF EXISTS "{name}" CASCADE;' for (name,) in cursor.fetchall()]
            cursor.execute(
                "SELECT proname FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace"
                " WHERE nspname = current_schema() AND proname LIKE %s",
                [f"{PREFIX}%"],
            )
            drops += [f'DROP FUNCTION IF EXISTS "{name}"() CASCADE;' for (name,) in cursor.fetchall()]
        return " ".join(drops) or "SELECT 1;"


def _tool(name: str) -> str:
    """Where one of PostgreSQL's tools is; the newest where there are several."""
    folders = sorted(
        glob.glob("/usr/lib/postgresql/*/bin"), key=lambda folder: float(Path(folder).parent.name)
    )
    for folder in reversed(folders):
        if os.access(f"{folder}/{name}", os.X_OK):
            return f"{folder}/{name}"
    if found := shutil.which(name):
        return found
    raise BackupError(
        f"没有找到 {name}。请安装与服务器版本相同的 PostgreSQL 客户端（Debian：apt-get install postgresql-client）"
    )


def _run(command: list[str]) -> None:
    """Run a tool on the site's database; the password goes by the environment, never by the command line."""
    settings = connection.settings_dict
    given = {
        "PGHOST": settings["HOST"],
        "PGPORT": str(settings["PORT"] or ""),
        "PGUSER": settings["USER"],
        "PGDATABASE": settings["NAME"],
        "PGPASSWORD": settings["PASSWORD"],
        "PGSSLMODE": settings.get("OPTIONS", {}).get("sslmode", ""),
        "PGCLIENTENCODING": "UTF8",
    }
    environment = os.environ | {name: value for name, value in given.items() if value}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise BackupError(f"{Path(command[0]).name} 失败：{'；'.join(said[-3:]) or done.returncode}")
