"""Annex tables of the report (附表): :func:`annexes` builds those of the template in its order and numbers them."""

from __future__ import annotations

from collections.abc import Iterator

from indicators.scoring.scorecard import Scorecard
from reports.documents.forms.base_data_form import base_data_form
from reports.documents.forms.evaluation_form import project_form, self_evaluation_form
from reports.documents.forms.income_expenditure_form import income_expenditure_form
from reports.documents.model import Annex
from reports.dossier import Dossier
from reports.form_specs import AnyForm, BaseDataForm, IncomeExpenditureForm
from reports.outline import Outline


def annexes(dossier: Dossier, card: Scorecard | None, outline: Outline) -> tuple[Annex, ...]:
    """The template's forms that are switched on; a project's form makes one annex a project that has a sheet."""
    found: list[Annex] = []
    for form in outline.forms:
        if form.enabled:
            found.extend(_annexes(dossier, card, form, len(found) + 1))
    return tuple(found)


def _annexes(dossier: Dossier, card: Scorecard | None, form: AnyForm, number: int) -> Iterator[Annex]:
    mark = f"附件{number}"
    if isinstance(form, BaseDataForm):
        yield base_data_form(dossier, mark, form)
    elif isinstance(form, IncomeExpenditureForm):
        yield income_expenditure_form(dossier, mark, form)
    elif form.kind == "self_evaluation":
        yield self_evaluation_form(dossier, card, mark, form)
    else:
        for position, sheet in enumerate(dossier.indicators.projects):
            yield project_form(dossier, sheet, card, f"附件{number + position}", position + 1, form)
