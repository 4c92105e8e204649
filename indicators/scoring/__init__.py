"""The scoring engine: ``score(profile, money, indicators, policy) -> Scorecard``, pure and free of Django."""

from __future__ import annotations

from indicators.scoring.engine import execution_line, indicator_line, score
from indicators.scoring.scorecard import Scorecard, ScoreLine, SectionScore

__all__ = ["ScoreLine", "Scorecard", "SectionScore", "execution_line", "indicator_line", "score"]
