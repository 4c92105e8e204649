"""部门决算公开 tables read by their heads and checked by their identities (domain notes 6.1, 6.2). Pure: cells in, amounts out.

Tables are known by their names and heads, never by fixed cells or by the mark 公开0N表: columns move, heads are merged
over several rows, and the unit (元, 万元) is said above the table. A missing row is not zero.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from budgets.money import AmountError, parse_number, round_half_up, wan

Place = tuple[int, int]
"""Row and column, counted from 1."""

UNITS = {"亿元": Decimal(10) ** 8, "万元": Decimal(10000), "千元": Decimal(1000), "元": Decimal(1)}
HEAD_ROWS = 14
"""Rows from the title within which the heads stand."""
_UNIT = re.compile(r"单位[：:]?(?:人民币)?[（(]?(?P<unit>亿元|万元|千元|元)")
_YEAR = re.compile(r"(20\d\d)年度?")
_DEPARTMENT = re.compile(r"(?:编制单位|公开部门|部门|单位|预算部门)(?:名称)?[：:](?P<name>[^：:（(]{2,60})")
_NUMBERING = re.compile(
    r"^(?:其中[：:])?(?:[一二三四五六七八九十]{1,3}、|\d{1,2}[.．、]|[（(][一二三四五六七八九十\d]{1,3}[）)])?"
)
_CODE = re.compile(r"^\d{3,7}$")


class Kind(StrEnum):
    """The tables that are read."""

    SUMMARY = "收入支出决算总表"
    INCOME = "收入决算表"
    EXPENDITURE = "支出决算表"
    FISCAL = "财政拨款收入支出决算总表"
    THREE_PUBLIC = "“三公”经费支出决算表"


@dataclass(frozen=True)
class RawSheet:
    """One worksheet as cells; a merged cell stands at its top left."""

    name: str
    cells: Mapping[Place, str | Decimal]
    merges: tuple[tuple[int, int, int, int], ...] = ()
    """Top row, left column, bottom row, right column."""


@dataclass(frozen=True)
class Amount:
    """One amount in 元 with where and how it was read."""

    value: Decimal
    sheet: str
    place: Place
    words: str


@dataclass(frozen=True)
class Difference:
    """Two sides of an identity that are not equal. ``rounding`` when rounded rows explain it."""

    identity: str
    left: Decimal
    right: Decimal
    rounding: bool

    def __str__(self) -> str:
        kind = "，属于四舍五入的尾差" if self.rounding else "，不平衡，请核对决算表"
        return f"{self.identity}：{wan(self.left)}万元与{wan(self.right)}万元相差{wan(abs(self.left - self.right))}万元{kind}"


@dataclass
class Accounts:
    """What the tables say."""

    tables: dict[Kind, str] = field(default_factory=dict)
    """Sheet of each table that was found."""
    amounts: dict[str, Amount] = field(default_factory=dict)
    """By ``table.row`` of this module, e.g. ``income.fiscal``, ``summary.opening``, ``three_public.final.abroad``."""
    year: int | None = None
    department: str = ""
    differences: list[Difference] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    blank: set[str] = field(default_factory=set)
    """Rows and columns that are there with nothing in them; what is in neither is missing, which is not zero."""

    def get(self, key: str) -> Decimal | None:
        found = self.amounts.get(key)
        return found.value if found else None


SUMMARY_INCOME = {
    "一般公共预算财政拨款收入": "general",
    "一般公共预算财政拨款": "general",
    "财政拨款收入": "fiscal",
    "政府性基金预算财政拨款收入": "fund",
    "政府性基金预算财政拨款": "fund",
    "国有资本经营预算财政拨款收入": "capital",
    "国有资本经营预算财政拨款": "capital",
    "上级补助收入": "superior",
    "事业收入": "undertaking",
    "经营收入": "operating",
    "附属单位上缴收入": "affiliated",
    "附属单位缴款": "affiliated",
    "其他收入": "other",
    "本年收入合计": "income",
    "使用非财政拨款结余": "used_surplus",
    "使用非财政拨款结余和专用结余": "used_surplus",
    "使用非财政拨款结余含专用结余": "used_surplus",
    "用事业基金弥补收支差额": "used_surplus",
    "年初结转和结余": "opening",
    "上年结转和结余": "opening",
    "上年结转": "opening",
    "年初财政拨款结转和结余": "opening",
}
SUMMARY_EXPENDITURE = {
    "本年支出合计": "expenditure",
    "结余分配": "allocation",
    "年末结转和结余": "closing",
    "结转下年": "closing",
    "年末财政拨款结转和结余": "closing",
}
INCOME_HEADS = {
    "本年收入合计": "total",
    "财政拨款收入": "fiscal",
    "上级补助收入": "superior",
    "事业收入": "undertaking",
    "经营收入": "operating",
    "附属单位上缴收入": "affiliated",
    "附属单位缴款": "affiliated",
    "其他收入": "other",
}
EXPENDITURE_HEADS = {
    "本年支出合计": "total",
    "基本支出": "basic",
    "项目支出": "project",
    "上缴上级支出": "to_superior",
    "经营支出": "operating",
    "对附属单位补助支出": "to_affiliated",
}
FISCAL_HEADS = {
    "一般公共预算财政拨款": "general",
    "政府性基金预算财政拨款": "fund",
    "国有资本经营预算财政拨款": "capital",
    "合计": "total",
    "小计": "total",
}


def read_accounts(sheets: Iterable[RawSheet]) -> Accounts:
    """All tables found in a workbook, with their identities checked."""
    found = Accounts()
    for sheet in sheets:
        for part in _parts(sheet):
            kind = _kind_of(part)
            if kind is None:
                continue
            if kind in found.tables:
                found.questions.append(
                    f"《{kind}》有两张（{found.tables[kind]}、{sheet.name}），按第一张读取，请核对"
                )
                continue
            found.tables[kind] = sheet.name
            _facts(part, found)
            _READERS[kind](_Table(part, kind, found))
    _check(found)
    return found


# ------------------------------------------------------------------ one table of a sheet


@dataclass
class _Part:
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


def _squeezed(value: str | Decimal) -> str:
    """Words without spaces, quotation marks and brackets."""
    return re.sub(r"[\s“”\"'‘’（）()\u3000]", "", value) if isinstance(value, str) else ""


def _label(value: str | Decimal) -> str:
    return (
        _NUMBERING.sub("", re.sub(r"[\s“”\"'‘’\u3000]", "", value)).translate(_BRACKETS)
        if isinstance(value, str)
        else ""
    )


_BRACKETS = str.maketrans("", "", "（）()")


def _title_kind(text: str) -> Kind | None:
    words = _squeezed(text)
    if len(words) > 60 or "决算" not in words or not re.search(r"表$|表[:：]?$|表\d*$", words):
        return None
    if "财政拨款收入支出决算总表" in words:
        return Kind.FISCAL
    if "收入支出决算总表" in words or "收支决算总表" in words:
        return Kind.SUMMARY
    if "三公" in words:
        return Kind.THREE_PUBLIC
    if re.search(r"一般公共预算|政府性基金|国有资本|财政拨款|明细|项目|收入支出决算表", words):
        return None
    if words.endswith("收入决算表"):
        return Kind.INCOME
    return Kind.EXPENDITURE if words.endswith("支出决算表") else None


def _parts(sheet: RawSheet) -> Iterator[_Part]:
    """Tables of a sheet: each begins with a title; a sheet without titles is one table named by the sheet."""
    if not sheet.cells:
        return
    last = max(row for row, _ in sheet.cells)
    titles: list[tuple[int, str]] = []
    for (row, _), value in sorted(sheet.cells.items()):
        words = _squeezed(value)
        if (
            "决算" in words
            and len(words) <= 60
            and words.endswith("表")
            and (not titles or titles[-1][0] != row)
        ):
            titles.append((row, words))
    if not titles:
        yield _Part(sheet, 1, last, sheet.name)
        return
    for index, (row, text) in enumerate(titles):
        end = titles[index + 1][0] - 1 if index + 1 < len(titles) else last
        yield _Part(sheet, 1 if index == 0 else row, end, text)


def _kind_of(part: _Part) -> Kind | None:
    """Kind by the title; where it names none of ours, by the heads."""
    kind = _title_kind(part.title) or _title_kind(part.sheet.name)
    if kind is not None:
        return kind
    if "决算" in part.title and part.title != part.sheet.name:
        return None
    labels = {_squeezed(value) for _, cells in part.rows() for _, value in cells}
    if {"本年收入合计", "财政拨款收入", "上级补助收入"} <= labels and "本年支出合计" not in labels:
        return Kind.INCOME
    if {"本年支出合计", "基本支出", "项目支出", "上缴上级支出"} <= labels and "本年收入合计" not in labels:
        return Kind.EXPENDITURE
    return None


def _facts(part: _Part, found: Accounts) -> None:
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


class _Table:
    """One table while it is read."""

    def __init__(self, part: _Part, kind: Kind, found: Accounts) -> None:
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
                words = _squeezed(value)
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
            words = "".join(_squeezed(value) for _, value in cells)
            if words.startswith(("栏次", "行次")) and row > self.part.top:
                return row
            numbers = [value for _, value in cells if _as_number(value) is not None]
            if len(numbers) >= 1 and row > self.part.top:
                return row
        return self.part.bottom + 1

    def amount(self, value: str | Decimal) -> Decimal | None:
        number = _as_number(value)
        return None if number is None else round_half_up(number * self.factor)

    def put(self, key: str, row: int, column: int, value: str | Decimal, label: str) -> None:
        """Keep an amount; a second one for the same place is a question when it differs."""
        amount = self.amount(value)
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
        for row, cells in self.part.rows():
            labels = [_squeezed(value) for _, value in cells if isinstance(value, str)]
            if (
                labels
                and labels[0] in ("合计", "总计")
                and any(_as_number(value) is not None for _, value in cells)
            ):
                return row, dict(cells)
        return None


def _as_number(value: str | Decimal) -> Decimal | None:
    if isinstance(value, Decimal):
        return value
    text = value.strip()
    if not re.match(r"^[-−－+]?[\d０-９]", text):
        return None
    try:
        return parse_number(text)
    except AmountError:
        return None


# ------------------------------------------------------------------ the five tables


def _summary(table: _Table) -> None:
    """01: labels with the amount behind them, income at the left, expenditure at the right."""
    _sides(table, "summary")


def _fiscal(table: _Table) -> None:
    """04: income as in 01; expenditure with four columns, of which 合计 is read and checked."""
    _sides(table, "fiscal")
    columns = {name: table.column(head) for head, name in FISCAL_HEADS.items() if name != "total"}
    total = table.column("合计", "小计")
    for row, cells in table.part.rows():
        values = dict(cells)
        labels = {_label(value): column for column, value in cells if isinstance(value, str)}
        at = labels.get("本年支出合计")
        if at is None or total is None or total < at:
            continue
        for name, column in {**columns, "total": total}.items():
            if column is not None and column > at and column in values:
                table.put(
                    f"fiscal.expenditure.{name}", row, column, values[column], f"本年支出合计（{name}）"
                )


def _sides(table: _Table, prefix: str) -> None:
    order = [column for column, head in table.heads.items() if "行次" in head.split("|")[-1]]
    totals = 0
    for row, cells in table.part.rows():
        for index, (_, value) in enumerate(cells):
            label = _label(value)
            known = SUMMARY_INCOME.get(label) or SUMMARY_EXPENDITURE.get(label)
            function = None
            if label in ("总计", "收入总计", "支出总计"):
                known = "income_total" if totals == 0 and label != "支出总计" else "expenditure_total"
                totals += 1
            elif known is None and label.endswith("支出") and index > 0 and len(label) <= 20:
                function = label
            if known is None and function is None:
                continue
            following = next(
                (
                    (other, amount)
                    for other, amount in cells[index + 1 : index + 4]
                    if other not in order and _as_number(amount) is not None
                ),
                None,
            )
            label_between = [
                v
                for c, v in cells[index + 1 :]
                if following and c < following[0] and isinstance(v, str) and _as_number(v) is None
            ]
            key = f"{prefix}.{known}" if known else f"{prefix}.function.{function}"
            if following is None or label_between:
                table.found.blank.add(key)
                continue
            table.put(key, row, *following, label)


def _by_head(table: _Table, prefix: str, heads: Mapping[str, str]) -> None:
    total = table.total_row()
    if total is None:
        table.found.questions.append(f"《{table.kind}》找不到“合计”行，没有读取，请核对")
        return
    row, values = total
    for head, name in heads.items():
        column = table.column(head, without=("教育收费",))
        if column is not None and column in values:
            table.put(f"{prefix}.{name}", row, column, values[column], head)
        elif column is not None:
            table.found.blank.add(f"{prefix}.{name}")
    classes: dict[str, list[Decimal]] = {}
    for _, cells in table.part.rows():
        line = dict(cells)
        code = next((str(value).strip() for _, value in cells[:1]), "")
        if not _CODE.match(code) or len(code) != 3:
            continue
        column = table.column(*[head for head, name in heads.items() if name == "total"])
        if column is not None and column in line and (amount := table.amount(line[column])) is not None:
            classes.setdefault("total", []).append(amount)
    if classes.get("total"):
        table.found.amounts[f"{prefix}.classes"] = Amount(
            sum(classes["total"], Decimal(0)),
            table.part.sheet.name,
            (row, 1),
            f"各类合计（{len(classes['total'])}类）",
        )


def _income(table: _Table) -> None:
    _by_head(table, "income", INCOME_HEADS)


def _expenditure(table: _Table) -> None:
    _by_head(table, "expenditure", EXPENDITURE_HEADS)


_THREE = (
    ("abroad", re.compile(r"出国")),
    ("vehicle_purchase", re.compile(r"购置(?:费|经费)?$")),
    ("vehicle_running", re.compile(r"(?<!及)(?<!和)运行(?:维护)?(?:费|经费)?$")),
    ("vehicle", re.compile(r"用车")),
    ("reception", re.compile(r"接待")),
    ("total", re.compile(r"^(?:合计|总计|三公经费.{0,6})$")),
)


def _three_public(table: _Table) -> None:
    """09: 预算数 and 决算数, each over its columns, or as two columns beside the items."""
    if any(_three_key(label) == "abroad" for label, _ in _first_labels(table)):
        for label, (row, cells) in _first_labels(table):
            name = _three_key(label)
            for column, value in cells:
                side = _side(table.heads.get(column, ""))
                if name and side:
                    table.put(f"three_public.{side}.{name}", row, column, value, label)
        return
    for row, cells in table.part.rows():
        numbers = [
            (column, value)
            for column, value in cells
            if _as_number(value) is not None and column in table.heads
        ]
        whole = any(_squeezed(value) in ("栏次", "行次") for _, value in cells)
        if len(numbers) < 4 or whole or _counting([value for _, value in numbers]):
            continue
        side = ""
        for column in sorted(table.heads):
            words = table.heads[column].split("|")
            side = _side(table.heads[column]) or side
            last = words[-1]
            name = _three_key(last)
            if last in ("小计", "合计") and any("用车" in word for word in words):
                name = "vehicle"
            value = dict(numbers).get(column)
            if name and side and value is not None:
                table.put(f"three_public.{side}.{name}", row, column, value, last)
        return


def _first_labels(table: _Table) -> list[tuple[str, tuple[int, list[tuple[int, str | Decimal]]]]]:
    return [
        (_label(cells[0][1]), (row, cells[1:]))
        for row, cells in table.part.rows()
        if isinstance(cells[0][1], str) and any(_as_number(value) is not None for _, value in cells[1:])
    ]


def _counting(values: Sequence[str | Decimal]) -> bool:
    """Whether a row only numbers the columns: 1 2 3 4 …"""
    numbers = [_as_number(value) for value in values]
    return len(numbers) > 3 and numbers == [Decimal(n) for n in range(1, len(numbers) + 1)]


def _side(head: str) -> str:
    if "预算" in head and "决算数" not in head:
        return "budget"
    return "final" if "决算" in head or "统计数" in head or "支出数" in head else ""


def _three_key(words: str) -> str:
    return next((name for name, pattern in _THREE if pattern.search(words)), "")


_READERS = {
    Kind.SUMMARY: _summary,
    Kind.INCOME: _income,
    Kind.EXPENDITURE: _expenditure,
    Kind.FISCAL: _fiscal,
    Kind.THREE_PUBLIC: _three_public,
}


# ------------------------------------------------------------------ identities


def _check(found: Accounts) -> None:
    """Identities of domain notes 6.2, each only where both sides are complete: a missing row is not zero."""
    s = "summary"
    _sum(
        found,
        "收入总计＝本年收入合计＋使用非财政拨款结余＋年初结转和结余",
        f"{s}.income_total",
        (f"{s}.income", f"{s}.used_surplus", f"{s}.opening"),
    )
    _sum(
        found,
        "支出总计＝本年支出合计＋结余分配＋年末结转和结余",
        f"{s}.expenditure_total",
        (f"{s}.expenditure", f"{s}.allocation", f"{s}.closing"),
    )
    _sum(found, "收入总计＝支出总计", f"{s}.income_total", (f"{s}.expenditure_total",))
    _sum(found, "总表本年收入合计＝收入决算表合计", f"{s}.income", ("income.total",))
    _sum(found, "总表本年支出合计＝支出决算表合计", f"{s}.expenditure", ("expenditure.total",))
    _sum(
        found,
        "收入决算表合计＝各项收入之和",
        "income.total",
        (
            "income.fiscal",
            "income.superior",
            "income.undertaking",
            "income.operating",
            "income.affiliated",
            "income.other",
        ),
    )
    _sum(
        found,
        "收入决算表财政拨款收入＝总表三项财政拨款之和",
        "income.fiscal",
        (f"{s}.general", f"{s}.fund", f"{s}.capital"),
    )
    _sum(
        found,
        "支出决算表合计＝各项支出之和",
        "expenditure.total",
        (
            "expenditure.basic",
            "expenditure.project",
            "expenditure.to_superior",
            "expenditure.operating",
            "expenditure.to_affiliated",
        ),
    )
    functions = tuple(key for key in found.amounts if key.startswith(f"{s}.function."))
    if functions:
        _sum(found, "总表本年支出合计＝各功能科目支出之和", f"{s}.expenditure", functions)
    _sum(found, "收入决算表合计＝各类科目之和", "income.total", ("income.classes",))
    _sum(found, "支出决算表合计＝各类科目之和", "expenditure.total", ("expenditure.classes",))
    _sum(
        found,
        "财政拨款支出合计＝三类拨款之和",
        "fiscal.expenditure.total",
        ("fiscal.expenditure.general", "fiscal.expenditure.fund", "fiscal.expenditure.capital"),
    )
    for side, words in (("budget", "预算数"), ("final", "决算数")):
        t = f"three_public.{side}"
        _sum(
            found,
            f"“三公”经费{words}＝出国＋用车＋接待",
            f"{t}.total",
            (f"{t}.abroad", f"{t}.vehicle", f"{t}.reception"),
        )
        _sum(
            found,
            f"公务用车{words}＝购置＋运行维护",
            f"{t}.vehicle",
            (f"{t}.vehicle_purchase", f"{t}.vehicle_running"),
        )


def _sum(found: Accounts, identity: str, left: str, right: Sequence[str]) -> None:
    """One identity. A blank cell of a row that is there means no amount; a row that is not there may be the difference."""
    whole = found.get(left)
    parts = [found.get(key) for key in right]
    stated = [part for part in parts if part is not None]
    if whole is None or not stated:
        return
    total = sum(stated, Decimal(0))
    if whole == total:
        return
    missing = [key for key, part in zip(right, parts, strict=True) if part is None and key not in found.blank]
    if missing and whole > total:
        return
    tolerance = Decimal(100) * max(len(parts), 2) / 2
    found.differences.append(Difference(identity, whole, total, abs(whole - total) <= tolerance))
