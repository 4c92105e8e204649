"""What a check answers (核对发现): one frozen record, the same in the panel, on the review page and in JSON."""

from __future__ import annotations

from enum import StrEnum

from departments.dossier import Part


class Level(StrEnum):
    """ERROR stops certification, WARNING must be explained, HINT only informs, OFF silences a rule."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"
    OFF = "off"


LEVEL_LABELS = {Level.ERROR: "错误", Level.WARNING: "疑点", Level.HINT: "提示", Level.OFF: "停用"}

KINDS = frozenset(
    """sum balance ratio count headcount unit digit basis missing-target missing-actual missing-score missing-year
    missing-grade missing-initial missing-rate missing-text unquantified category direction over-achievement
    low-target score score-sum weight-sum grade full-marks template-text duplicate-text copied-text foreign-unit
    foreign-year foreign-project year-text unknown-office reason-direction unexplained-adjustment mislabel
    definition outlier rule-fault""".split()  # noqa: SIM905 (one word after another reads best)
)
"""Closed list of kinds; ``rule-fault`` is the runner's own (规则未能执行)."""


class Evidence(Part):
    """One figure or passage that proves a finding."""

    value: str
    unit: str = ""
    where: str = ""


class Finding(Part):
    """A contradiction or gap. ``where`` is a path of the dossier such as ``money.expenditure.project.actual``."""

    kind: str
    code: str
    level: Level
    where: str
    message: str
    evidence: tuple[Evidence, ...] = ()
    fix: str = ""

    @property
    def key(self) -> str:
        """What an explanation is bound to: the rule and the place."""
        return f"{self.code}@{self.where}"
