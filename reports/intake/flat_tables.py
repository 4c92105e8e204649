"""Tables that lost their lines: a row of column titles, and below it rows with one cell for each of them.

A row is read only where it has exactly the cells that the titles promise, and an amount only where its unit is
written; everything else stays the text that it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from budgets.money import AmountError, parse_wan
from budgets.tables import TOTAL, Column
from indicators.dossier import Indicator
from indicators.values import read
from reports.intake.amounts import clean_label
from reports.intake.collected import Collected
from reports.intake.lexicon import (
    CLOSING,
    EXECUTION,
    OPENING,
    ROWS,
    YEAR_INCOME,
    YEAR_SPENDING,
    canonical_label,
    level1_of,
)
from reports.intake.matching import likeness
from reports.intake.wording import bare, fold

SOURCE = "正文中的表"
_MONEY_TITLES = (
    (Column.PRIOR_FINAL, re.compile(r"上年.{0,2}(?:决算|支出|执行)数?$")),
    (Column.INITIAL_BUDGET, re.compile(r"年初预算(?:数|安排)?$")),
    (Column.FULL_BUDGET, re.compile(r"(?:全年|调整后?|调整后的?)预算数?$|^预算数$")),
    (Column.ACTUAL, re.compile(r"^(?:全年|本年|实际)?(?:决算|执行|支出|完成)数$|^决算$|^实际支出$")),
)
_INDICATOR_TITLES = (
    ("level1", re.compile(r"^一级指标$")),
    ("level2", re.compile(r"^二级指标$")),
    ("name", re.compile(r"^(?:三级指标|指标名称|绩效指标|指标内容|具体指标|指标)$")),
    ("target", re.compile(r"^(?:年度|年初|绩效|计划)?(?:指标值|目标值)$")),
    ("actual", re.compile(r"^(?:全年|年度|实际)?(?:实际)?完成(?:值|情况)$|^实际值$")),
    ("weight", re.compile(r"^(?:分值|权重|满分|标准分)$")),
    ("self_score", re.compile(r"^(?:自评)?(?:得分|自评分)$")),
)
_UNIT = re.compile(r"单位[：:]?\s*(?P<unit>万元|亿元|元)|[（(](?P<bracket>万元|亿元|元)[）)]")
_AMOUNT = re.compile(r"^-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?$")
WHOLE_TABLE = 3
"""Rows with points that make a 自评表: the sentences only tell of the same once more."""
_EMPTY = frozenset({"", "-", "—", "--", "/", "无"})
_POINTS = re.compile(r"^\d{1,3}(?:\.\d{1,2})?分?$")
_OTHER_SHEET = re.compile(r"项目支出绩效(?:目标)?自评表|项目绩效(?:目标)?自评表")
"""Behind this title stand the sheets of single projects."""
_GOES_ON = re.compile(r"[\d.,%]+(?!\d*[.、．]?\s*[\u4e00-\u9fff])")
"""A line that begins with the rest of a number: the row above is broken."""
_LEAD = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.、．]|其中[：:]?)+"
)


@dataclass(frozen=True)
class _Titles:
    """The row of titles: what each cell of the rows below holds; ``None`` where nobody knows."""

    fields: tuple[str | None, ...]
    money: bool


def _cells(line: str) -> list[str]:
    return [cell for cell in re.split(r"[\s|｜]+", fold(line).strip()) if cell]


def _titles(cells: Sequence[str]) -> _Titles | None:
    """The meaning of a row of titles; ``None`` for any other row."""
    if not 3 <= len(cells) <= 10 or any(_AMOUNT.match(cell) for cell in cells):
        return None
    plain = [re.sub(r"[（(].*[）)]$", "", cell) for cell in cells]
    money = [
        next((str(column) for column, words in _MONEY_TITLES if words.search(cell)), None) for cell in plain
    ]
    stated = [field for field in money[1:] if field]
    if len(stated) >= 2 and len(set(stated)) == len(stated):
        return _Titles(("label", *money[1:]), money=True)
    fields = [next((name for name, words in _INDICATOR_TITLES if words.match(cell)), None) for cell in plain]
    known = [field for field in fields if field]
    if {"name", "actual"} <= set(known) and len(set(known)) == len(known):
        return _Titles(tuple(fields), money=False)
    return None


def _rows(text: str) -> Iterator[tuple[_Titles, str, str, list[str]]]:
    """Titles, unit, line and cells of every row that fits the titles above it."""
    titles, unit, misses = None, "", 0
    lines = [line for line in text.splitlines() if line.strip()]
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        cells = _cells(line)
        if not cells:
            continue
        if _OTHER_SHEET.search(line):
            return
        if match := _UNIT.search(fold(line)):
            unit = match["unit"] or match["bracket"]
        found = _titles(cells)
        if found:
            titles, misses = found, 0
        elif titles and len(cells) == len(titles.fields) and not _GOES_ON.match(fold(below).strip()):
            yield titles, unit, line.strip(), cells
        elif titles:
            misses += 1
            titles = None if misses > 1 else titles


def read_flat_tables(text: str, collected: Collected, lines: list[Indicator]) -> None:
    """Amounts into ``collected``; indicators behind ``lines``, or in their place where the table gives points for all."""
    rows: list[str] = []
    for titles, unit, line, cells in _rows(text):
        if titles.money and unit:
            _amounts(titles, unit, line, cells, collected)
        elif not titles.money and _execution(titles, line, cells, collected):
            continue
        elif not titles.money and (indicator := _indicator(titles, line, cells, collected, lines)):
            known = next((place for place, one in enumerate(lines) if _told_in_prose(one, indicator)), None)
            if known is None:
                lines.append(indicator)
            else:
                lines[known] = _with_points(lines[known], indicator)
            if indicator.weight is not None:
                rows.append(lines[-1 if known is None else known].key)
    if len(rows) >= WHOLE_TABLE:
        lines[:] = [one for one in lines if one.key in rows]


def _execution(titles: _Titles, line: str, cells: list[str], collected: Collected) -> bool:
    """The row 预算执行率: the result's own part, and no indicator."""
    row = {field: cell for field, cell in zip(titles.fields, cells, strict=True) if field}
    if not EXECUTION.match(bare(row["name"])) or not {"weight", "self_score"} <= set(row):
        return False
    for field, key in (("weight", "execution_weight"), ("self_score", "execution_score")):
        if _POINTS.match(row[field]):
            collected.put(f"assessment.{key}", Decimal(row[field].rstrip("分")), SOURCE, line)
    if "assessment.execution_rate" not in collected.values and row.get("actual", "").endswith("%"):
        collected.put("assessment.execution_rate", row["actual"], SOURCE, line)
    return True


