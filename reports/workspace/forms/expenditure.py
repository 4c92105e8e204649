"""3 支出与预算执行."""

from __future__ import annotations

from budgets.choices import AdjustmentCause
from budgets.models import Adjustment
from reports.workspace.fields import ClosedPickField, PathForm, TextField, WanField, WordsField
from reports.workspace.forms.funds import statement_part
from reports.workspace.forms.layout import wide
from reports.workspace.rows import LinesPart, Part, RowsPart


class AdjustmentForm(PathForm):
    """One budget adjustment."""

    amount = WanField(label="调整金额（万元）")
    cause = ClosedPickField(label="调整原因", options=AdjustmentCause.choices)
    document = WordsField(label="文号或依据", max_length=100)
    explanation = WordsField(label="说明", max_length=300)


class ExplanationForm(PathForm):
    """Why execution is above or far below the budget."""

    execution_explanation = TextField(
        label="预算执行偏差说明", rows=3, help_text="执行率低于90%或高于100%时必须说明原因、依据文件和金额"
    )
    columns = (wide("execution_explanation"),)


def parts() -> list[Part]:
    return [
        LinesPart("expenditure"),
        RowsPart(
            "money.adjustments",
            AdjustmentForm,
            Adjustment,
            title="预算调整",
            template="workspace/rows_table.html",
            add_label="增加一笔调整",
            help="年中追加、调减逐笔填写，追加填正数，调减填负数；各笔之和应等于全年预算数减年初预算数。",
        ),
        statement_part(ExplanationForm),
    ]
