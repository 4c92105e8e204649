"""The scoring engine: ``score(profile, money, indicators, policy) -> Scorecard``, pure and free of Django."""

from __future__ import annotations

from indicators.scoring.engine import score

__all__ = ["score"]
