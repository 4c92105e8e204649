"""Last year's values beside this year's fields: same department, year before; lines by key, rows by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from budgets.money import plain
from budgets.tables import TABLES, Column
from indicators.dossier import Sheet
from reports.dossier import Dossier
from reports.workspace.fields import WanField
from reports.workspace.rows import RowsPart
from reports.workspace.sections import SectionForm

AMOUNT = WanField()
PROFILE_FIELDS = ("authorized_posts", "staff_on_posts", "retirees", "head", "contact", "phone", "prepared_by")
PROJECT_FIELDS = ("prior_final", "initial_budget", "full_budget", "allocated", "spent")
INDICATOR_FIELDS = ("target", "actual", "weight", "self_score")


def prior_values(prior: Dossier | None, form: SectionForm) -> dict[str, str]:
    """Texts of last year by the path of this year's field. ``form`` is bound: its rows are known."""
    if prior is None:
        return {}
    values = {
        f"profile.{name}": str(value)
        for name in PROFILE_FIELDS
        if (value := getattr(prior.profile, name)) not in (None, "")
    }
    values["profile.internal_offices"] = "、".join(prior.profile.internal_offices or ())
    values["profile.duties"] = "\n".join(
        f"{number}．{text}" for number, text in enumerate(prior.profile.duties or (), start=1)
    )
    values |= _lines(prior)
    for name in ("frugality", "execution_explanation", "project_office"):
        values[f"money.{name}"] = getattr(prior.money, name)
    values |= {f"narrative.{section.key}": section.text for section in prior.narrative}
    values |= _score("assessment", prior.indicators)
    for part in form.parts:
        if isinstance(part, RowsPart):
            values |= _rows(part, prior, form)
    return {path: text for path, text in values.items() if text}


def _lines(prior: Dossier) -> dict[str, str]:
    """Amounts of the tables; under 上年决算数 stands what last year's report gave as its own actual amount."""
    values = {}
    for key, spec in TABLES.items():
        table = prior.money.table(key)
        names = [*(row.key for row in table.rows), *(["total"] if spec.total_label else [])]
        for name in names:
            for column in spec.columns:
                source = Column.ACTUAL if column is Column.PRIOR_FINAL else column
                amount = table.amount(name, source)
                if amount is not None:
                    values[f"money.{key}.{name}.{column}"] = AMOUNT.to_text(amount)
    return values


def _rows(part: RowsPart, prior: Dossier, form: SectionForm) -> dict[str, str]:
    """Rows of last year with the same name; goals by their order."""
    if part.prefix == "money.projects":
        return _by_name(part, prior.money.projects, PROJECT_FIELDS, _project_text)
    if part.prefix == "money.project_detail":
        known = {line.label: line for line in prior.money.project_detail.rows}
        return {
            f"{row.path}.{column}": AMOUNT.to_text(known[label].amount(column))
            for row in part.rows
            if (label := str(row.form.cleaned_data.get("label") or "")) in known
            for column in Column
            if known[label].amount(column) is not None
        }
    sheet = _sheet(prior, form)
    if sheet is None:
        return {}
    if part.prefix.endswith("goals"):
        return {
            f"{row.path}.{name}": getattr(goal, name)
            for row, goal in zip(part.rows, sheet.goals, strict=False)
            for name in ("expected", "actual")
        }
    if part.prefix.endswith("indicators"):
        return _by_name(part, sheet.indicators, INDICATOR_FIELDS, _indicator_text)
    return {}


def _sheet(prior: Dossier, form: SectionForm) -> Sheet | None:
    """The department's sheet, or that of last year's project with the same name."""
    if form.project is None:
        return prior.indicators
    keys = {project.key for project in prior.money.projects if project.name == form.project.name}
    return next((sheet for sheet in prior.indicators.projects if sheet.project in keys), None)


def _by_name(
    part: RowsPart, items: Iterable[Any], names: Iterable[str], text: Callable[[Any, str], str]
) -> dict[str, str]:
    known = {item.name: item for item in items}
    return {
        f"{row.path}.{name}": text(known[called], name)
        for row in part.rows
        if (called := str(row.form.cleaned_data.get("name") or "")) in known
        for name in names
    }


def _project_text(project: Any, name: str) -> str:
    return AMOUNT.to_text(getattr(project, "spent" if name == "prior_final" else name))


def _indicator_text(indicator: Any, name: str) -> str:
    value = getattr(indicator, name)
    return value if isinstance(value, str) else "" if value is None else plain(value)


def _score(prefix: str, sheet: Sheet) -> dict[str, str]:
    score = sheet.assessment.score
    return {
        f"{prefix}.score": plain(score) if score is not None else "",
        f"{prefix}.grade": sheet.assessment.grade,
    }
