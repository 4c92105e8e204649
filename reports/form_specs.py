"""Annex forms as data (附表): which blocks, columns, rows and merges the forms of a place and year have.

A form is a grid of ``widths`` columns and a list of blocks from above. Columns of a block take ``span`` columns of the grid, so
merges are data. What a column *holds* is a key of the closed lists below; what it is *called* is the template's. The
builders in :mod:`reports.documents.forms` read nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from departments.dossier import Part

Title = Annotated[str, Field(max_length=60)]
Span = Annotated[int, Field(ge=1, le=30)]
Width = Annotated[float, Field(gt=0, le=200)]
LONGEST_SHEET_NAME = 31

IdentityKey = Literal[
    "main_department",
    "main_or_own",
    "department",
    "project",
    "budget_code",
    "contact",
    "phone",
    "prepared_by",
    "prepared_on",
    "head",
    "score",
    "grade",
]
"""``main_or_own`` is the main department, the unit itself where it is one."""

FootKey = Literal[
    "prepared_by", "prepared_on", "phone", "contact", "head_signs", "project_head_signs", "finance_head_signs"
]
BudgetKey = Literal["prior", "initial", "budget", "spent", "weight", "rate", "score", "reason", "blank"]
FundKey = Literal[
    "total", "general", "fund", "fiscal", "special_account", "unit", "other", "basic", "project"
]
"""Rows of the budget block. ``fiscal`` adds 一般公共预算 and 政府性基金拨款; ``unit`` (单位资金) is left blank for the hand."""

GoalKey = Literal["expected", "adjusted", "actual"]
IndicatorKey = Literal[
    "level1",
    "level2",
    "name",
    "direction",
    "target",
    "target_value",
    "adjusted_target",
    "unit",
    "actual",
    "actual_value",
    "coefficient",
    "weight",
    "score",
    "core",
    "reason",
    "measures",
    "reason_and_measures",
    "evidence",
]
TextKey = Literal["conclusion", "problems", "measures", "execution_reason"]


class Column(Part):
    """One column of a block: its head and how many columns of the grid it takes."""

    title: Title
    span: Span = 1


class BudgetColumn(Column):
    key: BudgetKey


class GoalColumn(Column):
    key: GoalKey


class IndicatorColumn(Column):
    key: IndicatorKey


class IdentityField(Column):
    """A label and a value beside each other."""

    key: IdentityKey
    title_span: Span = 1


class FundRow(Part):
    key: FundKey
    title: Title


class FootField(Part):
    key: FootKey
    title: Title
    span: Span


class Identity(Part):
    """Who reports: rows of labels and values."""

    kind: Literal["identity"]
    rows: tuple[tuple[IdentityField, ...], ...] = Field(min_length=1)


class Budget(Part):
    """年度预算: one row a kind of funds; ``sides`` adds 按收入性质分 and 按支出性质分 beside each other."""

    kind: Literal["budget"]
    title: Title
    title_span: Span = 1
    label: Title = ""
    label_span: Span = 1
    columns: tuple[BudgetColumn, ...] = Field(min_length=1)
    rows: tuple[FundRow, ...] = Field(min_length=1)
    sides: bool = False


class Goals(Part):
    """年度总体目标."""

    kind: Literal["goals"]
    title: Title
    title_span: Span = 1
    columns: tuple[GoalColumn, ...] = Field(min_length=1)


class IndicatorBlock(Part):
    """绩效指标; classes in ``level1`` and ``level2`` are merged."""

    kind: Literal["indicators"]
    title: Title = ""
    columns: tuple[IndicatorColumn, ...] = Field(min_length=1)
    total: Title = "总分"
    """Label of the last row; empty prints no total."""


class Text(Part):
    """A box for words: 评价结论, 存在问题, 改进措施."""

    kind: Literal["text"]
    key: TextKey
    title: Title
    title_span: Span = 1
    height: Annotated[float, Field(ge=0, le=150)] = 9


class Foot(Part):
    """Last rows: who filled in, when, telephone, signatures."""

    kind: Literal["foot"]
    rows: tuple[tuple[FootField, ...], ...] = Field(min_length=1)


Block = Annotated[Identity | Budget | Goals | IndicatorBlock | Text | Foot, Field(discriminator="kind")]

BaseRow = Literal[
    "unit",
    "people",
    "three_public",
    "project",
    "running_costs",
    "procurement",
    "adjustment",
    "buildings",
    "frugality",
    "foot",
]
MoneyColumn = Literal["prior_final", "initial_budget", "full_budget", "actual"]


class Form(Part):
    """What all forms state. ``title`` may contain ``{year}``, ``{department}``, ``{project}``."""

    title: Annotated[str, Field(min_length=1, max_length=100)]
    sheet: Annotated[str, Field(min_length=1, max_length=LONGEST_SHEET_NAME)]
    """Name of the sheet in the workbook."""
    landscape: bool = True
    unit: str = ""
    note: Annotated[str, Field(max_length=500)] = ""
    enabled: bool = True


class EvaluationForm(Form):
    """自评表 of the department or, one sheet each, of its projects."""

    kind: Literal["self_evaluation", "project"]
    widths: tuple[Width, ...] = Field(min_length=2, max_length=30)
    blocks: tuple[Block, ...] = Field(min_length=1)
    note_at: Literal["budget", "end"] = "budget"
    """Where the note stands: under the upper part, or under the whole form."""
    one_table_up_to: Annotated[int, Field(ge=-1, le=60)] = -1
    """Up to this number of indicators upper and lower part are one table; above it the heads repeat on each page."""

    @model_validator(mode="after")
    def _rows_fill_the_grid(self) -> EvaluationForm:
        whole = len(self.widths)
        for number, block in enumerate(self.blocks, 1):
            for have in _row_spans(block):
                if have != whole:
                    raise ValueError(f"第{number}块（{block.kind}）占{have}列，与表格的{whole}列不一致")
        if sum(block.kind == "indicators" for block in self.blocks) != 1:
            raise ValueError("应有且只有一个 indicators 块")
        columns = next(block.columns for block in self.blocks if isinstance(block, IndicatorBlock))
        keys = [column.key for column in columns]
        if len(keys) != len(set(keys)):
            raise ValueError("indicators 的栏目有重复")
        return self

    @property
    def indicators(self) -> IndicatorBlock:
        return next(block for block in self.blocks if isinstance(block, IndicatorBlock))


def _row_spans(block: Block) -> Iterator[int]:
    match block:
        case Identity(rows=rows):
            yield from (sum(field.title_span + field.span for field in row) for row in rows)
        case Foot(rows=rows):
            yield from (sum(field.span for field in row) for row in rows)
        case Budget():
            yield block.title_span + block.label_span + _sum(block.columns)
        case Goals():
            yield block.title_span + _sum(block.columns)
        case IndicatorBlock():
            yield _sum(block.columns)


def _sum(columns: Iterable[Column]) -> int:
    return sum(column.span for column in columns)


class BaseDataForm(Form):
    """基础数据表: groups of rows in their order."""

    kind: Literal["base_data"]
    rows: tuple[BaseRow, ...] = Field(min_length=1)


class IncomeExpenditureForm(Form):
    """收入支出决算表: amount columns of both sides."""

    kind: Literal["income_expenditure"]
    columns: tuple[MoneyColumn, ...] = Field(min_length=1)


AnyForm = Annotated[EvaluationForm | BaseDataForm | IncomeExpenditureForm, Field(discriminator="kind")]
