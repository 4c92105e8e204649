"""``manage.py schema``: a JSON Schema that names every part of the dossier."""

from __future__ import annotations

import json
from io import StringIO

from django.core.management import call_command

from reports.dossier import Dossier


def test_schema_of_the_dossier():
    out = StringIO()
    call_command("schema", stdout=out)
    schema = json.loads(out.getvalue())
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert set(schema["properties"]) == set(Dossier.model_fields)
    assert schema["additionalProperties"] is False
    assert "Yuan" not in out.getvalue(), "amounts are described by their own shape"
