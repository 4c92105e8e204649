"""The drawing of a sample: shares by main department, the riskiest first, the same again from the same seed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reports.oversight.sampling import Candidate, count_of, risk_of, sample, shares

POOL = [Candidate(number, number % 3, Decimal(number % 7)) for number in range(1, 31)]


@pytest.mark.parametrize(
    ("asked", "total", "percent", "count"),
    [
        (20, 30, True, 6),
        (5, 30, True, 2),
        (1, 30, True, 1),
        (100, 30, True, 30),
        (4, 30, False, 4),
        (99, 30, False, 30),
        (5, 0, False, 0),
    ],
)
def test_how_many(asked, total, percent, count):
    assert count_of(asked, total, percent=percent) == count


@pytest.mark.parametrize("count", range(0, 13))
def test_shares_are_whole_and_never_more_than_there_is(count):
    sizes = {1: 7, 2: 4, 3: 1}
    given = shares(sizes, count)
    assert sum(given.values()) == count
    assert all(given[group] <= size for group, size in sizes.items())
    exact = {group: size * count / 12 for group, size in sizes.items()}
    assert all(abs(given[group] - exact[group]) < 1 for group in sizes)


def test_the_same_seed_draws_the_same_in_any_order():
    drawn = sample(POOL, 9, seed="42")
    assert drawn == sample(POOL[::-1], 9, seed="42")
    assert [one.group for one in drawn] == [0] * 3 + [1] * 3 + [2] * 3
    assert drawn != sample(POOL, 9, seed="43")


def test_a_seed_favours_nobody():
    """Over many seeds every report is drawn about as often as any other."""
    times = dict.fromkeys(range(1, 31), 0)
    for seed in range(1, 401):
        for one in sample(POOL, 6, seed=str(seed)):
            times[one.report] += 1
    assert min(times.values()) > 45 and max(times.values()) < 120


def test_without_a_seed_the_riskiest_of_each_main_department_come_first():
    drawn = sample(POOL, 6)
    for group in range(3):
        risks = [one.risk for one in POOL if one.group == group]
        assert [one.risk for one in drawn if one.group == group] == sorted(risks, reverse=True)[:2]


def test_risk_says_why():
    risk, why = risk_of(
        errors=0, warnings=2, self_score=Decimal("95.50"), score=Decimal("90"), reviewed=Decimal("96")
    )
    assert risk == Decimal("8.0")
    assert why == "核对发现2项；自评得分高于系统评分5.5分；自评得分低于复核得分0.5分"
    assert (
        risk_of(errors=0, warnings=0, self_score=Decimal(90), score=None, reviewed=None)[1]
        == "系统评分无法计算"
    )
    assert risk_of(errors=0, warnings=0, self_score=None, score=None, reviewed=None) == (Decimal(0), "")
