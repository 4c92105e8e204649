"""The summary table of a round (自评汇总表): one row a unit, with formulas that recompute every total, rate and rank.

It is a piece of the document model: the workbook prints it with live formulas, PDF and Word as an annex.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from budgets.money import HUNDRED, plain, rate, round_half_up, total
from reports.choices import OWED, Status
from reports.documents.forms import cells
from reports.documents.model import Annex, Cell, Row, Table
from reports.models import Report
from reports.overview.slices import SENT

SHEET = "自评汇总表"
HEADS = (
    ("序号", 2.2),
    ("单位名称", 11),
    ("主管部门", 9),
    ("状态", 5),
    ("全年预算数", 6),
    ("全年执行数", 6),
    ("预算执行率", 5),
    ("指标数", 3.2),
    ("完成数", 3.2),
    ("自评得分", 4.4),
    ("自评等级", 3.6),
    ("系统评分", 4.4),
    ("自评减系统", 4.4),
    ("复核得分", 4.4),
    ("最终得分", 4.4),
    ("名次", 3.2),
)


@dataclass(frozen=True)
class UnitRow:
    """One unit of the table. What was not delivered has a state and nothing else."""

    name: str
    main: str
    status: Status
    budget: Decimal | None = None
    spent: Decimal | None = None
    targets: int | None = None
    met: int | None = None
    self_score: Decimal | None = None
    grade: str = ""
    score: Decimal | None = None
    reviewed: Decimal | None = None

    @property
    def final(self) -> Decimal | None:
        """最终得分: the reviewed score where there is one."""
        return self.self_score if self.reviewed is None else self.reviewed

    @property
    def sent(self) -> bool:
        return self.status in SENT


def rows_of(reports: Iterable[Report]) -> list[UnitRow]:
    """The rows in the order of the reports."""
    rows = []
    for report in reports:
        department = report.department
        row = UnitRow(
            department.name, department.parent.name if department.parent else "", Status(report.status)
        )
        if row.sent:
            row = UnitRow(
                row.name,
                row.main,
                row.status,
                budget=report.shown_budget,
                spent=report.shown_spent,
                targets=report.shown_targets,
                met=report.shown_targets_met,
                self_score=report.shown_self_score,
                grade=report.shown_grade,
                score=report.shown_score,
                reviewed=report.reviewed_score,
            )
        rows.append(row)
    return rows


def ranks_of(values: Sequence[Decimal | None]) -> list[int | None]:
    """Rank of each value, highest first; equal ones share a rank and the next is skipped, as RANK() does."""
    first: dict[Decimal, int] = {}
    for place, value in enumerate(sorted((value for value in values if value is not None), reverse=True), 1):
        first.setdefault(value, place)
    return [None if value is None else first[value] for value in values]


def summary_table(
    rows: Sequence[UnitRow],
    grades: Sequence[str],
    *,
    title: str,
    bureau: str,
    prepared_by: str = "",
    dated: str = "",
    mark: str = "",
) -> Annex:
    """The whole sheet: units, totals, count of each grade, and who made it."""
    foot = f"制表单位：{bureau}　　　制表人：{prepared_by or '　　　　'}　　　制表日期：{dated or '　　　年　月　日'}"
    note = "注：最终得分有复核得分的用复核得分，没有的用自评得分；名次按最终得分排列。未报送的单位只列状态。"
    return Annex(
        mark=mark,
        title=title,
        sheet=SHEET,
        landscape=True,
        blocks=(
            Table(
                widths=tuple(width for _, width in HEADS),
                header_rows=1,
                unit="金额单位：万元",
                rows=(
                    Row(cells=tuple(cells.head(name) for name, _ in HEADS)),
                    *(
                        _unit(number, row, rank, len(rows))
                        for number, (row, rank) in enumerate(
                            zip(rows, ranks_of([row.final for row in rows]), strict=True), 1
                        )
                    ),
                    *((_totals(rows),) if rows else ()),
                ),
                note=note,
            ),
            *((_grades(rows, grades),) if rows else ()),
            Table(
                widths=(1,),
                rows=(Row(cells=(cells.label(foot, align="left"),), min_height=9),),
            ),
        ),
    )


def _unit(number: int, row: UnitRow, rank: int | None, last: int) -> Row:
    budget, spent = (f"budget{number}", row.budget), (f"spent{number}", row.spent)
    own, score, reviewed, final = f"self{number}", f"score{number}", f"reviewed{number}", f"final{number}"
    gap = None if row.self_score is None or row.score is None else row.self_score - row.score
    return Row(
        cells=(
            cells.count(number),
            Cell(text=row.name, align="left", name=f"name{number}"),
            Cell(text=row.main, align="left"),
            Cell(text=row.status.label, name=f"status{number}"),
            cells.money(row.budget, name=budget[0]),
            cells.money(row.spent, name=spent[0]),
            cells.percent(spent, budget, name=f"rate{number}"),
            _count(row.targets, f"targets{number}"),
            _count(row.met, f"met{number}"),
            cells.score(row.self_score, name=own),
            Cell(text=row.grade, name=f"grade{number}"),
            cells.score(row.score, name=score),
            cells.score(
                gap, formula=f'=IF(COUNT({{{own}}},{{{score}}})<2,"",ROUND({{{own}}}-{{{score}}},2))'
            ),
            cells.score(row.reviewed, name=reviewed),
            cells.score(
                row.final,
                name=final,
                formula=f'=IF(COUNT({{{reviewed}}})=1,{{{reviewed}}},IF(COUNT({{{own}}})=1,{{{own}}},""))',
            ),
            _count(
                rank,
                f"rank{number}",
                formula=f'=IF(COUNT({{{final}}})=0,"",RANK({{{final}}},{{final1}}:{{final{last}}}))',
            ),
        )
    )


def _count(value: int | None, name: str, formula: str | None = None) -> Cell:
    return cells.count(value, name=name).model_copy(update={"formula": formula})


def _area(column: str, last: int) -> str:
    return f"{{{column}1}}:{{{column}{last}}}"


def _sum(column: str, last: int) -> str:
    area = _area(column, last)
    return f'=IF(COUNT({area})=0,"",SUM({area}))'


def _mean(values: Iterable[Decimal | None], column: str, last: int) -> Cell:
    stated = [value for value in values if value is not None]
    mean = round_half_up(sum(stated, Decimal(0)) / len(stated)) if stated else None
    area = _area(column, last)
    return cells.score(mean, formula=f'=IF(COUNT({area})=0,"",ROUND(AVERAGE({area}),2))')


def _totals(rows: Sequence[UnitRow]) -> Row:
    last = len(rows)
    budget, spent = total(row.budget for row in rows), total(row.spent for row in rows)
    compared = [row for row in rows if row.budget is not None and row.spent is not None]
    whole = rate(total(row.spent for row in compared), total(row.budget for row in compared))
    budgets, spents = _area("budget", last), _area("spent", last)
    divided, divisor = f'SUMIF({budgets},"<>",{spents})', f'SUMIF({spents},"<>",{budgets})'
    targets = [row.targets for row in rows if row.targets is not None]
    met = [row.met for row in rows if row.met is not None]
    return Row(
        cells=(
            cells.head("合计（得分为平均数）", colspan=4),
            cells.money(budget, name="budget", formula=_sum("budget", last)),
            cells.money(spent, name="spent", formula=_sum("spent", last)),
            Cell(
                text="" if whole is None else f"{round_half_up(whole * HUNDRED):.2f}%",
                number=None if whole is None else plain(round_half_up(whole, cells.RATE_DIGITS)),
                format="percent",
                name="rate",
                formula=f'=IF({divisor}=0,"",{divided}/{divisor})',
            ),
            _count(sum(targets) if targets else None, "targets", _sum("targets", last)),
            _count(sum(met) if met else None, "met", _sum("met", last)),
            _mean((row.self_score for row in rows), "self", last),
            cells.label(""),
            _mean((row.score for row in rows), "score", last),
            cells.label(""),
            _mean((row.reviewed for row in rows), "reviewed", last),
            _mean((row.final for row in rows), "final", last),
            cells.label(""),
        )
    )


def _grades(rows: Sequence[UnitRow], grades: Sequence[str]) -> Table:
    """Units by grade; the last row is all of them."""
    last = len(rows)
    area, states = _area("grade", last), _area("status", last)
    counts = [sum(row.grade == grade for row in rows) for grade in grades]
    unsent = sum(not row.sent for row in rows)
    owed = "+".join(f'COUNTIF({states},"{Status(status).label}")' for status in OWED)
    lines = [
        (grade, count, f'=COUNTIF({area},"{grade}")', f"class{place}")
        for place, (grade, count) in enumerate(zip(grades, counts, strict=True))
    ]
    known = "".join(f"-{{class{place}}}" for place in range(len(grades)))
    lines += [
        ("没有等级", last - sum(counts) - unsent, f"={{all}}{known}-{{unsent}}", "ungraded"),
        ("未报送", unsent, f"={owed}", "unsent"),
    ]
    return Table(
        title="自评等级统计",
        widths=(2, 2, 2, 4),
        header_rows=1,
        rows=(
            Row(cells=tuple(cells.head(name) for name in ("自评等级", "单位数", "占比", "说明"))),
            *(
                Row(
                    cells=(
                        cells.label(name),
                        _count(count, key, formula),
                        cells.percent((key, Decimal(count)), ("all", Decimal(last))),
                        cells.label(
                            "系统无法评分且单位没有填写自评得分" if key == "ungraded" else "", align="left"
                        ),
                    )
                )
                for name, count, formula, key in lines
            ),
            Row(
                cells=(
                    cells.head("合计"),
                    _count(last, "all", f"=COUNTA({_area('name', last)})"),
                    cells.percent(("all", Decimal(last)), ("all", Decimal(last))),
                    cells.label("应报送的全部单位", align="left"),
                )
            ),
        ),
    )
