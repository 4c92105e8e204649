"""The live panel: totals, execution rate, score, grade and findings of a report, and figures beside its fields."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from budgets.dossier import Table
from budgets.money import percent, plain, rate, wan
from budgets.tables import TOTAL, Column
from indicators.policy import Policy
from indicators.scoring.scorecard import Scorecard
from reports.evaluation import Evaluation
from reports.findings import LEVEL_LABELS, Finding, Level
from reports.models import Report
from reports.places import PROJECT_SHEET, Place, place, section_url
from reports.workspace.rows import LinesPart, RowsPart
from reports.workspace.sections import Progress, SectionForm, SectionProgress, home

TO_MEND = "待改正"
"""Stands where a figure would be made of a value that was not understood."""
RATE_TABLES = {
    "expenditure": "执行率",
    "three_public": "控制率",
    "running_costs": "控制率",
    "procurement": "执行率",
}


@dataclass(frozen=True)
class ShownFinding:
    """A finding with its place, its link and the unit's answer."""

    finding: Finding
    place: Place
    url: str
    explanation: str = ""

    @property
    def level_label(self) -> str:
        return LEVEL_LABELS[self.finding.level]

    @property
    def evidence(self) -> list[str]:
        """Figures that prove it, each with its unit and where it stands."""
        lines = []
        for item in self.finding.evidence:
            where = place(item.where).label if "." in item.where else item.where
            lines.append(f"{where}：{item.value}{item.unit}" if where else f"{item.value}{item.unit}")
        return lines

    @property
    def is_gap(self) -> bool:
        """Whether something is only missing: the place says all, figures prove nothing more."""
        return self.finding.kind.startswith("missing-")

    @property
    def asks_answer(self) -> bool:
        return self.finding.level is Level.WARNING

    @property
    def answer_path(self) -> str:
        return f"explanations.{self.finding.key}"


@dataclass(frozen=True)
class Figure:
    """One line of the panel."""

    label: str
    value: str
    unit: str = ""
    loud: bool = False
    """Set when the figure needs a second look (执行率 above 100 %)."""


@dataclass
class Panel:
    """All that the panel shows."""

    figures: list[Figure]
    score: str
    grade: str
    reasons: list[str]
    self_score: str
    self_grade: str
    own: list[ShownFinding]
    others: list[SectionProgress]
    untouched: bool = False
    """Nothing is filled in here yet; what is missing is said once something is."""
    current: SectionProgress | None = None

    @property
    def open_count(self) -> int:
        """Errors and warnings of the whole report."""
        own = self.current.serious if self.current else 0
        return own + sum(line.serious for line in self.others)


def panel(
    report: Report, evaluation: Evaluation, lines: Iterable[SectionProgress], current: str, project: str = ""
) -> Panel:
    """The panel of a section's page: its own findings in full, of the others their number."""
    money, card = evaluation.dossier.money, evaluation.scorecard
    income = money.income_source.total(Column.ACTUAL)
    if income is None:
        income = money.income_nature.total(Column.ACTUAL)
    execution = money.execution_rate
    shown = [shown_finding(report, evaluation, finding, current, project) for finding in evaluation.findings]
    lines = list(lines)
    here = next((line for line in lines if line.section.key == home(current)), None)
    return Panel(
        figures=[
            Figure("收入合计", wan(income), "万元" if income is not None else ""),
            Figure("支出合计", wan(money.spent), "万元" if money.spent is not None else ""),
            Figure("全年预算", wan(money.budget), "万元" if money.budget is not None else ""),
            Figure("预算执行率", percent(execution), loud=execution is not None and execution > 1),
        ],
        score=points(card.score),
        grade=card.grade,
        reasons=list(card.reasons) if card.score is None else [],
        self_score=points(card.self_score),
        self_grade=card.self_grade,
        own=[
            item
            for item in shown
            if _here(item.place, current, project) and (here is None or here.concerns(item.finding))
        ],
        untouched=here is not None and here.progress is Progress.EMPTY,
        others=[line for line in lines if line.section.key != current and line.concerning],
        current=next((line for line in lines if line.section.key == current), None),
    )


def shown_finding(
    report: Report, evaluation: Evaluation, finding: Finding, current: str = "", project: str = ""
) -> ShownFinding:
    """A finding as shown; on the page of its own section the link is only the anchor."""
    found = place(finding.where, evaluation.dossier)
    url = f"#{found.anchor}" if _here(found, current, project) else found.url(report.pk)
    return ShownFinding(finding, found, url, evaluation.explained.get(finding.key, ""))


def points(value: Decimal | None) -> str:
    """Score as shown; empty when there is none."""
    return "" if value is None else plain(value)


def _here(found: Place, current: str, project: str) -> bool:
    if current == PROJECT_SHEET.key:
        return found.section == current and found.project == project
    return found.section == current


# ------------------------------------------------------------------ figures beside the fields


@dataclass(frozen=True)
class LiveCell:
    """A computed figure that stands among the fields and is renewed with every save; ``id`` is its element's."""

    id: str
    text: str
    extra: str = ""
    label: str = ""
    """Head of its column, where a phone shows the columns one below the other."""
    loud: bool = False

    def unless(self, refused: Collection[str]) -> LiveCell:
        """This figure, or that it waits for what was refused in these fields."""
        return replace(self, text=TO_MEND, extra="", loud=True) if refused else self


