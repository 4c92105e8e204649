"""``schema``: the JSON Schema of the dossier, for programs that write or read it."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand

from reports.dossier import Dossier


class Command(BaseCommand):
    """Print the JSON Schema of the dossier (填报数据的 JSON 格式)."""

    help = "Print the JSON Schema of the dossier (打印填报数据的 JSON Schema)"
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Dossier.model_json_schema()}
        self.stdout.write(json.dumps(schema, ensure_ascii=False, indent=2))
