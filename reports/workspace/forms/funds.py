"""What the unit says of its money in words: one row of the database, one field in each of three sections."""

from __future__ import annotations

from budgets.models import FundsStatement
from departments.models import AnnualProfile
from reports.workspace.fields import PathForm
from reports.workspace.rows import ObjectPart


def statement(profile: AnnualProfile) -> FundsStatement:
    """The year's statement, or an unsaved one."""
    return FundsStatement.objects.filter(profile=profile).first() or FundsStatement(profile=profile)


def statement_part(form_class: type[PathForm]) -> ObjectPart:
    return ObjectPart("money", form_class, statement)
