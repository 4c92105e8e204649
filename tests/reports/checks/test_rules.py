"""Each rule on its smallest failing dossier, its nearest passing neighbour, and without its input."""

from __future__ import annotations

import re

import pytest

from indicators.policy import load_policy
from indicators.scoring import score
from reports.checks.registry import Context, run_checks
from reports.dossier import Dossier
from reports.places import place
from tests.reports.checks.build import CODES, d, form, found
from tests.reports.checks.rules import FAILS, PASSES

INTERNAL = re.compile(r"[a-z]+_[a-z_]+|\bNone\b|\bind-\d|full_budget|Decimal")


def numbered(cases):
    return [pytest.param(*case, id=f"{case[0]}-{number}") for number, case in enumerate(cases)]


@pytest.mark.parametrize(("code", "dossier", "expected", "context"), numbered(FAILS))
def test_finds(code, dossier, expected, context):
    findings = found(code, dossier, **context)
    assert sorted((item.level.value, item.where) for item in findings) == sorted(expected)
    for item in findings:
        assert item.kind == CODES[code].kind
        assert item.message
        assert item.fix
        assert not INTERNAL.search(item.message), item.message
        assert not INTERNAL.search(item.fix), item.fix
        assert item.where == "title" or place(item.where, dossier).anchor != "findings"


@pytest.mark.parametrize(("code", "dossier", "context"), numbered(PASSES))
def test_stays_silent(code, dossier, context):
    assert [item.message for item in found(code, dossier, **context)] == []


@pytest.mark.parametrize("code", CODES)
def test_every_rule_has_both_kinds_of_cases(code):
    assert code in {case[0] for case in FAILS}
    assert code in {case[0] for case in PASSES}


@pytest.mark.parametrize("code", CODES)
def test_missing_input_is_no_finding(code):
    nothing = Dossier(profile=d().profile, coverage=frozenset())
    assert found(code, nothing) == []


def test_an_empty_form_is_only_incomplete():
    """A form just opened: completeness speaks, no rule of figures or text does."""
    dossier = form()
    card = score(dossier.profile, dossier.money, dossier.indicators, load_policy())
    codes = {item.code for item in run_checks(Context(dossier, card, load_policy()))}
    assert all(code.startswith("missing-") for code in codes)
    assert {"missing-budget", "missing-execution", "missing-goals", "missing-profile"} <= codes
