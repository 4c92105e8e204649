"""docs/cases.md and the number of findings a rule over the corpus: current, and nothing missed."""

from __future__ import annotations

import json

import pytest

from reports.checks import all_checks
from tests.reports.checks.case_page import (
    ANSWERS,
    COUNTS,
    PAGE,
    TEXT,
    answered,
    answers_of,
    contradictions_of,
    counts,
    found_in,
    markdown,
)
from tests.reports.checks.test_cases import NAMES


def test_every_case_is_answered():
    assert set(ANSWERS) == set(NAMES)
    for name in ANSWERS:
        assert len(ANSWERS[name]) == len(contradictions_of(name)), name


@pytest.mark.parametrize("name", [TEXT, *sorted(ANSWERS)])
def test_each_contradiction_is_a_finding_of_its_kind_or_needs_more_than_the_file(name):
    findings = found_in(name)
    kinds = {item.code: item.kind for item in all_checks()}
    for item, answer in zip(contradictions_of(name), answers_of(name), strict=True):
        if not isinstance(answer, str):
            assert kinds[answer[0]] == item["kind"], answer
            assert answered(answer, findings), answer


def test_the_reasons_name_rules_that_exist():
    codes = {item.code for item in all_checks()}
    for answers in ANSWERS.values():
        for answer in answers:
            if isinstance(answer, str):
                assert set(answer.split("`")[1::2]) <= codes


def test_the_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == markdown()


def test_the_number_of_findings_a_rule_has_not_moved():
    """When it moves on purpose: python -m tests.reports.checks.case_page, and read the difference."""
    assert json.loads(COUNTS.read_text(encoding="utf-8")) == counts()
