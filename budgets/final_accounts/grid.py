"""One table of a worksheet: found by its title, its heads brought over merged cells, its unit, its rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from budgets.final_accounts.model import Accounts, Amount, Kind, Place, RawSheet
from budgets.money import AmountError, parse_number, to_yuan, wan

UNITS = {"亿元": Decimal(10) ** 8, "万元": Decimal(10000), "千元": Decimal(1000), "元": Decimal(1)}
HEAD_ROWS = 14
"""Rows from the title within which the heads stand."""
_UNIT = re.compile(r"单位[：:]?(?:人民币)?[（(]?(?P<unit>亿元|万元|千元|元)")
_YEAR = re.compile(r"(20\d\d)年度?")
_DEPARTMENT = re.compile(r"(?:编制单位|公开部门|部门|单位|预算部门)(?:名称)?[：:](?P<name>[^：:（(]{2,60})")
_NUMBERING = re.compile(
    r"^(?:其中[：:])?(?:[一二三四五六七八九十]{1,3}、|\d{1,2}[.．、]|[（(][一二三四五六七八九十\d]{1,3}[）)])?"
)


@dataclass
class Part:
    """Rows of one table: from its title to the next title."""

    sheet: RawSheet
    top: int
    bottom: int
    title: str

    def rows(self) -> Iterator[tuple[int, list[tuple[int, str | Decimal]]]]:
        """Rows with their filled cells from left to right."""
        by_row: dict[int, list[tuple[int, str | Decimal]]] = {}
        for (row, column), value in self.sheet.cells.items():
            if self.top <= row <= self.bottom:
                by_row.setdefault(row, []).append((column, value))
        for row in sorted(by_row):
            yield row, sorted(by_row[row], key=lambda cell: cell[0])


def squeezed(value: str | Decimal) -> str:
    """Words without spaces, quotation marks and brackets."""
    return re.sub(r"[\s“”\"'‘’（）()\u3000]", "", value) if isinstance(value, str) else ""


def label_of(value: str | Decimal) -> str:
    return (
        _NUMBERING.sub("", re.sub(r"[\s“”\"'‘’\u3000]", "", value)).translate(_BRACKETS)
        if isinstance(value, str)
        else ""
    )


_BRACKETS = str.maketrans("", "", "（）()")
_OTHER_TABLES = re.compile(r"项目|明细|财政拨款|一般公共预算|政府性基金|国有资本|收入支出决算表")


def _title_kind(text: str) -> Kind | None:
    """Kind of the table that a title names; tables of a place's own have none."""
    words = squeezed(text)
    if len(words) > 60 or not re.search(r"表$|表[:：]?$|表\d*$", words):
        return None
    if "机构运行信息" in words:
        return Kind.OPERATION
    if "决算" not in words:
        return None
    for pattern, kind in _TITLES:
        if pattern.search(words):
            return kind
    if _OTHER_TABLES.search(words):
        return None
    if words.endswith("收入决算表"):
        return Kind.INCOME
    return Kind.EXPENDITURE if words.endswith("支出决算表") else None


_TITLES = (
    (re.compile(r"财政拨款收入支出决算总表"), Kind.FISCAL),
    (re.compile(r"收入支出决算总表|收支决算总表"), Kind.SUMMARY),
    (re.compile(r"三公"), Kind.THREE_PUBLIC),
    (re.compile(r"基本支出决算(?:明细)?表"), Kind.BASIC),
    (re.compile(r"一般公共预算财政拨款(?:收入)?支出决算表"), Kind.GENERAL),
    (re.compile(r"政府性基金预算(?:财政拨款)?(?:收入)?支出决算表"), Kind.FUND),
    (re.compile(r"国有资本经营预算(?:财政拨款)?(?:收入)?支出决算表"), Kind.CAPITAL),
)


def parts(sheet: RawSheet) -> Iterator[Part]:
    """Tables of a sheet: each begins with a title; a sheet without titles is one table named by the sheet."""
    if not sheet.cells:
        return
    last = max(row for row, _ in sheet.cells)
    titles: list[tuple[int, str]] = []
    for (row, _), value in sorted(sheet.cells.items()):
        words = squeezed(value)
        if (
            ("决算" in words or "机构运行信息" in words)
            and len(words) <= 60
            and words.endswith("表")
            and (not titles or titles[-1][0] != row)
        ):
            titles.append((row, words))
    if not titles:
        yield Part(sheet, 1, last, sheet.name)
        return
    for index, (row, text) in enumerate(titles):
        end = titles[index + 1][0] - 1 if index + 1 < len(titles) else last
        yield Part(sheet, 1 if index == 0 else row, end, text)


def kind_of(part: Part) -> Kind | None:
    """Kind by the title; where it names none of ours, by the heads."""
    kind = _title_kind(part.title) or _title_kind(part.sheet.name)
    if kind is not None:
        return kind
    if "决算" in part.title and part.title != part.sheet.name:
        return None
    labels = {squeezed(value) for _, cells in part.rows() for _, value in cells}
    if {"本年收入合计", "财政拨款收入", "上级补助收入"} <= labels and "本年支出合计" not in labels:
        return Kind.INCOME
    if {"本年支出合计", "基本支出", "项目支出", "上缴上级支出"} <= labels and "本年收入合计" not in labels:
        return Kind.EXPENDITURE
    return None


