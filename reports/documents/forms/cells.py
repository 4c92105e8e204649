"""Cells of the forms: one place that decides how a figure looks and whether it is live in the workbook.

A live cell carries a formula *only if the formula gives the very number that is printed*: where a unit states a total that
its rows do not add up to, the stated total is printed as a plain number (the checks report the difference; the paper
does not hide it). What is not stated stays blank, and a formula over blank cells stays blank too.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from budgets.money import HUNDRED, TEN_THOUSAND, plain, rate, round_half_up, to_wan, total
from departments.dossier import Profile
from reports.documents.model import Align, Cell, Row
from reports.documents.plaintext import paragraphs
from reports.documents.wording import NO_RATE, chinese_date

FOOT_HEIGHT = 9.0
RATE_DIGITS = Decimal("0.000000000001")

Named = tuple[str, Decimal | None]
"""Name of a cell of the same sheet and the number it holds."""


def label(
    text: str, *, colspan: int = 1, rowspan: int = 1, align: Align = "center", bold: bool = False
) -> Cell:
    """A printed word of the form."""
    return Cell(text=text, colspan=colspan, rowspan=rowspan, align=align, bold=bold)


def head(text: str, *, colspan: int = 1, rowspan: int = 1) -> Cell:
    """A column head."""
    return label(text, colspan=colspan, rowspan=rowspan, bold=True)


def words(
    text: str | None, where: str | None = None, *, colspan: int = 1, rowspan: int = 1, align: Align = "left"
) -> Cell:
    """The unit's own words, one line a paragraph."""
    lines = "\n".join(paragraphs(text or ""))
    return Cell(text=lines, colspan=colspan, rowspan=rowspan, align=align, where=where)


def money(
    yuan: Decimal | None,
    where: str | None = None,
    *,
    name: str | None = None,
    colspan: int = 1,
    formula: str | None = None,
) -> Cell:
    """Amount in 万元 with two decimals; blank when not stated."""
    return Cell(
        text="" if yuan is None else f"{to_wan(yuan):f}",
        number=None if yuan is None else plain(yuan / TEN_THOUSAND),
        format="amount",
        align="right",
        colspan=colspan,
        name=name,
        where=where,
        formula=formula,
    )


def money_sum(
    yuan: Decimal | None,
    addends: Sequence[Named],
    where: str | None = None,
    *,
    name: str | None = None,
    colspan: int = 1,
) -> Cell:
    """A total: live when the cells it is made of add up to it, else the plain number that is stated."""
    live = bool(addends) and total(value for _, value in addends) == yuan
    return money(yuan, where, name=name, colspan=colspan, formula=live_sum(addends) if live else None)


def live_sum(addends: Sequence[Named]) -> str:
    """``=IF(COUNT(…)=0,"",SUM(…))``: a sum of blank cells is blank, not 0."""
    cells = ",".join(f"{{{name}}}" for name, _ in addends)
    return f'=IF(COUNT({cells})=0,"",SUM({cells}))'


def percent(
    part: Named, whole: Named, where: str | None = None, *, name: str | None = None, colspan: int = 1
) -> Cell:
    """A computed rate: blank when a side is not stated, ``—`` when the denominator is 0, never typed."""
    fraction = rate(part[1], whole[1])
    undefined = part[1] is not None and whole[1] == 0
    text = NO_RATE if undefined else ""
    formula = f'=IF(COUNT({{{part[0]}}},{{{whole[0]}}})<2,"",IF({{{whole[0]}}}=0,"{NO_RATE}",{{{part[0]}}}/{{{whole[0]}}}))'
    return Cell(
        text=text if fraction is None else f"{round_half_up(fraction * HUNDRED):.2f}%",
        number=None if fraction is None else plain(round_half_up(fraction, RATE_DIGITS)),
        format="percent",
        colspan=colspan,
        name=name,
        where=where,
        formula=formula,
    )


def score(
    value: Decimal | None,
    where: str | None = None,
    *,
    name: str | None = None,
    colspan: int = 1,
    formula: str | None = None,
) -> Cell:
    """A score with two decimals; blank when there is none."""
    return Cell(
        text="" if value is None else f"{round_half_up(value):.2f}",
        number=None if value is None else plain(value),
        format="score",
        colspan=colspan,
        name=name,
        where=where,
        formula=formula,
    )


def weight(
    value: Decimal | None,
    where: str | None = None,
    *,
    name: str | None = None,
    colspan: int = 1,
    formula: str | None = None,
) -> Cell:
    """分值: a whole number as people write it, else with its decimals."""
    whole = value is None or value == value.to_integral_value()
    return Cell(
        text="" if value is None else f"{value:.0f}" if whole else f"{round_half_up(value):.2f}",
        number=None if value is None else plain(value),
        format="integer" if whole else "score",
        colspan=colspan,
        name=name,
        where=where,
        formula=formula,
    )


def count(value: int | None, where: str | None = None, *, name: str | None = None, colspan: int = 1) -> Cell:
    """A number of people."""
    return Cell(
        text="" if value is None else str(value),
        number=None if value is None else str(value),
        format="integer",
        colspan=colspan,
        name=name,
        where=where,
    )


def area(value: Decimal | None, where: str | None = None, *, name: str | None = None) -> Cell:
    """规模（㎡） with two decimals."""
    return Cell(
        text="" if value is None else f"{round_half_up(value):f}",
        number=None if value is None else plain(value),
        format="amount",
        align="right",
        name=name,
        where=where,
    )


def foot_cell(profile: Profile, key: str, title: str, colspan: int) -> Cell:
    """One place of a form's foot: label and value in one cell, or room for a signature by hand."""
    day = chinese_date(profile.prepared_on) if profile.prepared_on else ""
    values = {
        "prepared_by": (profile.prepared_by.strip(), "profile.prepared_by"),
        "prepared_on": (day, "profile.prepared_on"),
        "phone": (profile.phone.strip(), "profile.phone"),
        "contact": (profile.contact.strip(), "profile.contact"),
        "head_signs": ("", "profile.head"),
    }
    value, where = values.get(key, ("", None))
    return words(f"{title}：{value}", where, colspan=colspan)


def foot(profile: Profile, spans: Sequence[Sequence[int]]) -> tuple[Row, ...]:
    """Last rows of a form: 填表人, 填报日期, 联系电话, and room for the head's signature (signed by hand).

    ``spans`` gives the columns of the four places, one sequence a row.
    """
    places = iter(
        (
            ("prepared_by", "填表人"),
            ("prepared_on", "填报日期"),
            ("phone", "联系电话"),
            ("head_signs", "单位负责人签字"),
        )
    )
    return tuple(
        Row(
            cells=tuple(
                foot_cell(profile, key, title, span) for span, (key, title) in zip(row, places, strict=False)
            ),
            min_height=FOOT_HEIGHT,
        )
        for row in spans
    )
