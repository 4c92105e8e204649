"""Invented reports in the form of the real cases (``invented/``), with planted contradictions of every kind and traps.

Units and figures are made up; ``raw`` is the text as an extraction leaves it: cell borders lost, marks half-width, lines
broken. ``words`` of a contradiction tell its finding from others of the kind. ``expected.json`` holds the codes of all
findings and the contradictions that no rule finds yet. ``python -m tests.reports.checks.test_invented`` writes it; look
at the difference before committing it.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from indicators.policy import load_policy
from reports import checks
from reports.findings import KINDS, Finding
from reports.intake.case import read_case

FOLDER = Path(__file__).with_name("invented")
NAMES = sorted(path.stem for path in FOLDER.glob("*-20*.json"))
ANSWERS = ("contradictions", "not_findings", "note")


def load(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def found(name: str) -> list[Finding]:
    data = load(name)
    return checks.run(read_case({k: v for k, v in data.items() if k not in ANSWERS}), policy=load_policy())


def missed(name: str, findings: list[Finding]) -> list[str]:
    """Contradictions without a finding of their kind that says one of their words."""
    return [
        f"{item['kind']} {item['where']}"
        for item in load(name)["contradictions"]
        if not any(
            one.kind == item["kind"] and any(word in one.message for word in item["words"])
            for one in findings
        )
    ]


def answers(name: str) -> dict[str, list[str]]:
    findings = found(name)
    return {"codes": sorted(item.code for item in findings), "missed": missed(name, findings)}


@pytest.mark.parametrize("name", NAMES)
def test_findings(name):
    expected = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
    assert answers(name) == expected[name]


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("control-")])
def test_controls_give_no_finding(name):
    assert found(name) == []


def test_every_kind_is_planted_twice():
    planted = Counter(item["kind"] for name in NAMES for item in load(name)["contradictions"])
    assert {kind for kind in set(KINDS) - {"rule-fault"} if planted[kind] < 2} == set()


if __name__ == "__main__":
    text = json.dumps({name: answers(name) for name in NAMES}, ensure_ascii=False, indent=1)
    (FOLDER / "expected.json").write_text(text + "\n", encoding="utf-8")
