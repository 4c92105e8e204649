"""Registry of the sections: which blocks each one has, and how far each one has come."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from budgets.models import Project
from budgets.tables import Column
from departments.models import AnnualProfile
from indicators.dossier import Sheet
from reports.dossier import Dossier
from reports.evaluation import Evaluation
from reports.findings import Finding, Level
from reports.models import Report, SectionState
from reports.outline import Outline
from reports.outlines import outline_of
from reports.places import PROJECT_SHEET, SECTIONS, Place, Section, place
from reports.take import Facts
from reports.workspace.fields import Surroundings
from reports.workspace.forms import (
    base_data,
    expenditure,
    goals,
    income,
    indicators,
    narrative,
    profile,
    projects,
    result,
)
from reports.workspace.rows import Draft, Part

FINDING_KEY = re.compile(r"^[a-z0-9-]+@[\w.:-]*$")

PARTS = {
    "profile": profile.parts,
    "income": income.parts,
    "expenditure": expenditure.parts,
    "base-data": base_data.parts,
    "projects": projects.parts,
    "goals": goals.parts,
    "indicators": indicators.parts,
}


@dataclass
class SectionForm:
    """One section of one report: its blocks, loaded and bound."""

    section: Section
    parts: list[Part]
    state_key: str
    project: Project | None = None

    def load(self, profile: AnnualProfile, facts: Facts | None = None) -> None:
        """Read what is stored; from ``facts`` for a page that only shows it."""
        for part in self.parts:
            part.load(profile, facts)

    def stored(self) -> Draft:
        """What is stored, as texts."""
        draft = Draft()
        for part in self.parts:
            draft.add(part.stored())
        return draft

    def shown(self, rejected: Mapping[str, str]) -> Draft:
        """What the page shows: what is stored, with the refused texts in their places."""
        draft = self.stored()
        for part in self.parts:
            part.overlay(draft, rejected)
        return draft

    def bind(self, draft: Draft, surroundings: Surroundings | None = None) -> None:
        surroundings = surroundings or Surroundings()
        for part in self.parts:
            part.bind(draft, surroundings)

    def part(self, prefix: str, kind: str = "") -> Part:
        """The block of that prefix (and kind, where two share one)."""
        return next(item for item in self.parts if item.prefix == prefix and kind in ("", item.kind))

    def labels(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for part in self.parts:
            found |= part.labels()
        return found

    def errors(self) -> dict[str, str]:
        """Message of each refused field by path."""
        return {
            form.add_prefix(name): " ".join(messages)
            for part in self.parts
            for form in part.forms()
            for name, messages in form.errors.items()
        }


def section_form(
    report: Report,
    key: str,
    *,
    project: Project | None = None,
    findings: Iterable[Finding] = (),
    posted: Draft | None = None,
) -> SectionForm:
    """The form of a section, not yet loaded. Raises :class:`KeyError` for a section without one."""
    section = PROJECT_SHEET if project else next(item for item in SECTIONS if item.key == key)
    if project is not None:
        prefix = f"{SHEETS}.{project.uid}"
        parts = [
            goals.goals_part(f"{prefix}.goals", project),
            indicators.indicators_part(f"{prefix}.indicators", project),
            indicators.assessment_part(f"{prefix}.assessment", project),
        ]
        return SectionForm(section, parts, f"project:{project.uid.hex}", project)
    if key == "narrative":
        parts = narrative.parts(outline_of(report.round))
    elif key == "result":
        sent = (
            name.removeprefix("explanations.")
            for name in (posted.texts if posted else ())
            if name.startswith("explanations.")
        )
        parts = result.parts(findings, [name for name in sent if FINDING_KEY.match(name)][:MOST_ANSWERS])
    else:
        parts = PARTS[key]()
    return SectionForm(section, parts, key)


SHEETS = "project_sheets"
MOST_ANSWERS = 500


# ------------------------------------------------------------------ how far a section has come


class Progress(StrEnum):
    """State of a section in the list."""

    EMPTY = "empty"
    PARTIAL = "partial"
    DONE = "done"
    PROBLEM = "problem"


PROGRESS_LABELS = {
    Progress.EMPTY: "未填",
    Progress.PARTIAL: "未完",
    Progress.DONE: "完成",
    Progress.PROBLEM: "有问题",
}
PROGRESS_MARKS = {Progress.EMPTY: "○", Progress.PARTIAL: "◐", Progress.DONE: "✓", Progress.PROBLEM: "！"}


@dataclass(frozen=True)
class Missing:
    """Something that the unit has still to fill in."""

    place: Place
    """Where; its label says what."""


@dataclass
class SectionProgress:
    """One line of the list of sections."""

    section: Section
    number: int
    progress: Progress = Progress.EMPTY
    findings: list[Finding] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    refused: int = 0
    comments: int = 0
    current: bool = False
    url: str = ""

    @property
    def label(self) -> str:
        return PROGRESS_LABELS[self.progress]

    @property
    def mark(self) -> str:
        return PROGRESS_MARKS[self.progress]

    @property
    def concerning(self) -> list[Finding]:
        """Findings worth seeing while typing: that a section not begun is not filled in is no news."""
        return [finding for finding in self.findings if self.concerns(finding)]

    def concerns(self, finding: Finding) -> bool:
        """Whether the finding is about something that is filled in."""
        return self.progress is not Progress.EMPTY or not finding.kind.startswith("missing-")

    @property
    def serious(self) -> int:
        """Number of errors and warnings among them."""
        return sum(finding.level in (Level.ERROR, Level.WARNING) for finding in self.concerning)


def overview(
    evaluation: Evaluation, states: Iterable[SectionState], comments: Iterable[str] = ()
) -> list[SectionProgress]:
    """State of every section, from the evaluation alone; ``comments`` are the paths of open comments."""
    by_section: dict[str, list[Finding]] = {}
    for finding in evaluation.findings:
        by_section.setdefault(home(place(finding.where).section), []).append(finding)
    refused = Counter[str]()
    for state in states:
        refused[home(state.section.partition(":")[0])] += len(state.rejected)
    commented = Counter(home(place(where).section) for where in comments)
    filled = filled_sections(evaluation.dossier)
    lacking = missing(evaluation)
    lines = []
    for number, section in enumerate(SECTIONS, start=1):
        line = SectionProgress(
            section=section,
            number=number,
            findings=by_section.get(section.key, []),
            missing=[item for item in lacking if home(item.place.section) == section.key],
            refused=refused[section.key],
            comments=commented[section.key],
        )
        line.progress = _progress(line, section.key in filled, evaluation)
        lines.append(line)
    return lines


def home(section: str) -> str:
    """The section that counts a project's own sheet: the projects."""
    return "projects" if section == PROJECT_SHEET.key else section


