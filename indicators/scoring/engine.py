"""Scores one department-year by a policy."""

from __future__ import annotations

from budgets.dossier import Money
from departments.dossier import Profile
from indicators.dossier import Indicators
from indicators.policy import Policy
from indicators.scoring.scorecard import Scorecard, ScoreLine


def score(profile: Profile, money: Money, indicators: Indicators, policy: Policy) -> Scorecard:
    """The scorecard of a department-year."""
    lines = [
        ScoreLine(key="execution", name="预算执行率", weight=policy.execution.weight, rule="execution-rate")
    ]
    lines += [
        ScoreLine(
            key=item.key,
            level1=item.level1,
            level2=item.level2,
            name=item.name,
            target=item.target or "",
            actual=item.actual or "",
            weight=item.weight,
            self_score=item.self_score,
        )
        for item in indicators.indicators
    ]
    stated = indicators.assessment
    return Scorecard(
        policy=policy.title,
        lines=tuple(lines),
        self_score=stated.score,
        self_grade=policy.grade(stated.score),
        stated_grade=policy.normal_grade(stated.grade),
    )
