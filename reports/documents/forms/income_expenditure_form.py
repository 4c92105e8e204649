"""收入支出决算表: income at the left, expenditure at the right, each line with all four columns.

Shape, rows and identities of 收入支出决算总表 with the rows of 收入决算表 and 支出决算表 (公开01, 02, 03表;
domain notes 6.1, 6.2). Below it the two finer lists that the other forms print only in part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import zip_longest

from budgets.dossier import Table as LineTable
from budgets.tables import COLUMN_LABELS, TABLES, TOTAL, Column
from reports.documents.forms.cells import Named, head, label, live_sum, money, money_sum
from reports.documents.model import Annex, Cell, Row, Table
from reports.documents.wording import label_of, ordered
from reports.dossier import Dossier
from reports.form_specs import IncomeExpenditureForm

LABEL_WIDTH, AMOUNT_WIDTH = 38.0, 18.5
HEADS = {**COLUMN_LABELS, Column.ACTUAL: "全年执行数"}
INCOME_CARRIED = ("used_surplus", "opening")
"""Carry-over lines of the income side, in the order of 公开01表."""
EXPENDITURE_CARRIED = ("surplus_allocation", "closing")

Columns = tuple[Column, ...]
Half = tuple[Cell, ...]
"""Label and amounts: one side of a row."""


def income_expenditure_form(dossier: Dossier, mark: str, form: IncomeExpenditureForm) -> Annex:
    """The annex with the amount columns that the template names."""
    columns = tuple(Column(name) for name in form.columns)
    side = (LABEL_WIDTH, *(AMOUNT_WIDTH for _ in columns))
    rows = tuple(_rows(dossier, columns))
    table = Table(widths=side + side, header_rows=1, rows=rows, unit=form.unit, note=form.note)
    title = form.title.replace("{year}", str(dossier.year)).replace(
        "{department}", dossier.profile.department
    )
    return Annex(mark=mark, title=title, blocks=(table,), landscape=form.landscape, sheet=form.sheet)


def _rows(dossier: Dossier, columns: Columns) -> Iterator[Row]:
    blank = 1 + len(columns)
    yield _row(_heads("收入项目", columns), _heads("支出项目", columns))
    yield from _side_by_side(
        _lines(dossier, "income_source", columns), _lines(dossier, "expenditure", columns), blank
    )
    yield _row(_total(dossier, "income_source", columns), _total(dossier, "expenditure", columns))
    carryover = dossier.money.carryover
    yield from _side_by_side(
        _carried(carryover, INCOME_CARRIED, columns), _carried(carryover, EXPENDITURE_CARRIED, columns), blank
    )
    yield _row(
        _grand_total(dossier, "income_source", INCOME_CARRIED, "收入总计", columns),
        _grand_total(dossier, "expenditure", EXPENDITURE_CARRIED, "支出总计", columns),
    )
    yield _row(_total(dossier, "income_nature", columns, "按收入性质分"), _band("项目支出明细", blank))
    yield from _side_by_side(
        _lines(dossier, "income_nature", columns), _lines(dossier, "project_detail", columns), blank
    )


def _row(left: Half, right: Half) -> Row:
    return Row(cells=(*left, *right))


def _side_by_side(left: Iterable[Half], right: Iterable[Half], places: int) -> Iterator[Row]:
    blank = tuple(Cell() for _ in range(places))
    for one, other in zip_longest(left, right, fillvalue=blank):
        yield _row(one, other)


def _heads(title: str, columns: Columns) -> Half:
    return (head(title), *(head(HEADS[column]) for column in columns))


def _band(title: str, places: int) -> Half:
    return (label(title, colspan=places, bold=True),)


def _keys(table: LineTable, key: str) -> list[tuple[str, str]]:
    """Keys and labels of the fixed rows, then of the unit's own."""
    fixed = [(row.key, row.label) for row in TABLES[key].rows]
    known = {row_key for row_key, _ in fixed}
    return [*fixed, *((row.key, label_of(row, key)) for row in ordered(table, key) if row.key not in known)]


def _lines(dossier: Dossier, key: str, columns: Columns) -> list[Half]:
    table = dossier.money.table(key)
    return [
        (
            label(text, align="left"),
            *(
                money(
                    table.amount(row_key, column),
                    f"money.{key}.{row_key}.{column}",
                    name=f"{key}_{index}_{column}",
                )
                for column in columns
            ),
        )
        for index, (row_key, text) in enumerate(_keys(table, key))
    ]


def _total(dossier: Dossier, key: str, columns: Columns, text: str = "") -> Half:
    """合计 of a table: live where its rows add up to it."""
    table = dossier.money.table(key)
    totals = []
    for column in columns:
        addends = [
            (f"{key}_{index}_{column}", table.amount(row_key, column))
            for index, (row_key, _) in enumerate(_keys(table, key))
        ]
        where = f"money.{key}.{TOTAL}.{column}"
        totals.append(money_sum(table.total(column), addends, where, name=f"{key}_total_{column}"))
    return (head(text or TABLES[key].total_label), *totals)


def _carried(table: LineTable, keys: Sequence[str], columns: Columns) -> list[Half]:
    spec = TABLES["carryover"]
    return [
        (
            label(spec.label_of(key), align="left"),
            *(
                money(table.amount(key, column), f"money.carryover.{key}.{column}", name=f"{key}_{column}")
                if column in spec.columns
                else Cell()
                for column in columns
            ),
        )
        for key in keys
    ]


def _grand_total(dossier: Dossier, key: str, carried: Sequence[str], text: str, columns: Columns) -> Half:
    """收入总计 and 支出总计 (identities 1, 2), only where every part is stated: not stated is not 0."""
    carryover = dossier.money.carryover
    cells = []
    for column in columns:
        if column not in TABLES["carryover"].columns:
            cells.append(Cell())
            continue
        parts: list[Named] = [
            (f"{key}_total_{column}", dossier.money.table(key).total(column)),
            *((f"{one}_{column}", carryover.amount(one, column)) for one in carried),
        ]
        stated = [value for _, value in parts if value is not None]
        complete = len(stated) == len(parts)
        whole = sum(stated, Decimal(0)) if complete else None
        formula = live_sum(parts) if complete else None
        cells.append(money(whole, name=f"{key}_grand_{column}", formula=formula))
    return (head(text), *cells)
