"""Readers of the single tables: what each one says becomes amounts under the keys that the identities and the dossier use."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from budgets.final_accounts.grid import Table, as_number, label_of, squeezed
from budgets.final_accounts.model import Amount, Kind, Subject

_CODE = re.compile(r"^\d{3}(?:\d{2}){0,2}$")
"""类 (3 digits), 款 (5), 项 (7)."""

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
Heads = Mapping[str, tuple[str, ...]]
"""Words that may stand over each column, the usual one first."""

INCOME_HEADS: Heads = {
    "total": ("本年收入合计",),
    "fiscal": ("财政拨款收入",),
    "superior": ("上级补助收入",),
    "undertaking": ("事业收入",),
    "operating": ("经营收入",),
    "affiliated": ("附属单位上缴收入", "附属单位缴款"),
    "other": ("其他收入",),
}
EXPENDITURE_HEADS: Heads = {
    "total": ("本年支出合计",),
    "basic": ("基本支出",),
    "project": ("项目支出",),
    "to_superior": ("上缴上级支出",),
    "operating": ("经营支出",),
    "to_affiliated": ("对附属单位补助支出",),
}
FUNDS_HEADS: Heads = {
    "opening": ("年初结转和结余", "上年结转和结余", "年初财政拨款结转和结余"),
    "income": ("本年收入",),
    "total": ("本年支出", "本年支出合计", "支出合计", "合计", "小计"),
    "basic": ("基本支出",),
    "project": ("项目支出",),
    "closing": ("年末结转和结余", "年末财政拨款结转和结余", "结转下年"),
}
FISCAL_HEADS: Heads = {
    "total": ("合计", "小计"),
    "general": ("一般公共预算财政拨款",),
    "fund": ("政府性基金预算财政拨款",),
    "capital": ("国有资本经营预算财政拨款",),
}
PERSONNEL = ("301", "303")
"""经济分类 of 人员经费; every other class of table 06 is 公用经费."""


def _summary(table: Table) -> None:
    """01: labels with the amount behind them, income at the left, expenditure at the right."""
    _sides(table, "summary")


def _fiscal(table: Table) -> None:
    """04: at the left one amount a row, that of carry-over repeating the three kinds; at the right four columns a row."""
    columns = {name: table.column(*words) for name, words in FISCAL_HEADS.items()}
    first = min((column for column in columns.values() if column is not None), default=None)
    opening = closing = False
    for row, cells in table.part.rows():
        values = dict(cells)
        for column, value in cells:
            label = label_of(value)
            if first is None or column < first:
                opening = opening or SUMMARY_INCOME.get(label) == "opening"
                _left_of_fiscal(table, row, cells, column, label, opening)
            if first is not None and column < first and label:
                name = _right_of_fiscal(label)
                closing = closing or name == "closing"
                if name is None or (closing and label in _KINDS):
                    continue
                for kind, at in columns.items():
                    if at is None:
                        continue
                    key = f"fiscal.{name}.{kind}"
                    if at in values:
                        table.put(key, row, at, values[at], f"{label}（{table.heads[at].split('|')[-1]}）")
                    else:
                        table.found.blank.add(key)


_KINDS = {
    "一般公共预算财政拨款": "general",
    "一般公共预算财政拨款收入": "general",
    "政府性基金预算财政拨款": "fund",
    "政府性基金预算财政拨款收入": "fund",
    "国有资本经营预算财政拨款": "capital",
    "国有资本经营预算财政拨款收入": "capital",
}


def _left_of_fiscal(
    table: Table, row: int, cells: Sequence[tuple[int, str | Decimal]], column: int, label: str, opening: bool
) -> None:
    """A row of the income side; below 年初财政拨款结转和结余 the same three labels are the carry-over."""
    known = {"本年收入合计": "income.total"}.get(label)
    if label in _KINDS:
        known = f"{'opening' if opening else 'income'}.{_KINDS[label]}"
    elif SUMMARY_INCOME.get(label) == "opening":
        known = "opening.total"
    if known is None:
        return
    found = _behind(table, row, cells, column)
    key = f"fiscal.{known}"
    if found is None:
        table.found.blank.add(key)
    else:
        table.put(key, row, *found, label)


def _right_of_fiscal(label: str) -> str | None:
    if label == "本年支出合计":
        return "expenditure"
    if SUMMARY_EXPENDITURE.get(label) == "closing":
        return "closing"
    if label.endswith("支出") and len(label) <= 20:
        return f"function.{label}"
    return None


def _amount_column(table: Table, column: int) -> bool:
    """Whether the head of a column says that amounts stand in it."""
    return re.search(r"决算数|金额|统计数|合计$", table.heads.get(column, "").split("|")[-1]) is not None


def _behind(
    table: Table, row: int, cells: Sequence[tuple[int, str | Decimal]], column: int
) -> tuple[int, str | Decimal] | None:
    """The amount behind a label: the next number that is not a number of a row, before the next label."""
    for other, value in cells:
        if other <= column or "行次" in table.heads.get(other, "").split("|")[-1]:
            continue
        if as_number(value) is not None:
            return other, value
        if _amount_column(table, other):
            table.amount(value, row, other)
        return None
    return None


def _sides(table: Table, prefix: str) -> None:
    order = [column for column, head in table.heads.items() if "行次" in head.split("|")[-1]]
    totals = 0
    for row, cells in table.part.rows():
        for index, (_, value) in enumerate(cells):
            label = label_of(value)
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
                    if other not in order and as_number(amount) is not None
                ),
                None,
            )
            label_between = [
                v
                for c, v in cells[index + 1 :]
                if following and c < following[0] and isinstance(v, str) and as_number(v) is None
            ]
            key = f"{prefix}.{known}" if known else f"{prefix}.function.{function}"
            if following is None or label_between:
                table.found.blank.add(key)
                words = next(((c, v) for c, v in cells[index + 1 : index + 3] if c not in order), None)
                if words and _amount_column(table, words[0]):
                    table.amount(words[1], row, words[0])
                continue
            table.put(key, row, *following, label)


def _subjects(table: Table, prefix: str, heads: Heads) -> None:
    """A table by subjects: the row 合计 and every row with a code, each over all the columns."""
    columns = {name: table.column(*words, without=("教育收费",)) for name, words in heads.items()}
    columns = {name: column for name, column in columns.items() if column is not None}
    total = table.total_row()
    rows = list(_coded_rows(table))
    if total is None:
        if rows:
            table.found.questions.append(
                f"《{table.kind}》找不到有数字的“合计”行{table.empty_totals()}，没有读取，请核对"
            )
        return
    row, values = total
    for name, column in columns.items():
        if column in values:
            table.put(f"{prefix}.{name}", row, column, values[column], heads[name][0])
        else:
            table.found.blank.add(f"{prefix}.{name}")
    table.found.subjects[prefix] = [
        Subject(code, words, _amounts(table, number, line, columns)) for number, code, words, line in rows
    ]


def _coded_rows(table: Table) -> list[tuple[int, str, str, dict[int, str | Decimal]]]:
    """Rows whose first cell is the code of a subject: number, code, name, cells."""
    found = []
    for number, cells in table.part.rows():
        code = str(cells[0][1]).strip()
        if _CODE.match(code) and len(cells) > 1:
            name = next((squeezed(value) for _, value in cells[1:] if isinstance(value, str)), "")
            found.append((number, code, name, dict(cells[1:])))
    return found


def _amounts(
    table: Table, row: int, line: Mapping[int, str | Decimal], columns: Mapping[str, int]
) -> dict[str, Amount]:
    found = {}
    for name, column in columns.items():
        if column in line and (value := table.amount(line[column], row, column)) is not None:
            found[name] = Amount(value, table.part.sheet.name, (row, column), str(line[column]))
    return found


def _income(table: Table) -> None:
    _subjects(table, "income", INCOME_HEADS)


def _expenditure(table: Table) -> None:
    _subjects(table, "expenditure", EXPENDITURE_HEADS)


def _general(table: Table) -> None:
    _subjects(table, "general", FUNDS_HEADS)


def _fund(table: Table) -> None:
    _subjects(table, "fund", FUNDS_HEADS)


def _capital(table: Table) -> None:
    _subjects(table, "capital", FUNDS_HEADS)


def _basic(table: Table) -> None:
    """06: three groups of code, name and amount side by side, and the totals 人员经费合计 and 公用经费合计 at the foot."""
    subjects = []
    for row, cells in table.part.rows():
        for index, (_, value) in enumerate(cells):
            behind = cells[index + 1 :]
            label = label_of(value)
            if label in ("人员经费合计", "公用经费合计"):
                name = "personnel" if label.startswith("人员") else "running"
                if behind and label_of(behind[0][1]) != "公用经费合计":
                    table.put(f"basic.{name}", row, *behind[0], label)
            elif (
                _economic(value) and behind and isinstance(behind[0][1], str) and not _economic(behind[0][1])
            ):
                subjects.append(_basic_subject(table, row, value, cells, index))
    table.found.subjects["basic"] = subjects


def _if_amount(rest: Sequence[tuple[int, str | Decimal]], row: int) -> tuple[int, int]:
    """Where an unreadable amount is asked about; a code or a name behind the subject is none."""
    words = str(rest[0][1]).strip()
    alone = len(rest) < 2 or _economic(rest[1][1]) or not isinstance(rest[1][1], str)
    return (row, rest[0][0]) if words and not _economic(words) and alone else (0, 0)


def _economic(value: str | Decimal) -> bool:
    """Whether a cell looks like the code of an 经济分类 subject: 301, 30101."""
    return re.fullmatch(r"3\d\d(?:\d\d)?", str(value).strip()) is not None


def _basic_subject(
    table: Table, row: int, code: str | Decimal, cells: Sequence[tuple[int, str | Decimal]], index: int
) -> Subject:
    """The subject whose code is the cell ``index``. A number that looks like a code is one only with a name behind it."""
    amounts = {}
    rest = cells[index + 2 :]
    if rest and (number := table.amount(rest[0][1], *_if_amount(rest, row))) is not None:
        named = len(rest) > 1 and isinstance(rest[1][1], str) and not _economic(rest[1][1])
        if not (_economic(rest[0][1]) and named):
            place = (row, rest[0][0])
            amounts["total"] = Amount(number, table.part.sheet.name, place, str(rest[0][1]))
    return Subject(str(code).strip(), squeezed(cells[index + 1][1]), amounts)


_THREE = (
    ("abroad", re.compile(r"出国")),
    ("vehicle_purchase", re.compile(r"购置(?:费|经费)?$")),
    ("vehicle_running", re.compile(r"(?<!及)(?<!和)运行(?:维护)?(?:费|经费)?$")),
    ("vehicle", re.compile(r"用车")),
    ("reception", re.compile(r"接待")),
    ("total", re.compile(r"^(?:合计|总计|三公经费.{0,6})$")),
)


def _three_public(table: Table) -> None:
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
            if as_number(value) is not None and column in table.heads
        ]
        whole = any(squeezed(value) in ("栏次", "行次") for _, value in cells)
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
            value = dict(cells).get(column)
            if name and side and value is not None:
                table.put(f"three_public.{side}.{name}", row, column, value, last)
        break


def _first_labels(table: Table) -> list[tuple[str, tuple[int, list[tuple[int, str | Decimal]]]]]:
    return [
        (label_of(cells[0][1]), (row, cells[1:]))
        for row, cells in table.part.rows()
        if isinstance(cells[0][1], str) and any(as_number(value) is not None for _, value in cells[1:])
    ]


def _counting(values: Sequence[str | Decimal]) -> bool:
    """Whether a row only numbers the columns: 1 2 3 4 …"""
    numbers = [as_number(value) for value in values]
    return len(numbers) > 3 and numbers == [Decimal(n) for n in range(1, len(numbers) + 1)]


def _side(head: str) -> str:
    if "预算" in head and "决算数" not in head:
        return "budget"
    return "final" if "决算" in head or "统计数" in head or "支出数" in head else ""


def _three_key(words: str) -> str:
    return next((name for name, pattern in _THREE if pattern.search(words)), "")


_COUNTS = (
    ("groups", re.compile(r"出国.*团组")),
    ("travellers", re.compile(r"出国.*人[次数]")),
    ("vehicles_bought", re.compile(r"(?:公务用车|车辆).*购置[数量]")),
    ("vehicles", re.compile(r"(?:公务用车|车辆).*保有[数量]")),
    ("reception_batches", re.compile(r"国内公务接待批次|^公务接待批次")),
    ("reception_people", re.compile(r"国内公务接待人[次数]|^公务接待人[次数]")),
)
COUNT_NAMES = {
    "groups": "因公出国（境）团组数",
    "travellers": "因公出国（境）人次数",
    "vehicles_bought": "公务用车购置数",
    "vehicles": "公务用车保有量",
    "reception_batches": "国内公务接待批次",
    "reception_people": "国内公务接待人次",
}


def _counts(table: Table) -> None:
    """Numbers of journeys, vehicles and receptions: they are no amounts and are not multiplied by the unit."""
    for row, cells in table.part.rows():
        for column, value in cells:
            label = label_of(value)
            name = next((one for one, pattern in _COUNTS if len(label) <= 30 and pattern.search(label)), None)
            found = _statistic(table, row, cells, column) if name and name not in table.found.counts else None
            number = as_number(found[1]) if found else None
            if name and found and number is not None:
                place = (row, found[0])
                table.found.counts[name] = Amount(
                    number, table.part.sheet.name, place, f"{label}：{found[1]}"
                )


def _statistic(
    table: Table, row: int, cells: Sequence[tuple[int, str | Decimal]], column: int
) -> tuple[int, str | Decimal] | None:
    """The figure of a row: that under 统计数 or 决算数 where there are several, else the last before the next label."""
    behind: list[tuple[int, str | Decimal]] = []
    for other, value in cells:
        if other <= column or "行次" in table.heads.get(other, "").split("|")[-1]:
            continue
        if as_number(value) is None:
            if squeezed(value) in ("—", "-", "——", "－"):
                continue
            if _amount_column(table, other):
                table.unreadable(value, row, other)
            break
        behind.append((other, value))
    final = [cell for cell in behind if _side(table.heads.get(cell[0], "")) == "final"]
    return next(iter(final or behind[-1:]), None)


def _three_public_and_counts(table: Table) -> None:
    _three_public(table)
    _counts(table)


def _operation(table: Table) -> None:
    """机构运行信息表: the 三公 amounts once more, and the statistics behind them."""
    for row, cells in table.part.rows():
        for column, value in cells:
            label = label_of(value)
            if not isinstance(value, str) or any(pattern.search(label) for _, pattern in _COUNTS):
                continue
            name = _three_key(label)
            found = _statistic(table, row, cells, column) if name and name != "total" else None
            if found and f"operation.{name}" not in table.found.amounts:
                table.put(f"operation.{name}", row, *found, label)
    _counts(table)


READERS = {
    Kind.SUMMARY: _summary,
    Kind.INCOME: _income,
    Kind.EXPENDITURE: _expenditure,
    Kind.FISCAL: _fiscal,
    Kind.GENERAL: _general,
    Kind.BASIC: _basic,
    Kind.FUND: _fund,
    Kind.CAPITAL: _capital,
    Kind.THREE_PUBLIC: _three_public_and_counts,
    Kind.OPERATION: _operation,
}
