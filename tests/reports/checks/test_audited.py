"""Whole reports with planted faults and traps: what the rules say of each, by code (``audited/expected.json``).

The texts are invented, in the manner of published ones of several provinces. What a whole report in prose always lacks
(points and targets of single indicators) is left out. ``clean-*`` hold only traps: figures that look odd and are right.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from indicators.policy import load_policy
from reports import checks
from reports.intake import read

FOLDER = Path(__file__).with_name("audited")
EXPECTED = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
OF_PROSE = {"missing-weight", "missing-target", "missing-actual"}


def codes(name: str) -> list[str]:
    """Codes of the findings, each as often as it is told."""
    found = checks.run(read(FOLDER / f"{name}.txt"), policy=load_policy())
    return sorted(item.code for item in found if item.code not in OF_PROSE)


def test_every_report_is_expected():
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_findings(name):
    assert codes(name) == EXPECTED[name]