def live_cells(form: SectionForm, evaluation: Evaluation) -> list[LiveCell]:
    """Sums and rates of the tables, the control rate of posts, the score of each indicator.

    Where a field that a figure is made of holds something that was refused, the figure would still be the one of the value
    before: :data:`TO_MEND` stands there instead.
    """
    cells: list[LiveCell] = []
    money, refused = evaluation.dossier.money, frozenset(form.errors())
    for part in form.parts:
        if isinstance(part, LinesPart):
            table = money.table(part.spec.key)
            if part.spec.total_label:
                cells += [
                    LiveCell(
                        f"sum-{part.spec.key}-{column}",
                        wan(table.computed_total(column), missing="—"),
                        label=label,
                    ).unless(refused & _of_column(part, column))
                    for column, label in part.columns
                ]
            if part.spec.key in RATE_TABLES:
                cells += [
                    _rate_cell(
                        f"rate-{part.spec.key}-{key}",
                        table.amount(key, "actual"),
                        table.amount(key, "full_budget"),
                    ).unless(refused & _behind_rate(part, table, key))
                    for key in part.fixed
                ]
        elif isinstance(part, RowsPart) and part.prefix.endswith("indicators"):
            cells += _score_cells(part, card_of(form, evaluation), refused)
        elif part.prefix == "profile":
            people = evaluation.dossier.profile
            cell = _rate_cell("staff-rate", people.staff_on_posts, people.authorized_posts)
            cells.append(cell.unless(refused & {"profile.staff_on_posts", "profile.authorized_posts"}))
    if form.section.key == "projects":
        spent, line = (
            [item.spent for item in money.projects],
            money.expenditure.amount("project", Column.ACTUAL),
        )
        stated = [amount for amount in spent if amount is not None]
        total = LiveCell("projects-spent", wan(sum(stated, Decimal(0)) if stated else None, missing="—"))
        doubtful = {
            path for path in refused if path.startswith("money.projects.") and path.endswith(".spent")
        }
        cells.append(total.unless(doubtful))
        cells.append(LiveCell("projects-line", wan(line, missing="未填")))
    return cells


def _of_column(part: LinesPart, column: str) -> set[str]:
    """Paths of a column's fields, that of the total left out."""
    return {f"{part.prefix}.{key}.{column}" for key in part.fixed if key != TOTAL}


def _behind_rate(part: LinesPart, table: Table, key: str) -> set[str]:
    """Paths of the fields that a line's rate is made of; a total that is not stated is made of its rows."""
    paths = {f"{part.prefix}.{key}.{column}" for column in ("actual", "full_budget")}
    if key == TOTAL:
        for column in ("actual", "full_budget"):
            if table.stated_total is None or getattr(table.stated_total, column) is None:
                paths |= _of_column(part, column)
    return paths


def _rate_cell(name: str, part: Any, whole: Any) -> LiveCell:
    value = rate(part, whole)
    return LiveCell(name, percent(value, missing="—"), loud=value is not None and value > 1)


def card_of(form: SectionForm, evaluation: Evaluation) -> Scorecard | None:
    """The scorecard of the sheet on the page: the department's, or the project's own."""
    if form.project is None:
        return evaluation.scorecard
    key = str(form.project.uid)
    return next((item.card for item in evaluation.scorecard.projects if item.project == key), None)


def _score_cells(part: RowsPart, card: Scorecard | None, refused: frozenset[str]) -> list[LiveCell]:
    lines = {line.key: line for line in card.lines} if card else {}
    cells = []
    for row in part.rows:
        line = lines.get(row.name)
        text = f"{plain(line.score)}分" if line and line.score is not None else "未计分"
        cell = LiveCell(f"score-{row.name}", text, extra=line.basis if line else "保存后计算")
        cells.append(cell.unless({path for path in refused if path.startswith(f"{row.path}.")}))
    return cells


@dataclass(frozen=True)
class WeightLine:
    """Weights of one class against the policy."""

    name: str
    stated: str
    expected: str
    fits: bool


def weight_lines(card: Scorecard | None, policy: Policy) -> list[WeightLine]:
    """Sum of weights of each class, against what the policy asks for."""
    if card is None:
        return []
    stated: dict[str, Decimal] = {}
    for line in card.lines:
        found = policy.section(line.level1, line.level2) if line.key != "execution" else None
        if found and line.outcome != "not_applicable":
            stated[found.name] = stated.get(found.name, Decimal(0)) + (line.weight or 0)
    return [
        WeightLine(
            name=section.name,
            stated=plain(stated.get(section.name, Decimal(0))),
            expected=plain(section.weight) if section.weight is not None else "",
            fits=section.weight is None or section.weight == stated.get(section.name, Decimal(0)),
        )
        for section in policy.sections
    ]


def link_lines(report: Report, lines: Iterable[SectionProgress], current: str) -> list[SectionProgress]:
    """Put address and current mark on the list of sections."""
    made = []
    for line in lines:
        line.url = section_url(report.pk, line.section.key)
        line.current = line.section.key == current
        made.append(line)
    return made
