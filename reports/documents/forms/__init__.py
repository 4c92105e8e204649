"""Annex tables of the report (附表), one module a form; :func:`annexes` puts them in their order."""

from __future__ import annotations

from indicators.scoring.scorecard import Scorecard
from reports.documents.forms.base_data_form import base_data_form
from reports.documents.forms.income_expenditure_form import income_expenditure_form
from reports.documents.forms.project_form import project_form
from reports.documents.forms.self_evaluation_form import self_evaluation_form
from reports.documents.model import Annex
from reports.dossier import Dossier


def annexes(dossier: Dossier, card: Scorecard | None) -> tuple[Annex, ...]:
    """附件1 自评表, 附件2 基础数据表, one 项目支出绩效自评表 a project that has one, then 收入支出决算表."""
    sheets = dossier.indicators.projects
    projects = tuple(
        project_form(dossier, sheet, card, f"附件{number + 2}", number)
        for number, sheet in enumerate(sheets, 1)
    )
    return (
        self_evaluation_form(dossier, card, "附件1"),
        base_data_form(dossier, "附件2"),
        *projects,
        income_expenditure_form(dossier, f"附件{len(sheets) + 3}"),
    )
