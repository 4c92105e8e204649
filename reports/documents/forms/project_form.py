"""项目支出绩效自评表: one sheet a project, in the layout of the department's form (财预〔2020〕10号; domain notes 1.2, 3.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from budgets.dossier import Project
from indicators.dossier import ProjectSheet
from indicators.scoring.scorecard import Scorecard
from reports.documents.forms.cells import head, words
from reports.documents.forms.evaluation_table import (
    Amounts,
    Scores,
    budget_head,
    budget_row,
    evaluation_tables,
    goal_rows,
)
from reports.documents.model import Annex, Row
from reports.documents.wording import trimmed
from reports.dossier import Dossier

LONGEST_SHEET_NAME = 31
ONE_PAGE = 10
"""Indicators with which a project's form still fits on one landscape page."""
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")


def project_form(
    dossier: Dossier, sheet: ProjectSheet, card: Scorecard | None, mark: str, number: int
) -> Annex:
    """One project's 自评表. ``number`` counts the project forms and keeps the names of their sheets apart."""
    project = next((one for one in dossier.money.projects if one.key == sheet.project), None)
    own = (
        None
        if card is None
        else next((one.card for one in card.projects if one.project == sheet.project), None)
    )
    name = trimmed(project.name if project else "") or sheet.project
    scores = Scores(sheet, own, f"project_sheets.{sheet.project}.")
    rows = _upper_rows(dossier, project, name, scores)
    return Annex(
        mark=mark,
        title=f"{dossier.year}年度项目支出绩效自评表（{name}）",
        blocks=evaluation_tables(rows, scores, dossier.profile, longest=ONE_PAGE),
        sheet=sheet_name(f"项目自评表{number} {name}"),
    )


def sheet_name(text: str) -> str:
    """A name that a workbook accepts: at most 31 characters, none of ``[]:*?/\\``."""
    return _NOT_IN_SHEET_NAMES.sub(" ", text)[:LONGEST_SHEET_NAME].strip()


def _upper_rows(dossier: Dossier, project: Project | None, name: str, scores: Scores) -> Iterator[Row]:
    unit = dossier.profile
    path = (
        f"money.projects.{scores.sheet.project}"
        if isinstance(scores.sheet, ProjectSheet)
        else "money.projects"
    )
    yield Row(cells=(head("项目名称"), words(name, f"{path}.name", colspan=7, align="center")))
    main = unit.main_department or unit.department
    yield Row(
        cells=(
            head("主管部门"),
            words(main, "profile.main_department", colspan=2, align="center"),
            head("实施单位"),
            words(unit.department, "profile.department", colspan=4, align="center"),
        )
    )
    amounts = Amounts(
        initial=project.initial_budget if project else None,
        budget=project.full_budget if project else None,
        spent=project.spent if project else None,
        where=(f"{path}.initial_budget", f"{path}.full_budget", f"{path}.spent"),
    )
    yield Row(cells=(head("项目资金（万元）", rowspan=2), *budget_head()))
    yield Row(cells=budget_row(amounts, scores))
    yield from goal_rows(scores.sheet, scores.path)
