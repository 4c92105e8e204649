"""部门整体支出绩效自评表 (附件二 of a Hengyang county for 2023; domain notes 3.1)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from budgets.tables import TABLES, TOTAL, Column
from indicators.scoring.scorecard import Scorecard
from reports.documents.forms.cells import Named, head, label, money, money_sum, words
from reports.documents.forms.evaluation_table import (
    Amounts,
    Scores,
    budget_head,
    budget_row,
    evaluation_tables,
    goal_rows,
)
from reports.documents.model import Annex, Cell, Row
from reports.documents.wording import label_of, ordered
from reports.dossier import Dossier

NOTE = "注：“按收入性质分”“按支出性质分”两栏为全年执行数。"
ALWAYS = frozenset({"general", "fund", "special_account", "other", "basic", "project"})
"""Rows that the form prints even when they are blank; the others only when they hold an amount."""


def self_evaluation_form(dossier: Dossier, card: Scorecard | None, mark: str) -> Annex:
    """The department's 自评表 on a landscape page; head of the unit signs at its foot."""
    scores = Scores(dossier.indicators, card)
    tables = evaluation_tables(_upper_rows(dossier, scores), scores, dossier.profile, note=NOTE)
    title = f"{dossier.year}年度部门整体支出绩效自评表"
    return Annex(mark=mark, title=title, blocks=tables, sheet="部门整体支出绩效自评表")


def _upper_rows(dossier: Dossier, scores: Scores) -> Iterator[Row]:
    unit, money_part = dossier.profile, dossier.money
    yield Row(
        cells=(
            head("预算部门名称"),
            words(
                unit.main_department or unit.department, "profile.main_department", colspan=2, align="center"
            ),
            head("单位名称"),
            words(unit.department, "profile.department", colspan=4, align="center"),
        )
    )
    sides = list(_sides(dossier))
    yield Row(cells=(head("年度预算申请（万元）", rowspan=2 + len(sides)), *budget_head()))
    table = money_part.expenditure
    amounts = Amounts(
        initial=table.total(Column.INITIAL_BUDGET),
        budget=money_part.budget,
        spent=money_part.spent,
        where=(
            "money.expenditure.total.initial_budget",
            "money.expenditure.total.full_budget",
            "money.expenditure.total.actual",
        ),
    )
    yield Row(cells=budget_row(amounts, scores))
    yield from sides
    yield from goal_rows(dossier.indicators, scores.path)


def _sides(dossier: Dossier) -> Iterator[Row]:
    """按收入性质分 and 按支出性质分 side by side, each with its total and its parts."""
    left = _side(dossier, "income_nature", "按收入性质分", (2, 1))
    right = _side(dossier, "expenditure", "按支出性质分", (3, 1))
    blank_left = (Cell(colspan=2), Cell())
    blank_right = (Cell(colspan=3), Cell())
    for one, other in zip_longest(left, right):
        yield Row(cells=(*(one or blank_left), *(other or blank_right)))


def _side(dossier: Dossier, key: str, title: str, spans: tuple[int, int]) -> list[tuple[Cell, Cell]]:
    """Label and 全年执行数 of a table's total and of its rows."""
    table = dossier.money.table(key)
    words_span, amount_span = spans
    parts: list[tuple[Cell, Cell]] = []
    addends: list[Named] = []
    for row in _rows(dossier, key):
        row_key, text = row
        value = table.amount(row_key, Column.ACTUAL)
        if row_key not in ALWAYS and not value:
            continue
        name = f"{key}_{len(parts)}"
        lead = "　其中：" if not parts else "　"
        parts.append(
            (
                label(f"{lead}{text}", colspan=words_span, align="left"),
                money(value, f"money.{key}.{row_key}.actual", name=name, colspan=amount_span),
            )
        )
        addends.append((name, value))
    whole = money_sum(
        table.total(Column.ACTUAL),
        addends,
        f"money.{key}.{TOTAL}.actual",
        name=f"{key}_total",
        colspan=amount_span,
    )
    return [(label(title, colspan=words_span, align="left"), whole), *parts]


def _rows(dossier: Dossier, key: str) -> list[tuple[str, str]]:
    """Keys and labels of the form's rows, then the unit's own."""
    table = dossier.money.table(key)
    fixed = [(row.key, row.label) for row in TABLES[key].rows]
    known = {row_key for row_key, _ in fixed}
    return [*fixed, *((row.key, label_of(row, key)) for row in ordered(table, key) if row.key not in known)]
