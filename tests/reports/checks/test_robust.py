"""No rule fails on a dossier with holes, and what is filled in twice the same is judged the same."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from indicators.policy import load_policy
from reports.checks import run
from reports.dossier import Dossier
from tests.factories import make_dossier
from tests.reports.checks.twins import complete, fixture

WHOLE = json.loads(make_dossier().canonical_json())
STEP = 5
"""Every fifth value is taken out in turn; all of them in five runs would only cost time."""


def leaves(data: Any, path: tuple = ()) -> Iterator[tuple]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from leaves(value, (*path, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from leaves(value, (*path, number))
    else:
        yield path


def changed(path: tuple, value: Any) -> Dossier | None:
    data = copy.deepcopy(WHOLE)
    here = data
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = value
    try:
        return Dossier.model_validate(data)
    except ValidationError:
        return None


@pytest.mark.parametrize("value", [None, "", "0", "1.5", "×"])
def test_no_rule_fails_when_one_value_is_missing_or_strange(value):
    tried = 0
    for path in list(leaves(WHOLE))[::STEP]:
        dossier = changed(path, value)
        if dossier is None:
            continue
        tried += 1
        found = run(dossier, policy=load_policy())
        assert [item.message for item in found if item.kind == "rule-fault"] == [], path
    assert tried


def test_no_rule_fails_beside_last_year():
    for prior in (make_dossier(year=2022), complete(fixture("seed_completed.json"))):
        found = run(make_dossier(), policy=load_policy(), prior=prior, region_departments=("甲局", "", "乙"))
        assert "rule-fault" not in {item.kind for item in found}


def test_a_line_break_anywhere_in_the_text_changes_nothing():
    dossier = complete(fixture("seed_completed.json"))
    broken = dossier.model_copy(
        update={
            "narrative": tuple(
                section.model_copy(update={"text": "\n".join(section.text.replace("\n", ""))})
                for section in dossier.narrative
            )
        }
    )
    before, after = (
        [(item.code, item.where, item.message) for item in run(version, policy=load_policy())]
        for version in (dossier, broken)
    )
    assert before == after
