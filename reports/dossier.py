"""The dossier (填报数据): everything one department says about one year, frozen, without the ORM.

Its JSON is the exchange format, the content of a Submission and the input of scoring, checks and composing. Amounts are in
元. :func:`reports.take.take` builds one from the database; ``reports.intake`` from files.
"""

from __future__ import annotations

import hashlib
import json
from enum import StrEnum

from budgets.dossier import Money
from departments.dossier import Part, Profile
from indicators.dossier import Indicators


class Covers(StrEnum):
    """Parts that a source can contain. A part not covered was *not read*; it is never *empty*."""

    PROFILE = "profile"
    OFFICES = "offices"
    DUTIES = "duties"
    INCOME = "income"
    EXPENDITURE = "expenditure"
    BUDGET = "budget"
    CARRYOVER = "carryover"
    BASE_DATA = "base_data"
    """基础数据表: 三公, 公用经费, 采购, 楼堂馆所."""
    PROJECTS = "projects"
    PROJECT_SHEETS = "project_sheets"
    GOALS = "goals"
    INDICATORS = "indicators"
    """The indicator table with names and actual values."""
    TARGETS = "targets"
    """Target values are a column of the source (whether filled or not)."""
    WEIGHTS = "weights"
    SELF_SCORE = "self_score"
    NARRATIVE = "narrative"
    ATTACHMENTS = "attachments"


EVERYTHING = frozenset(Covers)
NIL_COVERAGE = frozenset({Covers.PROFILE, Covers.ATTACHMENTS})
NIL_KIND = "部门整体支出绩效自评零报告"
NIL_KEY = "nil_reason"
"""Key of the one section that a nil report (零报告) has: why there is nothing to evaluate."""


class Section(Part):
    """One section of the report's text. ``key`` names it in the outline (``problems``), ``title`` as printed."""

    key: str
    title: str
    text: str = ""


class Attachment(Part):
    """佐证材料: name and checksum; the file itself stays outside the dossier."""

    name: str
    sha256: str
    size: int
    indicator: str = ""
    """Key of the indicator it proves; empty for the whole report."""


class Explanation(Part):
    """The unit's answer to a warning (情况说明), bound to :attr:`reports.findings.Finding.key`."""

    finding: str
    text: str


class Origin(Part):
    """Where a value was read: ``where`` is the dossier path, ``source`` the place in the file, ``words`` as read."""

    where: str
    source: str
    words: str


class Unread(Part):
    """A passage of a source that the reader could not place, or a doubt that it puts as a question."""

    source: str
    words: str
    question: str = ""


class Dossier(Part):
    """The hub. ``schema_version`` changes when the shape does, so that stored submissions stay readable."""

    schema_version: int = 1
    title: str = ""
    document_kind: str = "部门整体支出绩效自评报告"
    profile: Profile
    money: Money = Money()
    indicators: Indicators = Indicators()
    narrative: tuple[Section, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    explanations: tuple[Explanation, ...] = ()
    coverage: frozenset[Covers] = EVERYTHING
    origins: tuple[Origin, ...] = ()
    unread: tuple[Unread, ...] = ()

    @property
    def year(self) -> int:
        return self.profile.year

    @property
    def nil(self) -> bool:
        """Whether this is a nil report (零报告): no figures, no indicators, no score; nothing in it can be checked."""
        return self.document_kind == NIL_KIND

    @property
    def nil_reason(self) -> str:
        """Why there is nothing to evaluate; empty in an ordinary report."""
        return self.section(NIL_KEY) if self.nil else ""

    def covers(self, *parts: Covers) -> bool:
        """Whether the source contains all of these parts."""
        return self.coverage.issuperset(parts)

    def section(self, key: str) -> str:
        """Text of a section of the outline; empty when there is none."""
        return next((section.text for section in self.narrative if section.key == key), "")

    def canonical_json(self) -> str:
        """JSON with sorted keys and no spaces: equal dossiers give equal bytes."""
        data = self.model_dump(mode="json")
        data["coverage"] = sorted(data["coverage"])
        return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def sha256(self) -> str:
        """Fingerprint that certification and submission are bound to."""
        return hashlib.sha256(self.canonical_json().encode()).hexdigest()
