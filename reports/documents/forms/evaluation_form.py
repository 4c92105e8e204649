"""自评表 of the department or of a project, built from the template's :class:`~reports.form_specs.EvaluationForm`.

The template says which blocks, columns, rows and merges there are; this module says what each of them holds and which
cells are live in the workbook. Layouts seen: domain notes 3.1 (Hengyang), 3.4 (Chongqing, Sichuan).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest

from budgets.dossier import Project
from budgets.money import rate, round_half_up
from budgets.tables import TABLES, TOTAL, Column
from indicators.dossier import Goal, Indicator, ProjectSheet, Sheet
from indicators.scoring.scorecard import Scorecard, ScoreLine
from indicators.values import QUALITATIVE, SHOWN, read
from reports.documents.forms.cells import (
    Named,
    foot_cell,
    head,
    label,
    money,
    money_sum,
    percent,
    score,
    weight,
    words,
)
from reports.documents.model import Annex, Cell, Row, Table
from reports.documents.wording import NOT_APPLICABLE, chinese_date, label_of, ordered, points, trimmed
from reports.dossier import Dossier
from reports.form_specs import (
    LONGEST_SHEET_NAME,
    Budget,
    EvaluationForm,
    Foot,
    FundKey,
    Goals,
    Identity,
    IndicatorBlock,
    IndicatorColumn,
    Text,
)

GOAL_HEIGHT = 9.0
FOOT_HEIGHT = 9.0
EXECUTION = "execution"
FULL_MARKS = Decimal(100)

BLANK_CLASSES = (
    ("产出指标", ("数量指标", "质量指标", "时效指标", "成本指标")),
    ("效益指标", ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标")),
    ("满意度指标", ("服务对象满意度指标",)),
)
"""Rows of an empty form: the usual second-level classes (domain notes 3.1)."""

ALWAYS = frozenset({"general", "fund", "special_account", "other", "basic", "project"})
"""Rows of the two sides that are printed even when they are blank; the others only when they hold an amount."""

_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
_FIGURE = re.compile(
    r"(?P<figure>[0-9][0-9,]*(?:\.[0-9]+)?)\s*(?P<unit>[\u4e00-\u9fffA-Za-z%％‰℃㎡²³/]{1,8}?)?(?:及?以[上下内])?"
)
_SIGN = re.compile(r"^\s*(?:≥|≤|>=|<=|＞＝|＜＝|[=＝><＞＜]|不低于|不少于|不小于|不高于|不超过|不大于)\s*")


def self_evaluation_form(dossier: Dossier, card: Scorecard | None, mark: str, form: EvaluationForm) -> Annex:
    """The department's 自评表."""
    return _annex(_Source(dossier, dossier.indicators, card), mark, form, form.sheet)


def project_form(
    dossier: Dossier,
    sheet: ProjectSheet,
    card: Scorecard | None,
    mark: str,
    number: int,
    form: EvaluationForm,
) -> Annex:
    """One project's 自评表. ``number`` counts the project forms and keeps the names of their sheets apart."""
    project = next((one for one in dossier.money.projects if one.key == sheet.project), None)
    cards = () if card is None else card.projects
    own = next((one.card for one in cards if one.project == sheet.project), None)
    name = trimmed(project.name if project else "") or sheet.project
    source = _Source(dossier, sheet, own, f"project_sheets.{sheet.project}.", project, name)
    return _annex(source, mark, form, sheet_name(f"{form.sheet}{number} {name}"))


def sheet_name(text: str) -> str:
    """A name that a workbook accepts: at most 31 characters, none of ``[]:*?/\\``."""
    return _NOT_IN_SHEET_NAMES.sub(" ", text)[:LONGEST_SHEET_NAME].strip()


