"""``python -m tests.evalsite.first_release``: a database as the first release made it, filled, brought up to date, compared.

Runs in a process and a database of its own (``DATABASE_URL``). Prints the values that are not what they were, and how
many were compared, as JSON.
"""

from __future__ import annotations

import datetime
import json
import os
import uuid
from decimal import Decimal
from typing import Any

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evalsite.settings")
    django.setup()

from django.core.management import call_command
from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor

APPS = ("departments", "budgets", "indicators", "reports")
FIRST = [
    ("departments", "0001_initial"),
    ("budgets", "0002_initial"),
    ("indicators", "0001_initial"),
    ("reports", "0001_initial"),
]
ROWS = 2
STATED: dict[str, dict[str, Any]] = {
    "departments.region": {"code": ("430407", "430408")},
    "departments.department": {"parent": (None, None), "credit_code": ("", "")},
    "departments.roleassignment": {"role": ("reviewer", "reviewer"), "department": (None, None)},
    "departments.annualprofile": {"locked_at": (None, datetime.datetime(2024, 6, 1, tzinfo=datetime.UTC))},
    "reports.round": {"opens": (datetime.date(2024, 3, 1), datetime.date(2024, 3, 2))},
    "reports.submission": {"findings": ([{"code": "table-sum", "level": "warning"}], [])},
    "indicators.indicator": {"not_applicable": (False, False)},
}
"""Values by row where a rule of the database asks for more than the type says."""


def value(field: models.Field, row: int) -> Any:
    """Something of the field's type that differs from row to row."""
    if field.choices:
        choices = [key for key, _ in field.flatchoices]
        return choices[row % len(choices)]
    match field:
        case models.UUIDField():
            return uuid.UUID(int=1000 + row)
        case models.BooleanField():
            return bool(row % 2)
        case models.DecimalField():
            return Decimal(f"{row + 1}.25")
        case models.IntegerField():
            return 2023 + row
        case models.DateTimeField():
            return datetime.datetime(2024, 4, 1 + row, 8, 30, 15, tzinfo=datetime.UTC)
        case models.DateField():
            return datetime.date(2024, 4, 18 + row)
        case models.JSONField():
            return {"行": row, "list": [1, "二", None]}
        case models.CharField() | models.TextField() | models.FileField():
            return f"甲{field.name}{row}“全角”"[: field.max_length]
    raise NotImplementedError(f"{field}: {type(field).__name__}")


def fill(apps: Any) -> int:
    """Rows in every table of the site, each row pointing at those of the same number; how many tables."""
    left = {model._meta.label_lower: model for model in apps.get_models() if model._meta.app_label in APPS}
    made: dict[str, list[models.Model]] = {}
    tables = len(left)
    while left:
        ready = [label for label, model in left.items() if not _waits_for(model) & left.keys() - {label}]
        if not ready:
            raise RuntimeError(f"tables that point at each other: {sorted(left)}")
        for label in ready:
            model = left.pop(label)
            made[label] = [_row(model, row, made) for row in range(ROWS)]
    return tables


def _waits_for(model: type[models.Model]) -> set[str]:
    relations = [field for field in model._meta.concrete_fields if field.is_relation]
    return {field.related_model._meta.label_lower for field in relations}


def _row(model: type[models.Model], row: int, made: dict[str, list[models.Model]]) -> models.Model:
    stated = STATED.get(model._meta.label_lower, {})
    values = {}
    for field in model._meta.concrete_fields:
        if field.name in stated:
            values[field.name] = stated[field.name][row]
        elif field.is_relation:
            rows = made.get(field.related_model._meta.label_lower)
            values[field.attname] = rows[row].pk if rows else None
        elif not field.primary_key:
            values[field.name] = value(field, row)
    found = model(**values)
    found.save(force_insert=True)
    # What a field takes from the clock at the first save.
    clock = {
        field.name: values[field.name]
        for field in model._meta.concrete_fields
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    }
    if clock:
        model.objects.filter(pk=found.pk).update(**clock)
    return found


def contents(tables: dict[str, list[str]]) -> dict[tuple[str, str, str], str]:
    """Every value by table, key and column, as the database gives it."""
    found = {}
    with connection.cursor() as cursor:
        for table, columns in tables.items():
            names = ", ".join(connection.ops.quote_name(name) for name in columns)
            cursor.execute(f"SELECT {names} FROM {connection.ops.quote_name(table)} ORDER BY id")  # noqa: S608
            for row in cursor.fetchall():
                key = str(row[columns.index("id")])
                found |= {(table, key, name): repr(item) for name, item in zip(columns, row, strict=True)}
    return found


def main() -> dict[str, Any]:
    """Old database, filled; every migration since; the same values."""
    executor = MigrationExecutor(connection)
    state = executor.migrate(FIRST)
    tables = fill(state.apps)
    columns = {
        model._meta.db_table: [field.column for field in model._meta.concrete_fields]
        for model in state.apps.get_models()
        if model._meta.app_label in APPS
    }
    before = contents(columns)
    call_command("migrate", verbosity=0, interactive=False)
    after = contents(columns)
    changed = {
        " ".join(key): [item, after.get(key)] for key, item in before.items() if after.get(key) != item
    }
    return {"tables": tables, "compared": len(before), "changed": changed}


if __name__ == "__main__":
    print(json.dumps(main(), ensure_ascii=False))