def facts(part: Part, found: Accounts) -> None:
    """Year and department as the table states them."""
    for _, cells in part.rows():
        for _, value in cells:
            if not isinstance(value, str):
                continue
            text = re.sub(r"\s", "", value)
            if found.year is None and len(text) < 60 and (year := _YEAR.search(text)):
                found.year = int(year[1])
            if (
                not found.department
                and "金额单位" not in text
                and (name := _DEPARTMENT.search(text))
                and not _UNIT.search(text)
            ):
                found.department = name["name"]


class Table:
    """One table while it is read."""

    def __init__(self, part: Part, kind: Kind, found: Accounts) -> None:
        self.part, self.kind, self.found = part, kind, found
        self.factor = self._factor()
        self.heads = self._heads()

    def _factor(self) -> Decimal:
        for _, cells in self.part.rows():
            for _, value in cells:
                if isinstance(value, str) and (match := _UNIT.search(re.sub(r"\s", "", value))):
                    return UNITS[match["unit"]]
        self.found.questions.append(f"《{self.kind}》没有写明金额单位，已按万元读取，请确认")
        return UNITS["万元"]

    def _heads(self) -> dict[int, str]:
        """Words above each column, those of merged cells over all their columns, from above down."""
        sheet = self.part.sheet
        first = self._first_row()
        heads: dict[int, list[str]] = {}
        over: dict[Place, tuple[int, int]] = {}
        for top, left, bottom, right in sheet.merges:
            if self.part.top <= top < first:
                over[top, left] = (bottom, right)
        for row, cells in self.part.rows():
            if row >= first:
                break
            for column, value in cells:
                words = squeezed(value)
                if not words or _title_kind(words) or _UNIT.search(words) or "公开" in words:
                    continue
                _, right = over.get((row, column), (row, column))
                for one in range(column, right + 1):
                    heads.setdefault(one, []).append(words)
        return {column: "|".join(words) for column, words in heads.items()}

    def _first_row(self) -> int:
        """First row of data: the first that holds a number in a cell behind a label that is no head."""
        for row, cells in self.part.rows():
            if row > self.part.top + HEAD_ROWS:
                return row
            words = "".join(squeezed(value) for _, value in cells)
            if words.startswith(("栏次", "行次")) and row > self.part.top:
                return row
            numbers = [value for _, value in cells if as_number(value) is not None]
            if len(numbers) >= 1 and row > self.part.top:
                return row
        return self.part.bottom + 1

    def amount(self, value: str | Decimal, row: int = 0, column: int = 0) -> Decimal | None:
        """The amount of a cell in 元; words where an amount belongs are asked about, a dash means nothing."""
        number = as_number(value)
        if number is not None:
            try:
                return to_yuan(number, self.factor)
            except AmountError:
                self.unreadable(value, row, column)
                return None
        if str(value).strip(" \u3000\n-—－–/") and row:
            self.unreadable(value, row, column)
        return None

    def unreadable(self, value: str | Decimal, row: int, column: int) -> None:
        """Ask about a cell that holds words instead of an amount, or a number too large for one."""
        shown = f"{value:f}" if isinstance(value, Decimal) else value
        place = f"{self.part.sheet.name}第{row}行第{column}列"
        self.found.questions.append(f"《{self.kind}》{place}的“{shown[:40]}”不是金额，没有读取，请核对")

    def put(self, key: str, row: int, column: int, value: str | Decimal, label: str) -> None:
        """Keep an amount; a second one for the same place is a question when it differs."""
        amount = self.amount(value, row, column)
        if amount is None:
            return
        place = f"{self.part.sheet.name}"
        known = self.found.amounts.get(key)
        if known is not None:
            if known.value != amount:
                self.found.questions.append(
                    f"《{self.kind}》的“{label}”有两个不同的数（{wan(known.value)}和{wan(amount)}万元），按第一个读取，请核对"
                )
            return
        self.found.amounts[key] = Amount(amount, place, (row, column), f"{label}：{value}")

    def column(self, *wanted: str, without: Sequence[str] = ()) -> int | None:
        """Column whose lowest head is one of the words."""
        best: int | None = None
        for column in sorted(self.heads):
            parts = self.heads[column].split("|")
            if any(word in self.heads[column] for word in without):
                continue
            if parts[-1] in wanted or (
                len(parts) > 1 and parts[-1] in ("小计", "合计") and parts[-2] in wanted
            ):
                return column
            if best is None and any(part in wanted for part in parts):
                best = column
        return best

    def total_row(self) -> tuple[int, dict[int, str | Decimal]] | None:
        """The row 合计."""
        for row, cells in self._labelled_total():
            if any(as_number(value) is not None for _, value in cells):
                return row, dict(cells)
        return None

    def empty_totals(self) -> str:
        """Where rows 合计 stand that hold no number, for a question."""
        rows = [f"第{row}行" for row, _ in self._labelled_total()]
        return f"（{'、'.join(rows)}没有数字）" if rows else ""

    def _labelled_total(self) -> Iterator[tuple[int, list[tuple[int, str | Decimal]]]]:
        for row, cells in self.part.rows():
            labels = [squeezed(value) for _, value in cells if isinstance(value, str)]
            if labels and labels[0] in ("合计", "总计"):
                yield row, cells


def as_number(value: str | Decimal) -> Decimal | None:
    if isinstance(value, Decimal):
        return value
    text = value.strip()
    if not re.match(r"^[-−－+]?[\d０-９]", text):
        return None
    try:
        return parse_number(text)
    except AmountError:
        return None