def _progress(line: SectionProgress, filled: bool, evaluation: Evaluation) -> Progress:
    if not filled and not line.refused:
        return Progress.EMPTY
    open_findings = [
        finding
        for finding in line.findings
        if not finding.kind.startswith("missing-")
        and (
            finding.level is Level.ERROR
            or (finding.level is Level.WARNING and finding.key not in evaluation.explained)
        )
    ]
    if open_findings or line.refused or line.comments:
        return Progress.PROBLEM
    gaps = any(
        finding.kind.startswith("missing-") and finding.level is Level.ERROR for finding in line.findings
    )
    return Progress.PARTIAL if line.missing or gaps else Progress.DONE


def filled_sections(dossier: Dossier) -> set[str]:
    """Sections in which something stands."""
    people, money, sheet = dossier.profile, dossier.money, dossier.indicators
    facts = {
        "profile": people.internal_offices
        or people.duties
        or people.head
        or people.contact
        or people.prepared_by
        or people.phone
        or {people.authorized_posts, people.staff_on_posts, people.retirees} != {None},
        "income": money.income_source.rows
        or money.income_nature.rows
        or money.carryover.rows
        or money.income_source.stated_total
        or money.income_nature.stated_total,
        "expenditure": money.expenditure.rows
        or money.expenditure.stated_total
        or money.adjustments
        or money.execution_explanation,
        "base-data": any(
            money.table(key).rows or money.table(key).stated_total
            for key in ("three_public", "running_costs", "project_detail", "procurement", "assets")
        )
        or money.buildings
        or money.frugality,
        "projects": money.projects or money.project_office,
        "goals": sheet.goals,
        "indicators": sheet.indicators,
        "narrative": any(section.text for section in dossier.narrative),
        "attachments": dossier.attachments,
        "result": sheet.assessment.score is not None or sheet.assessment.grade or dossier.explanations,
    }
    return {key for key, filled in facts.items() if filled}


def missing(evaluation: Evaluation) -> list[Missing]:
    """What has still to be filled in, in the order of the sections. Whether it stops the report is for the checks."""
    dossier = evaluation.dossier
    found = [Missing(place(where, dossier)) for where in _missing(dossier, evaluation.outline)]
    if evaluation.unexplained:
        label = f"还有{len(evaluation.unexplained)}条疑点没有写情况说明"
        found.append(Missing(Place(section="result", anchor="findings", label=label)))
    return found


def _missing(dossier: Dossier, outline: Outline) -> Iterator[str]:
    people, money = dossier.profile, dossier.money
    for name in ("authorized_posts", "staff_on_posts", "head", "phone", "prepared_by", "prepared_on"):
        if getattr(people, name) in (None, ""):
            yield f"profile.{name}"
    if not people.internal_offices:
        yield "profile.internal_offices"
    if not people.duties:
        yield "profile.duties"
    for table in ("income_source", "income_nature"):
        if money.table(table).total(Column.ACTUAL) is None:
            yield f"money.{table}.total.actual"
    for key in ("opening", "closing"):
        if money.carryover.amount(key, Column.ACTUAL) is None:
            yield f"money.carryover.{key}.actual"
    for column in (Column.INITIAL_BUDGET, Column.FULL_BUDGET, Column.ACTUAL):
        if money.expenditure.total(column) is None:
            yield f"money.expenditure.total.{column}"
    for table in ("three_public", "running_costs"):
        if money.table(table).total(Column.ACTUAL) is None:
            yield f"money.{table}.total.actual"
    if money.procurement.amount("procurement", Column.ACTUAL) is None:
        yield "money.procurement.procurement.actual"
    if not money.frugality:
        yield "money.frugality"
    for project in money.projects:
        for name in ("full_budget", "spent"):
            if getattr(project, name) is None:
                yield f"money.projects.{project.key}.{name}"
    yield from _missing_in_sheet(dossier.indicators)
    texts = {section.key: section.text for section in dossier.narrative}
    for section in outline.text_sections:
        if section.required and not texts.get(section.key, "").strip():
            yield f"narrative.{section.key}"


def _missing_in_sheet(sheet: Sheet) -> Iterator[str]:
    if not any(goal.expected for goal in sheet.goals):
        yield "goals"
    for number, goal in enumerate(sheet.goals):
        if goal.expected and not goal.actual:
            yield f"goals.{number}.actual"
    if not sheet.indicators:
        yield "indicators"
    for item in sheet.indicators:
        if not item.not_applicable:
            for name in ("target", "actual", "weight"):
                if getattr(item, name) in (None, ""):
                    yield f"indicators.{item.key}.{name}"