def _told_in_prose(prose: Indicator, row: Indicator) -> bool:
    """Whether a line read from sentences is that row: one name within the other, and the same value reached."""
    if prose.weight is not None or likeness(prose.name, row.name) < 1:
        return False
    reached = read(prose.actual).number
    return reached is not None and reached == read(row.actual).number


def _with_points(prose: Indicator, row: Indicator) -> Indicator:
    """The row, with the reason that the sentences give."""
    kept = {"key": prose.key, "evidence": prose.evidence, "deviation_reason": prose.deviation_reason}
    blank = {
        name: getattr(prose, name)
        for name in ("level1", "level2", "target", "actual")
        if not getattr(row, name) and getattr(prose, name)
    }
    return row.model_copy(update=kept | blank)


def _amounts(titles: _Titles, unit: str, line: str, cells: list[str], collected: Collected) -> None:
    place = _place(cells[0])
    if place is None:
        return
    table, row, label = place
    for field, cell in zip(titles.fields[1:], cells[1:], strict=True):
        if field is None or not _AMOUNT.match(cell):
            continue
        column = Column(field)
        if table == "carryover" and column not in (Column.ACTUAL, Column.PRIOR_FINAL):
            continue
        try:
            value = parse_wan(cell + unit)
        except AmountError:
            continue
        collected.amount(table, row, column, value, label, SOURCE, line)


def _place(title: str) -> tuple[str, str, str] | None:
    """Table, row and label of a row's title."""
    label = canonical_label(clean_label(_LEAD.sub("", title)))
    if label in ROWS:
        table, row = ROWS[label]
        return table, row, "" if row == TOTAL else label
    if OPENING.match(label) or CLOSING.match(label):
        return "carryover", "opening" if OPENING.match(label) else "closing", label
    if label in YEAR_INCOME or label == "总收入":
        return "income_source", TOTAL, ""
    if label in YEAR_SPENDING or label == "总支出":
        return "expenditure", TOTAL, ""
    return None


def _indicator(
    titles: _Titles, line: str, cells: list[str], collected: Collected, known: Sequence[Indicator]
) -> Indicator | None:
    row = {field: cell for field, cell in zip(titles.fields, cells, strict=True) if field}
    points = {name: row.pop(name) for name in ("weight", "self_score") if name in row}
    if not re.search(r"[\u4e00-\u9fff]{2}", row["name"]):
        return None
    if any(bare(one.name) == bare(row["name"]) and (one.weight or "weight" not in points) for one in known):
        return None
    if any(cell not in _EMPTY and not _POINTS.match(cell) for cell in points.values()):
        return None
    key = f"ind-{len(known) + 1}"
    level2 = row.get("level2", "") or ("满意度指标" if "满意" in row["name"] else "")
    values = {name: row[name] for name in ("target", "actual") if row.get(name, "") not in _EMPTY}
    collected.saw(f"indicators.{key}.name", SOURCE, line)
    for name, value in values.items():
        collected.put(f"indicators.{key}.{name}", value, SOURCE, line)
    return Indicator(
        key=key,
        level1=row.get("level1") or level1_of(level2),
        level2=level2,
        name=row["name"],
        target=values.get("target"),
        actual=values.get("actual"),
        **{name: Decimal(cell.rstrip("分")) for name, cell in points.items() if cell not in _EMPTY},
    )