@dataclass(frozen=True)
class _Source:
    """What one form is filled from: the dossier, the sheet of department or project, and its scores as printed.

    Printed are the unit's own scores (自评得分), the computed ones only where the unit states none.
    """

    dossier: Dossier
    sheet: Sheet
    card: Scorecard | None
    path: str = ""
    """What goes before the paths of this sheet: nothing, or ``project_sheets.<key>.`` for a project's."""
    project: Project | None = None
    name: str = ""
    """The project's name; empty for the department."""

    # Scores

    def line(self, key: str) -> ScoreLine | None:
        return self.card.line(key) if self.card else None

    def own(self, one: Indicator) -> Decimal | None:
        line = self.line(one.key)
        return one.self_score if line is None or line.self_score is None else line.self_score

    @property
    def execution(self) -> Decimal | None:
        line = self.line(EXECUTION)
        stated = self.sheet.assessment.execution_score
        return stated if line is None or line.self_score is None else line.self_score

    @property
    def execution_weight(self) -> Decimal | None:
        line = self.line(EXECUTION)
        stated = self.sheet.assessment.execution_weight
        return stated if line is None or line.weight is None else line.weight

    @property
    def whole(self) -> Decimal | None:
        card = self.card
        return self.sheet.assessment.score if card is None or card.self_score is None else card.self_score

    @property
    def grade(self) -> str:
        card = self.card
        stated = self.sheet.assessment.grade
        return (stated if card is None or card.self_score is None else card.self_grade).strip()

    # Money

    def amount(self, row: FundKey, column: Column) -> tuple[Decimal | None, str | None]:
        """An amount of the budget block and the dossier path that it comes from."""
        if isinstance(self.sheet, ProjectSheet):
            return self._of_project(row, column)
        data = self.dossier.money
        if row == "total":
            where = f"money.expenditure.{TOTAL}.{column}"
            if column is Column.FULL_BUDGET:
                return data.budget, where
            return (data.spent if column is Column.ACTUAL else data.expenditure.total(column)), where
        if row == "unit":
            return None, None
        if row == "fiscal":
            parts = [data.income_nature.amount(key, column) for key in ("general", "fund")]
            stated = [part for part in parts if part is not None]
            return (sum(stated, Decimal(0)) if stated else None), f"money.income_nature.general.{column}"
        table = "expenditure" if row in ("basic", "project") else "income_nature"
        return data.table(table).amount(row, column), f"money.{table}.{row}.{column}"

    def _of_project(self, row: FundKey, column: Column) -> tuple[Decimal | None, str | None]:
        if row != "total" or self.project is None:
            return None, None
        name = {Column.ACTUAL: "spent"}.get(column, column.value)
        return getattr(self.project, name), f"money.projects.{self.project.key}.{name}"


def _annex(source: _Source, mark: str, form: EvaluationForm, sheet: str) -> Annex:
    title = (
        form.title.replace("{year}", str(source.dossier.year))
        .replace("{department}", source.dossier.profile.department)
        .replace("{project}", source.name)
    )
    return Annex(mark=mark, title=title, blocks=_tables(source, form), landscape=form.landscape, sheet=sheet)


def _tables(source: _Source, form: EvaluationForm) -> tuple[Table, ...]:
    """The form in two tables, so that the heads of the indicators repeat on every page they go on to."""
    at = next(place for place, block in enumerate(form.blocks) if block.kind == "indicators")
    whole = len(form.widths)
    upper = tuple(row for block in form.blocks[:at] for row in _rows(source, block, whole))
    heads = tuple(_indicator_heads(form.indicators, whole))
    lower = (
        *_indicator_block(source, form.indicators),
        *(row for block in form.blocks[at + 1 :] for row in _rows(source, block, whole)),
    )
    if not upper:
        table = Table(
            widths=form.widths, header_rows=len(heads), rows=(*heads, *lower), unit=form.unit, note=form.note
        )
        return (table,)
    if len(source.sheet.indicators) <= form.one_table_up_to:
        rows = (*upper, *heads[-1:], *lower)
        return (Table(widths=form.widths, rows=rows, unit=form.unit, note=form.note),)
    last = form.note_at == "end"
    return (
        Table(widths=form.widths, rows=upper, unit=form.unit, note="" if last else form.note),
        Table(
            widths=form.widths,
            header_rows=len(heads),
            rows=(*heads, *lower),
            joined=True,
            note=form.note if last else "",
        ),
    )


def _rows(source: _Source, block: object, whole: int) -> Iterable[Row]:
    match block:
        case Identity():
            return _identity(source, block)
        case Budget():
            return _budget(source, block)
        case Goals():
            return _goals(source, block)
        case Text():
            return _text(source, block, whole)
        case Foot():
            return _foot(source, block)
    return ()


# ------------------------------------------------------------------ who, goals, words, foot


