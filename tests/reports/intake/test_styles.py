"""Reports of other styles, field by field: the text stands in ``styles/NAME.txt``, what a person reads in it in ``NAME.json``.

Those in ``styles/word`` are made into Word files; their lines that begin with ``|`` are rows of tables.

Each JSON holds *all* that may be read, so that a value too many fails like one too few.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from budgets.dossier import Money
from budgets.money import plain
from budgets.tables import TABLES, TOTAL, Column
from indicators.policy import DEFAULT_POLICY, load_policy
from reports.checks import run
from reports.dossier import Dossier
from reports.findings import Level
from reports.intake import read, read_bytes
from tests.reports.intake.files import word

STYLES = Path(__file__).with_name("styles")
PATHS = sorted(STYLES.rglob("*.txt"))


@pytest.fixture(scope="module", params=PATHS, ids=[path.stem for path in PATHS])
def style(request) -> tuple[Dossier, dict[str, Any]]:
    path = request.param
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    if path.parent == STYLES:
        return read(path), expected
    return read_bytes(as_word(path.read_text(encoding="utf-8")), "a.docx"), expected


def as_word(text: str) -> bytes:
    """A Word file of lines and tables."""
    items: list[str | list[list[str]]] = []
    for line in text.splitlines():
        if not line.startswith("|"):
            items.append(line)
            continue
        if not items or isinstance(items[-1], str):
            items.append([])
        items[-1].append([cell.strip() for cell in line[1:-1].split("|")])
    return word(*items)


def money_of(money: Money) -> dict[str, str]:
    """Every amount of the tables in 万元 by ``table.row.column``."""
    found = {}
    for key in TABLES:
        table = money.table(key)
        for row in table.rows:
            found |= {f"{key}.{row.key}.{c}": row.amount(c) for c in Column}
        if table.stated_total is not None:
            found |= {f"{key}.{TOTAL}.{c}": table.stated_total.amount(c) for c in Column}
    return {where: plain(amount / 10_000) for where, amount in found.items() if amount is not None}


def _points(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


def test_profile(style):
    dossier, expected = style
    said = dossier.profile.model_dump(mode="json", exclude_defaults=True)
    assert said == expected["profile"]


def test_amounts(style):
    dossier, expected = style
    assert money_of(dossier.money) == expected["money"]
    assert [plain(one.amount / 10_000) for one in dossier.money.adjustments] == expected["adjustments"]


def test_projects(style):
    dossier, expected = style
    said = [
        one.model_dump(mode="json", exclude={"key"}, exclude_defaults=True) for one in dossier.money.projects
    ]
    assert said == expected["projects"]


def test_indicators(style):
    dossier, expected = style
    said = [
        [
            one.level2,
            one.name,
            one.target,
            one.actual,
            _points(one.weight),
            _points(one.self_score),
            one.evidence,
        ]
        for one in dossier.indicators.indicators
    ]
    assert said == expected["indicators"]


def test_result(style):
    dossier, expected = style
    said = dossier.indicators.assessment.model_dump(mode="json", exclude_defaults=True)
    assert said == expected["assessment"]


def test_sections_and_what_was_not_read(style):
    dossier, expected = style
    assert [section.key for section in dossier.narrative] == expected["sections"]
    assert [one.words for one in dossier.unread] == expected["unread"]


def test_contradictions_are_found_and_none_is_invented(style):
    """Where the text contradicts itself, at least that is found; where it does not, nothing but what it leaves out."""
    dossier, expected = style
    findings = run(dossier, policy=load_policy(DEFAULT_POLICY))
    found = {
        one.code for one in findings if one.level is not Level.HINT and not one.code.startswith("missing-")
    }
    assert found >= set(expected["findings"])
    assert expected["findings"] or not found
