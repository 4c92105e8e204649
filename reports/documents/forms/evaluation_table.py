"""What the two 自评表 share: the budget row with 预算执行率, goals, indicators with merged classes, and the total.

Eight columns, the same for every block, so that the sheet is one grid:
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施 (domain notes 3.1, point 5).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from budgets.money import rate, round_half_up
from departments.dossier import Profile
from indicators.dossier import Goal, Indicator, Sheet
from indicators.scoring.scorecard import Scorecard, ScoreLine
from reports.documents.forms.cells import foot, head, label, money, percent, score, weight, words
from reports.documents.model import Cell, Row, Table
from reports.documents.wording import NOT_APPLICABLE, trimmed

WIDTHS = (13.0, 16.0, 22.0, 13.0, 14.0, 7.0, 9.0, 28.0)
COLUMNS = len(WIDTHS)
FOOT_SPANS = ((2, 2, 3, 1),)
HEAD_ROWS = 2
GOAL_HEIGHT = 9.0
UNIT = "单位：万元"
EXECUTION = "execution"
FULL_MARKS = Decimal(100)

BLANK_CLASSES = (
    ("产出指标", ("数量指标", "质量指标", "时效指标", "成本指标")),
    ("效益指标", ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标")),
    ("满意度指标", ("服务对象满意度指标",)),
)
"""Rows of an empty form: the usual second-level classes (domain notes 3.1)."""


@dataclass(frozen=True)
class Amounts:
    """The three amounts of 年度资金总额 with the dossier paths they come from."""

    initial: Decimal | None
    budget: Decimal | None
    spent: Decimal | None
    where: tuple[str, str, str]


@dataclass(frozen=True)
class Scores:
    """Scores of one sheet as printed: the unit's own (自评得分), the computed one only where the unit states none."""

    sheet: Sheet
    card: Scorecard | None
    path: str = ""
    """What goes before the paths of this sheet: nothing, or ``project_sheets.<key>.`` for a project's."""

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


def budget_head() -> tuple[Cell, ...]:
    """Heads of the budget block, from the second column on."""
    texts = ("", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "自评得分")
    return tuple(head(text) for text in texts)


def budget_row(amounts: Amounts, scores: Scores) -> tuple[Cell, ...]:
    """年度资金总额: three amounts, 分值, 执行率 and its score, from the second column on."""
    initial, budget, spent = amounts.where
    points = scores.execution_weight
    return (
        label("年度资金总额"),
        money(amounts.initial, initial, name="initial"),
        money(amounts.budget, budget, name="budget"),
        money(amounts.spent, spent, name="spent"),
        weight(points, f"{scores.path}assessment.execution_weight", name="execution_weight"),
        percent(("spent", amounts.spent), ("budget", amounts.budget), name="execution_rate"),
        _execution_score(amounts, scores),
    )


def _execution_score(amounts: Amounts, scores: Scores) -> Cell:
    """执行率 × 分值, never above 分值 (domain notes 1.3); plain where the policy or the unit scores otherwise."""
    value, points = scores.execution, scores.execution_weight
    executed = rate(amounts.spent, amounts.budget)
    by_rule = None
    if executed is not None and points is not None:
        by_rule = round_half_up(min(executed, Decimal(1)) * points)
    undefined = amounts.budget == 0
    formula = None
    if by_rule == value and not undefined:
        formula = (
            '=IF(COUNT({spent},{budget},{execution_weight})<3,"",'
            'IF({budget}=0,"—",ROUND(MIN({spent}/{budget},1)*{execution_weight},2)))'
        )
    where = f"{scores.path}assessment.execution_score"
    return score(value, where, name="execution_score", formula=formula)


def goal_rows(sheet: Sheet, path: str) -> Iterator[Row]:
    """年度总体目标: 预期目标 | 实际完成情况; an empty form keeps one blank row."""
    stated = [
        (index, goal)
        for index, goal in enumerate(sheet.goals)
        if goal.expected.strip() or goal.actual.strip()
    ]
    shown = stated or [(0, Goal())]
    yield Row(
        cells=(
            head("年度总体目标", rowspan=1 + len(shown)),
            head("预期目标", colspan=3),
            head("实际完成情况", colspan=4),
        )
    )
    for index, goal in shown:
        yield Row(
            cells=(
                words(goal.expected, f"{path}goals.{index}.expected", colspan=3),
                words(goal.actual, f"{path}goals.{index}.actual", colspan=4),
            ),
            min_height=GOAL_HEIGHT,
        )