def _identity(source: _Source, block: Identity) -> Iterator[Row]:
    unit = source.dossier.profile
    day = chinese_date(unit.prepared_on) if unit.prepared_on else ""
    values = {
        "main_department": (unit.main_department, "profile.main_department"),
        "main_or_own": (unit.main_department or unit.department, "profile.main_department"),
        "department": (unit.department, "profile.department"),
        "project": (source.name, f"money.projects.{source.project.key}.name" if source.project else None),
        "budget_code": (unit.budget_code, "profile.budget_code"),
        "contact": (unit.contact, "profile.contact"),
        "phone": (unit.phone, "profile.phone"),
        "prepared_by": (unit.prepared_by, "profile.prepared_by"),
        "prepared_on": (day, "profile.prepared_on"),
        "head": (unit.head, "profile.head"),
        "score": ("" if source.whole is None else points(source.whole), f"{source.path}assessment.score"),
        "grade": (source.grade, f"{source.path}assessment.grade"),
    }
    for fields in block.rows:
        cells: list[Cell] = []
        for one in fields:
            text, where = values[one.key]
            cells.append(head(one.title, colspan=one.title_span))
            cells.append(words(text, where, colspan=one.span, align="center"))
        yield Row(cells=tuple(cells))


def _goals(source: _Source, block: Goals) -> Iterator[Row]:
    """年度总体目标; an empty form keeps one blank row."""
    stated = [
        (index, goal)
        for index, goal in enumerate(source.sheet.goals)
        if goal.expected.strip() or goal.actual.strip()
    ]
    shown = stated or [(0, Goal())]
    yield Row(
        cells=(
            head(block.title, rowspan=1 + len(shown), colspan=block.title_span),
            *(head(column.title, colspan=column.span) for column in block.columns),
        )
    )
    for index, goal in shown:
        texts = {"expected": goal.expected, "adjusted": "", "actual": goal.actual}
        yield Row(
            cells=tuple(
                words(
                    texts[column.key],
                    None if column.key == "adjusted" else f"{source.path}goals.{index}.{column.key}",
                    colspan=column.span,
                )
                for column in block.columns
            ),
            min_height=GOAL_HEIGHT,
        )


def _text(source: _Source, block: Text, whole: int) -> Iterator[Row]:
    text, where = _words_of(source, block)
    yield Row(
        cells=(
            head(block.title, colspan=block.title_span),
            words(text, where, colspan=whole - block.title_span),
        ),
        min_height=block.height or None,
    )


def _words_of(source: _Source, block: Text) -> tuple[str, str | None]:
    """The words of a box: of the department from its report, of a project what its lines state."""
    dossier = source.dossier
    department = not isinstance(source.sheet, ProjectSheet)
    match block.key:
        case "execution_reason":
            return (dossier.money.execution_explanation if department else ""), "money.execution_explanation"
        case "conclusion":
            if source.whole is None:
                return "", f"{source.path}assessment.score"
            grade = f"，自评等级为“{source.grade}”" if source.grade else ""
            return f"自评得分{points(source.whole)}分{grade}。", f"{source.path}assessment.score"
        case "problems":
            lines = [_line(one, one.deviation_reason) for one in source.sheet.indicators]
        case _:
            lines = [_line(one, one.improvement) for one in source.sheet.indicators]
    own = dossier.section(block.key) if department else ""
    if own.strip():
        return own, f"narrative.{block.key}"
    return "\n".join(line for line in lines if line), None


def _line(one: Indicator, text: str) -> str:
    return f"{trimmed(one.name)}：{trimmed(text)}。" if text.strip() and not one.not_applicable else ""


def _foot(source: _Source, block: Foot) -> Iterator[Row]:
    for fields in block.rows:
        yield Row(
            cells=tuple(foot_cell(source.dossier.profile, one.key, one.title, one.span) for one in fields),
            min_height=FOOT_HEIGHT,
        )


# ------------------------------------------------------------------ budget


def _budget(source: _Source, block: Budget) -> Iterator[Row]:
    """Heads, one row a kind of funds with its rate, then the two sides where the form has them."""
    sides = list(_sides(source, block)) if block.sides else []
    label_cell = (head(block.label, colspan=block.label_span),)
    yield Row(
        cells=(
            head(block.title, rowspan=1 + len(block.rows) + len(sides), colspan=block.title_span),
            *label_cell,
            *(head(column.title, colspan=column.span) for column in block.columns),
        )
    )
    for number, row in enumerate(block.rows):
        yield Row(
            cells=(
                label(row.title, colspan=block.label_span),
                *_budget_cells(
                    source, block, row.key, "" if number == 0 else f"_{number}", first=number == 0
                ),
            )
        )
    yield from sides


