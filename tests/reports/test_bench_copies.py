"""A small version of the bench of the copy search: it finds the planted copies and nothing else."""

from __future__ import annotations

from bench.copies import corpus
from reports.similarity import find_copies


def test_the_search_finds_exactly_the_planted_copies():
    found = find_copies(corpus(40))
    planted = set(range(0, 40, 10))
    planted |= {(number * 7 + 3) % 40 for number in range(0, 40, 10)}
    assert set(found) == planted
    assert {copy.section for copies in found.values() for copy in copies} == {"section-3"}
