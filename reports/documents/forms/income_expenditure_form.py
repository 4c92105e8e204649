"""收入支出决算表: the income and expenditure lines with all four columns.

Rows and identities of 收入支出决算总表, 收入决算表 and 支出决算表 (公开01, 02, 03表; domain notes 6.1, 6.2).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from budgets.dossier import Table as LineTable
from budgets.tables import ALL_COLUMNS, COLUMN_LABELS, TABLES, TOTAL, Column
from reports.documents.forms.cells import Named, head, label, live_sum, money, money_sum
from reports.documents.model import Annex, Cell, Row, Table
from reports.documents.wording import label_of, ordered
from reports.dossier import Dossier

WIDTHS = (40.0, 20.0, 20.0, 20.0, 22.0)
BEFORE = ("used_surplus", "opening")
"""Carry-over lines of the income side, in the order of 公开01表."""
AFTER = ("surplus_allocation", "closing")


def income_expenditure_form(dossier: Dossier, mark: str) -> Annex:
    """Income and expenditure one under the other; below them income by nature as 自评表 sorts it."""
    title = f"{dossier.year}年度收入支出决算表"
    main = Table(widths=WIDTHS, header_rows=1, rows=tuple(_main_rows(dossier)), unit="单位：万元")
    nature = Table(
        title="按收入性质分",
        widths=WIDTHS,
        header_rows=1,
        rows=(_heads(), *_block(dossier, "income_nature", INDENT)),
        unit="单位：万元",
    )
    return Annex(mark=mark, title=title, blocks=(main, nature), landscape=False, sheet="收入支出决算表")


INDENT = "　"


def _heads() -> Row:
    return Row(cells=(head("项目"), *(head(COLUMN_LABELS[column]) for column in ALL_COLUMNS)))


def _main_rows(dossier: Dossier) -> Iterator[Row]:
    yield _heads()
    for title, key, others, whole in (
        ("收入", "income_source", BEFORE, "收入总计"),
        ("支出", "expenditure", AFTER, "支出总计"),
    ):
        yield Row(cells=(head(title), *(Cell() for _ in ALL_COLUMNS)))
        yield from _block(dossier, key, INDENT)
        yield from _carried(dossier.money.carryover, others)
        yield _grand_total(dossier, key, others, whole)


def _block(dossier: Dossier, key: str, indent: str) -> Iterator[Row]:
    """Rows of a table and its total, live where the rows add up to it."""
    table, spec = dossier.money.table(key), TABLES[key]
    rows = [(row.key, row.label) for row in spec.rows]
    known = {row_key for row_key, _ in rows}
    rows.extend((row.key, label_of(row, key)) for row in ordered(table, key) if row.key not in known)
    for index, (row_key, text) in enumerate(rows):
        yield Row(
            cells=(
                label(f"{indent}{text}", align="left"),
                *(
                    money(
                        table.amount(row_key, column),
                        f"money.{key}.{row_key}.{column}",
                        name=f"{key}_{index}_{column}",
                    )
                    for column in ALL_COLUMNS
                ),
            )
        )
    totals = []
    for column in ALL_COLUMNS:
        addends = [
            (f"{key}_{index}_{column}", table.amount(row_key, column))
            for index, (row_key, _) in enumerate(rows)
        ]
        where = f"money.{key}.{TOTAL}.{column}"
        totals.append(money_sum(table.total(column), addends, where, name=f"{key}_total_{column}"))
    yield Row(cells=(head(spec.total_label), *totals))


def _carried(table: LineTable, keys: Sequence[str]) -> Iterator[Row]:
    spec = TABLES["carryover"]
    for key in keys:
        yield Row(
            cells=(
                label(f"{INDENT}{spec.label_of(key)}", align="left"),
                *(
                    money(
                        table.amount(key, column), f"money.carryover.{key}.{column}", name=f"{key}_{column}"
                    )
                    if column in spec.columns
                    else Cell()
                    for column in ALL_COLUMNS
                ),
            )
        )


def _grand_total(dossier: Dossier, key: str, others: Sequence[str], text: str) -> Row:
    """收入总计 and 支出总计 (identities 1 and 2), only where every part of them is stated: not stated is not 0."""
    money_part = dossier.money
    cells = []
    for column in ALL_COLUMNS:
        if column not in TABLES["carryover"].columns:
            cells.append(Cell())
            continue
        parts: list[Named] = [
            (f"{key}_total_{column}", money_part.table(key).total(column)),
            *((f"{other}_{column}", money_part.carryover.amount(other, column)) for other in others),
        ]
        cells.append(_complete(parts, f"{key}_grand_{column}"))
    return Row(cells=(head(text), *cells))


def _complete(parts: Sequence[Named], name: str) -> Cell:
    stated = [value for _, value in parts if value is not None]
    if len(stated) < len(parts):
        return money(None, name=name)
    return money(sum(stated, Decimal(0)), name=name, formula=live_sum(parts))