_AMOUNTS = {
    "prior": Column.PRIOR_FINAL,
    "initial": Column.INITIAL_BUDGET,
    "budget": Column.FULL_BUDGET,
    "spent": Column.ACTUAL,
}


def _budget_cells(
    source: _Source, block: Budget, row: FundKey, suffix: str, *, first: bool
) -> Iterator[Cell]:
    budget, _ = source.amount(row, Column.FULL_BUDGET)
    spent, _ = source.amount(row, Column.ACTUAL)
    keys = {column.key for column in block.columns}
    for column in block.columns:
        span = column.span
        if column.key in _AMOUNTS:
            value, where = source.amount(row, _AMOUNTS[column.key])
            yield money(value, where, name=f"{column.key}{suffix}", colspan=span)
        elif column.key == "rate":
            if {"spent", "budget"} <= keys and (first or spent is not None):
                yield percent(
                    (f"spent{suffix}", spent),
                    (f"budget{suffix}", budget),
                    name=f"execution_rate{suffix}",
                    colspan=span,
                )
            else:
                yield Cell(colspan=span)
        elif column.key == "weight" and first:
            where = f"{source.path}assessment.execution_weight"
            yield weight(source.execution_weight, where, name="execution_weight", colspan=span)
        elif column.key == "score" and first:
            yield _execution_score(
                source, budget, spent, live={"spent", "budget", "weight"} <= keys, colspan=span
            )
        elif column.key == "reason" and first:
            text = "" if source.project else source.dossier.money.execution_explanation
            yield words(text, "money.execution_explanation", colspan=span)
        else:
            yield Cell(colspan=span)


def _execution_score(
    source: _Source, budget: Decimal | None, spent: Decimal | None, *, live: bool, colspan: int
) -> Cell:
    """执行率 × 分值, never above 分值 (domain notes 1.3); plain where the policy or the unit scores otherwise."""
    value, share = source.execution, source.execution_weight
    executed = rate(spent, budget)
    by_rule = None
    if executed is not None and share is not None:
        by_rule = round_half_up(min(executed, Decimal(1)) * share)
    formula = None
    if live and by_rule == value and budget != 0:
        formula = (
            '=IF(COUNT({spent},{budget},{execution_weight})<3,"",'
            'IF({budget}=0,"—",ROUND(MIN({spent}/{budget},1)*{execution_weight},2)))'
        )
    where = f"{source.path}assessment.execution_score"
    return score(value, where, name="execution_score", formula=formula, colspan=colspan)


