"""The seed report completed by invented values (tests/cases/seed_completed.json), and its corrected twin."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from budgets.dossier import Adjustment, Amounts, Line, Money, Project, Table
from budgets.money import from_wan
from budgets.tables import TABLES, TOTAL
from indicators.dossier import Goal, Indicator, Indicators, SelfAssessment
from reports.dossier import EVERYTHING, Dossier
from reports.intake.text import read_text

CASES = Path(__file__).resolve().parents[2] / "cases"


def fixture(name: str) -> dict[str, Any]:
    folder = CASES if (CASES / name).exists() else Path(__file__).parent
    return json.loads((folder / name).read_text(encoding="utf-8"))


def seed() -> Dossier:
    """The published report as its text states it."""
    return read_text((CASES / "shigu-rongmeiti-2023.txt").read_text(encoding="utf-8"))


def complete(typed: Mapping[str, Any]) -> Dossier:
    """The published report with what the fixture adds or replaces, as if typed into the forms."""
    read = seed()
    tables = {key: _merge(key, read.money.table(key), typed["money"].get(key, {})) for key in TABLES}
    money = Money(
        **tables,
        projects=tuple(
            Project(
                key=f"project-{number}",
                name=item["name"],
                **{key: _yuan(value) for key, value in item.items() if key != "name"},
            )
            for number, item in enumerate(typed["projects"], 1)
        ),
        adjustments=tuple(
            Adjustment(**{**item, "amount": _yuan(item["amount"])}) for item in typed.get("adjustments", [])
        ),
        execution_explanation=typed["execution_explanation"],
        frugality=typed["frugality"],
        project_office=typed.get("project_office", read.money.project_office),
    )
    replaced = typed.get("narrative", {})
    claimed = typed.get("assessment") or {"score": typed["self_score"], "grade": typed["self_grade"]}
    score, grade = claimed["score"], claimed["grade"]
    return Dossier(
        title=read.title,
        profile=read.profile.model_validate(read.profile.model_dump() | typed["profile"]),
        money=money,
        indicators=Indicators(
            goals=tuple(Goal(**goal) for goal in typed["goals"]),
            indicators=tuple(
                Indicator(key=f"ind-{number}", **{key: item[key] for key in item if key != "category"})
                for number, item in enumerate(typed["indicators"], 1)
            ),
            assessment=SelfAssessment(score=Decimal(score), grade=grade),
        ),
        narrative=tuple(
            section.model_copy(update={"text": replaced.get(section.key, section.text)})
            for section in read.narrative
        ),
        coverage=EVERYTHING,
    )


def _merge(key: str, read: Table, typed: Mapping[str, Mapping[str, str]]) -> Table:
    rows = {row.key: row for row in read.rows}
    for name, columns in typed.items():
        if name == TOTAL:
            continue
        row = rows.get(name) or Line(key=name, label=TABLES[key].label_of(name))
        rows[name] = row.model_copy(update={column: _yuan(value) for column, value in columns.items()})
    total = read.stated_total
    if TOTAL in typed:
        total = (total or Amounts()).model_copy(
            update={column: _yuan(value) for column, value in typed[TOTAL].items()}
        )
    return Table(rows=tuple(rows.values()), stated_total=total)


def _yuan(wan: str | None) -> Decimal | None:
    return None if wan is None else from_wan(Decimal(wan))