def evaluation_tables(
    upper: Iterable[Row], scores: Scores, profile: Profile, *, longest: int = -1, note: str = ""
) -> tuple[Table, ...]:
    """The form in two tables, so that the heads of the indicators repeat on every page they go on to.

    A form of up to ``longest`` indicators fits on a page and stays one table; by default none does.
    """
    band, heads = _indicator_heads()
    lower = (heads, *_indicator_block(scores), *foot(profile, FOOT_SPANS))
    if len(scores.sheet.indicators) <= longest:
        return (Table(widths=WIDTHS, rows=(*upper, *lower), unit=UNIT, note=note),)
    return (
        Table(widths=WIDTHS, rows=tuple(upper), unit=UNIT, note=note),
        Table(widths=WIDTHS, header_rows=HEAD_ROWS, rows=(band, *lower), joined=True),
    )


def _indicator_heads() -> tuple[Row, Row]:
    titles = (
        "一级指标",
        "二级指标",
        "三级指标",
        "年度指标值",
        "实际完成值",
        "分值",
        "得分",
        "偏差原因分析及改进措施",
    )
    return (
        Row(cells=(head("绩效指标", colspan=COLUMNS),)),
        Row(cells=tuple(head(title) for title in titles)),
    )


def _indicator_block(scores: Scores) -> Iterator[Row]:
    """绩效指标 with merged classes, then 总分."""
    groups = _grouped(scores.sheet.indicators)
    yield from _indicator_rows(groups, scores) if groups else _blank_rows()
    yield _total_row(groups, scores)


Group = tuple[str, list[tuple[str, list[Indicator]]]]


def _grouped(members: Iterable[Indicator]) -> list[Group]:
    """First-level classes with their second-level classes, each in the order of first appearance."""
    groups: dict[str, dict[str, list[Indicator]]] = {}
    for one in members:
        groups.setdefault(trimmed(one.level1), {}).setdefault(trimmed(one.level2), []).append(one)
    return [(level1, list(inner.items())) for level1, inner in groups.items()]


def _flat(groups: Iterable[Group]) -> list[Indicator]:
    return [one for _, inner in groups for _, members in inner for one in members]


def _indicator_rows(groups: Sequence[Group], scores: Scores) -> Iterator[Row]:
    number = 0
    for level1, inner in groups:
        height = sum(len(members) for _, members in inner)
        for index, (level2, members) in enumerate(inner):
            for position, one in enumerate(members):
                lead = [label(level1, rowspan=height)] if index == position == 0 else []
                if position == 0:
                    lead.append(label(level2, rowspan=len(members)))
                yield Row(cells=(*lead, *_indicator_cells(one, number, scores)))
                number += 1


def _indicator_cells(one: Indicator, number: int, scores: Scores) -> tuple[Cell, ...]:
    where = f"{scores.path}indicators.{one.key}"
    if one.not_applicable:
        actual = Cell(text=NOT_APPLICABLE, where=f"{where}.not_applicable")
        points = Cell(text=NOT_APPLICABLE, name=f"score_{number}", where=f"{where}.self_score")
    else:
        actual = words(one.actual, f"{where}.actual", align="center")
        points = score(scores.own(one), f"{where}.self_score", name=f"score_{number}")
    return (
        words(one.name, f"{where}.name"),
        words(one.target, f"{where}.target", align="center"),
        actual,
        weight(one.weight, f"{where}.weight", name=f"weight_{number}"),
        points,
        words(_deviation(one), f"{where}.deviation_reason"),
    )


def _deviation(one: Indicator) -> str:
    """偏差原因分析及改进措施 in one cell; of a line that does not apply, why."""
    if one.not_applicable:
        return one.not_applicable_reason
    parts = (("偏差原因", trimmed(one.deviation_reason)), ("改进措施", trimmed(one.improvement)))
    return "\n".join(f"{title}：{text}。" for title, text in parts if text)


def _blank_rows() -> Iterator[Row]:
    for level1, classes in BLANK_CLASSES:
        for index, level2 in enumerate(classes):
            lead = (label(level1, rowspan=len(classes)),) if index == 0 else ()
            yield Row(cells=(*lead, label(level2), *(Cell() for _ in range(COLUMNS - 2))))


def _total_row(groups: Sequence[Group], scores: Scores) -> Row:
    """总分: 分值 and 自评得分 over indicators and 预算执行率, and the grade."""
    members = _flat(groups)
    weights = [scores.execution_weight, *(one.weight for one in members)]
    own = [scores.execution, *(scores.own(one) for one in members if not one.not_applicable)]
    whole = _complete_sum(weights)
    weight_formula = score_formula = None
    if whole is not None:
        weight_formula = _live_total("execution_weight", "weight", len(members), len(weights))
    if _complete_sum(own) == scores.whole:
        score_formula = _live_total("execution_score", "score", len(members), len(own))
    return Row(
        cells=(
            head("总分", colspan=5),
            weight(
                FULL_MARKS if whole is None else whole,
                f"{scores.path}indicators",
                name="weight_total",
                formula=weight_formula,
            ),
            score(
                scores.whole,
                f"{scores.path}assessment.score",
                name="score_total",
                formula=score_formula,
            ),
            label(f"自评等级：{scores.grade}" if scores.grade else "", align="left"),
        )
    )


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