def _sides(source: _Source, block: Budget) -> Iterator[Row]:
    """按收入性质分 and 按支出性质分 side by side, each with its total and its parts (全年执行数)."""
    room = block.label_span + sum(column.span for column in block.columns)
    left_words = max(1, (room - 2) * 2 // 5)
    spans_left, spans_right = (left_words, 1), (room - left_words - 2, 1)
    left = _side(source.dossier, "income_nature", "按收入性质分", spans_left)
    right = _side(source.dossier, "expenditure", "按支出性质分", spans_right)
    for one, other in zip_longest(left, right):
        yield Row(
            cells=(
                *(one or (Cell(colspan=spans_left[0]), Cell())),
                *(other or (Cell(colspan=spans_right[0]), Cell())),
            )
        )


def _side(dossier: Dossier, key: str, title: str, spans: tuple[int, int]) -> list[tuple[Cell, Cell]]:
    """Label and 全年执行数 of a table's total and of its rows."""
    table = dossier.money.table(key)
    words_span, amount_span = spans
    parts: list[tuple[Cell, Cell]] = []
    addends: list[Named] = []
    for row_key, text in _side_rows(dossier, key):
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


def _side_rows(dossier: Dossier, key: str) -> list[tuple[str, str]]:
    """Keys and labels of the form's rows, then the unit's own."""
    table = dossier.money.table(key)
    fixed = [(row.key, row.label) for row in TABLES[key].rows]
    known = {row_key for row_key, _ in fixed}
    return [*fixed, *((row.key, label_of(row, key)) for row in ordered(table, key) if row.key not in known)]


# ------------------------------------------------------------------ indicators


def _indicator_heads(block: IndicatorBlock, whole: int) -> Iterator[Row]:
    if block.title:
        yield Row(cells=(head(block.title, colspan=whole),))
    yield Row(cells=tuple(head(column.title, colspan=column.span) for column in block.columns))


def _indicator_block(source: _Source, block: IndicatorBlock) -> Iterator[Row]:
    """绩效指标 with merged classes, then 总分."""
    groups = _grouped(source.sheet.indicators)
    yield from _indicator_rows(groups, source, block) if groups else _blank_rows(block)
    if block.total:
        yield _total_row(groups, source, block)


Group = tuple[str, list[tuple[str, list[Indicator]]]]


def _grouped(members: Iterable[Indicator]) -> list[Group]:
    """First-level classes with their second-level classes, each in the order of first appearance."""
    groups: dict[str, dict[str, list[Indicator]]] = {}
    for one in members:
        groups.setdefault(trimmed(one.level1), {}).setdefault(trimmed(one.level2), []).append(one)
    return [(level1, list(inner.items())) for level1, inner in groups.items()]


def _flat(groups: Iterable[Group]) -> list[Indicator]:
    return [one for _, inner in groups for _, members in inner for one in members]


def _indicator_rows(groups: Sequence[Group], source: _Source, block: IndicatorBlock) -> Iterator[Row]:
    number = 0
    for level1, inner in groups:
        height = sum(len(members) for _, members in inner)
        for index, (level2, members) in enumerate(inner):
            for position, one in enumerate(members):
                cells: list[Cell] = []
                for column in block.columns:
                    if column.key == "level1":
                        if index == position == 0:
                            cells.append(label(level1, rowspan=height, colspan=column.span))
                    elif column.key == "level2":
                        if position == 0:
                            cells.append(label(level2, rowspan=len(members), colspan=column.span))
                    else:
                        cells.append(_indicator_cell(one, number, source, column, block))
                yield Row(cells=tuple(cells))
                number += 1


def _indicator_cell(
    one: Indicator, number: int, source: _Source, column: IndicatorColumn, block: IndicatorBlock
) -> Cell:
    where, span = f"{source.path}indicators.{one.key}", column.span
    match column.key:
        case "name":
            return words(one.name, f"{where}.name", colspan=span)
        case "target":
            return words(one.target, f"{where}.target", colspan=span, align="center")
        case "direction":
            return words(direction(one), f"{where}.target", colspan=span, align="center")
        case "target_value":
            return words(figure(one.target), f"{where}.target", colspan=span, align="center")
        case "adjusted_target":
            return Cell(colspan=span)
        case "unit":
            return words(unit_of(one.target), f"{where}.target", colspan=span, align="center")
        case "actual" | "actual_value":
            if one.not_applicable:
                return Cell(text=NOT_APPLICABLE, where=f"{where}.not_applicable", colspan=span)
            # The unit has its column, but only where target and actual are in the same one.
            same = unit_of(one.actual) in ("", unit_of(one.target))
            shown = figure(one.actual) if column.key == "actual_value" and same else one.actual
            return words(shown, f"{where}.actual", colspan=span, align="center")
        case "weight":
            return weight(one.weight, f"{where}.weight", name=f"weight_{number}", colspan=span)
        case "score":
            if one.not_applicable:
                return Cell(
                    text=NOT_APPLICABLE, name=f"score_{number}", where=f"{where}.self_score", colspan=span
                )
            return score(source.own(one), f"{where}.self_score", name=f"score_{number}", colspan=span)
        case "coefficient":
            own = None if one.not_applicable else source.own(one)
            keys = {item.key for item in block.columns}
            if own is None or one.weight is None or not {"weight", "score"} <= keys:
                return Cell(colspan=span)
            return percent(
                (f"score_{number}", own),
                (f"weight_{number}", one.weight),
                name=f"share_{number}",
                colspan=span,
            )
        case "core":
            return words("是" if one.core else "否", f"{where}.core", colspan=span, align="center")
        case "evidence":
            return words(one.evidence, f"{where}.evidence", colspan=span)
        case "measures":
            return words(one.improvement, f"{where}.improvement", colspan=span)
        case "reason":
            text = one.not_applicable_reason if one.not_applicable else one.deviation_reason
            return words(text, f"{where}.deviation_reason", colspan=span)
    return words(_deviation(one), f"{where}.deviation_reason", colspan=span)


def direction(one: Indicator) -> str:
    """指标性质: ≥ ≤ ＝, or 定性; as the unit states it, else read from the target."""
    if one.direction.strip():
        return one.direction.strip()
    reading = read(one.target)
    if reading.reason == QUALITATIVE:
        return QUALITATIVE
    if reading.reason or reading.unsure or not (reading.is_number or reading.is_date):
        return "" if not (one.target or "").strip() else QUALITATIVE
    return "" if reading.comparison == "range" else SHOWN.get(reading.comparison, "")


def _parted(text: str | None) -> tuple[str, str] | None:
    """Figure and unit of a text that is one number with a unit; as typed, never converted. Else ``None``."""
    typed = (text or "").strip()
    reading = read(typed)
    if reading.number is None or reading.label or reading.trend or reading.unsure or reading.approximate:
        return None
    match = _FIGURE.fullmatch(_SIGN.sub("", typed))
    return (match["figure"], match["unit"] or "") if match else None


def figure(text: str | None) -> str:
    """指标值 without its sign and unit where they have columns of their own."""
    parted = _parted(text)
    return parted[0] if parted else (text or "").strip()


def unit_of(text: str | None) -> str:
    """度量单位 of a plain figure."""
    parted = _parted(text)
    return parted[1] if parted else ""


def _deviation(one: Indicator) -> str:
    """偏差原因分析及改进措施 in one cell; of a line that does not apply, why."""
    if one.not_applicable:
        return one.not_applicable_reason
    parts = (("偏差原因", trimmed(one.deviation_reason)), ("改进措施", trimmed(one.improvement)))
    return "\n".join(f"{title}：{text}。" for title, text in parts if text)


def _blank_rows(block: IndicatorBlock) -> Iterator[Row]:
    for level1, classes in BLANK_CLASSES:
        for index, level2 in enumerate(classes):
            cells: list[Cell] = []
            for column in block.columns:
                if column.key == "level1":
                    if index == 0:
                        cells.append(label(level1, rowspan=len(classes), colspan=column.span))
                elif column.key == "level2":
                    cells.append(label(level2, colspan=column.span))
                else:
                    cells.append(Cell(colspan=column.span))
            yield Row(cells=tuple(cells))


def _total_row(groups: Sequence[Group], source: _Source, block: IndicatorBlock) -> Row:
    """总分: 分值 and 自评得分 over indicators and 预算执行率 under their columns, and the grade."""
    members = _flat(groups)
    weights = [source.execution_weight, *(one.weight for one in members)]
    own = [source.execution, *(source.own(one) for one in members if not one.not_applicable)]
    whole = _complete_sum(weights)
    weight_formula = score_formula = None
    if whole is not None:
        weight_formula = _live_total("execution_weight", "weight", len(members), len(weights))
    if _complete_sum(own) == source.whole:
        score_formula = _live_total("execution_score", "score", len(members), len(own))
    made = {
        "weight": weight(
            FULL_MARKS if whole is None else whole,
            f"{source.path}indicators",
            name="weight_total",
            formula=weight_formula,
        ),
        "score": score(
            source.whole, f"{source.path}assessment.score", name="score_total", formula=score_formula
        ),
    }
    grade = f"自评等级：{source.grade}" if source.grade else ""
    cells: list[Cell] = []
    free = 0
    named = graded = False

    def close() -> None:
        """What lies before, between and behind the two sums becomes one cell each: the name, then the grade."""
        nonlocal free, named, graded
        if free:
            if not named:
                cells.append(head(block.total, colspan=free))
            else:
                cells.append(label("" if graded else grade, align="left", colspan=free))
                graded = True
        named, free = True, 0

    for column in block.columns:
        if column.key in made:
            close()
            cells.append(made[column.key].model_copy(update={"colspan": column.span}))
        else:
            free += column.span
    close()
    return Row(cells=tuple(cells))


def _complete_sum(values: Sequence[Decimal | None]) -> Decimal | None:
    """Sum when every value is stated; a part of a total is not a total."""
    stated = [value for value in values if value is not None]
    return sum(stated, Decimal(0)) if values and len(stated) == len(values) else None


def _live_total(execution: str, column: str, rows: int, needed: int) -> str | None:
    """Sum of a column and of the execution row, blank until all ``needed`` numbers are there."""
    if not rows:
        return None
    cells = f"{{{execution}}},{{{column}_0}}:{{{column}_{rows - 1}}}"
    return f'=IF(COUNT({cells})<{needed},"",SUM({cells}))'
