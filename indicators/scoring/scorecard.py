"""The scorecard (评分表): each line's score, the rule used and a sentence with its numbers. Frozen, JSON-ready."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from budgets.money import plain
from departments.dossier import Part
from indicators.dossier import Points

Outcome = Literal["met", "unmet", "unscorable", "not_applicable", "excluded"]
"""Whether the target was met (已完成), judged on unrounded values; ``unscorable`` says why in ``basis``."""


class ScoreLine(Part):
    """One indicator's or the execution rate's score (单项得分)."""

    key: str
    """Key of the indicator, or ``execution``."""
    level1: str = ""
    level2: str = ""
    name: str
    target: str = ""
    actual: str = ""
    weight: Points | None = None
    score: Points | None = None
    """系统评分 of the line, rounded; ``None`` when not scorable."""
    self_score: Points | None = None
    """What the unit states for the line, else the computed one."""
    rule: str = ""
    """Stable name of the rule used: ``pro-rata``, ``qualitative``, ``execution-rate`` …"""
    basis: str = ""
    """Sentence with the numbers: ``目标≥95%，完成93%，按比例 10×93/95=9.79``, or why it cannot be scored."""
    outcome: Outcome = "unscorable"
    completion: Decimal | None = None
    """Degree of completion as an unrounded fraction, where one exists."""
    flags: tuple[str, ...] = ()
    """``over-achieved``, ``approximate`` …"""

    @property
    def unscorable(self) -> bool:
        return self.score is None and self.outcome == "unscorable"


class SectionScore(Part):
    """Sum of one first-level class (一级指标): stated weights, policy's weight, score."""

    name: str
    expected_weight: Points | None = None
    weight: Points | None = None
    score: Points | None = None


class Scorecard(Part):
    """The whole result. ``score`` and ``grade`` are computed; ``self_score`` and ``self_grade`` are the unit's."""

    policy: str
    """Name and version of the policy."""
    lines: tuple[ScoreLine, ...] = ()
    sections: tuple[SectionScore, ...] = ()
    score: Points | None = None
    """系统评分; ``None`` = 无法计算, with ``reasons``."""
    grade: str = ""
    reasons: tuple[str, ...] = ()
    """Why the total is not computable, or which caps and re-scaling were applied, one sentence each."""
    self_score: Points | None = None
    """自评得分: stated by the unit, else the computed one."""
    self_grade: str = ""
    """Grade of the self score by the policy's cut-offs."""
    stated_grade: str = ""
    """Grade word as the unit wrote it (优秀 → 优)."""
    weight_total: Points | None = None
    projects: tuple[ProjectScore, ...] = ()

    @property
    def computable(self) -> bool:
        return self.score is not None

    @property
    def differences(self) -> tuple[str, ...]:
        """Why 自评得分 and 系统评分 differ: a sentence for each line that differs, then one for the totals."""
        found = [
            f"{line.name}：自评{plain(line.self_score)}分，系统评分{plain(line.score)}分（{line.basis}）"
            for line in self.lines
            if line.score is not None and line.self_score is not None and line.score != line.self_score
        ]
        found += [
            f"{line.name}：自评{plain(line.self_score)}分，系统无法评分（{line.basis}）"
            for line in self.lines
            if line.unscorable and line.self_score is not None
        ]
        if self.self_score is not None and self.score is None:
            found.append(f"自评得分{plain(self.self_score)}分，系统总分无法计算")
        elif self.self_score is not None and self.score is not None and self.score != self.self_score:
            gap = self.self_score - self.score
            found.append(
                f"自评得分{plain(self.self_score)}分，系统评分{plain(self.score)}分，"
                f"自评{'高' if gap > 0 else '低'}{plain(abs(gap))}分"
            )
        return tuple(found)

    def line(self, key: str) -> ScoreLine | None:
        """The line of that indicator key (or ``execution``)."""
        return next((line for line in self.lines if line.key == key), None)


class ProjectScore(Part):
    """A project's own scorecard."""

    project: str
    name: str
    card: Scorecard


Scorecard.model_rebuild()
