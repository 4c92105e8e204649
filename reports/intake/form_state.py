"""Where the reader of known forms is: which form, which heads, and what it holds so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from indicators.dossier import Goal, Indicator, SelfAssessment, Sheet


@dataclass
class SheetReading:
    """One 自评表 as read."""

    project: str = ""
    goals: list[Goal] = field(default_factory=list)
    lines: list[Indicator] = field(default_factory=list)
    score: Decimal | None = None
    grade: str = ""
    execution: dict[str, Decimal] = field(default_factory=dict)

    def sheet(self) -> Sheet:
        """Goals, indicators and result."""
        return Sheet(
            goals=tuple(self.goals),
            indicators=tuple(self.lines),
            assessment=SelfAssessment(
                score=self.score,
                grade=self.grade,
                execution_weight=self.execution.get("weight"),
                execution_score=self.execution.get("score"),
            ),
        )


@dataclass
class FormState:
    """What the heads above said; it holds until other heads come."""

    sheet: SheetReading
    """The 自评表 that the rows belong to."""
    prefix: str = ""
    """Path of that sheet inside the dossier."""
    mode: str = ""
    """Kind of the rows below the last heads."""
    columns: dict[int, str] = field(default_factory=dict)
    groups: dict[int, str] = field(default_factory=dict)
    fresh: bool = False
    """Whether this table goes on from the one before (a new page) and has not come to an indicator yet."""
    merged: bool = False
    """Whether a class cell of this form reaches over several rows."""
    nameless: dict[str, list[int]] = field(default_factory=dict)
    """Last lines of the form whose class cell is empty, by level: its words may stand on the next page."""
    funds: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    """Money of projects by name and field."""
