"""What the fuzz tests of the readers draw, and what must hold of each reading. Run shortly in the suite, long in tests/soak."""

from __future__ import annotations

import copy
import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from hypothesis import strategies as st

from budgets.final_accounts import Accounts
from reports.documents.xlsx import BODY_SHEET
from reports.dossier import Dossier
from reports.intake import IntakeError, read_bytes
from reports.intake.containers import Kind
from reports.intake.final_accounts import accounts_of
from reports.intake.joined import read_source
from reports.intake.workbook.header import Header
from reports.intake.workbook.layout import GUIDE_SHEET, HIDDEN_SHEET
from reports.intake.workbook.reader import TICKS, WorkbookReading, read_workbook
from reports.intake.workbook.writer import write
from reports.intake.xlsx_file import Sheet, SheetCell, open_book, read_xlsx
from reports.outline import load_outline
from reports.workspace.rows import Draft
from tests.budgets.accounts import tables, xlsx
from tests.factories import make_dossier
from tests.reports.intake.files import printed

# ------------------------------------------------------------------ a report's text

HEADINGS = (
    "部门基本情况", "部门职责", "机构设置", "部门整体支出情况", "收入支出情况", "基本支出情况", "项目支出情况", "三公经费情况",
    "部门整体支出绩效情况", "产出指标完成情况", "效益指标完成情况", "存在的主要问题", "改进措施和建议", "其他需要说明的问题",
)  # fmt: skip
SENTENCES = (
    "2023年收入合计{a}万元，其中：财政拨款收入{b}万元，其他收入{c}万元。",
    "2023年支出合计{a}万元，其中：基本支出{b}万元，项目支出{c}万元。",
    "年初结转和结余{a}万元，年末结转和结余{b}万元。",
    "“三公”经费支出{a}万元，其中公务接待费{b}万元，公务用车运行维护费{c}万元。",
    "年初预算数{a}万元，全年预算数{b}万元，全年执行数{c}万元。",
    "某某专项资金预算{a}万元，实际支出{b}元，结余{c}万元。",
    "其中，人员经费{a}万元，较上年增加{b}万元；公用经费{c}元。",
    "项目支出{a}万元，主要用于：社区运转{b}万元、小区改造{c}元。",
    "基本支出、项目支出分别为{a}万元、{b}万元，差旅费{c}万元。",
    "收、支总计均为{a}万元，其中年初结转和结余{b}万元，年末结转和结余{c}万元。",
    "道路养护工程支出{a}万元，占{b}%，较年初预算增加{c}万元。",
    "修路目标{a}公里，实际完成{b}公里，完成率{c}%。",
    "道路里程较上年增加{a}公里，达到{b}公里，得{c}分。",
    "群众满意度目标≥{a}%，发放问卷{b}份，满意度为{c}%。",
    "另向外单位拨付往来款{a}元，收回{b}万元，尚欠{c}元。",
    "1．数量指标：开展活动目标值{a}次，实际{b}次，投入{c}万元。",
    "社会效益指标：受益人数{a}人，满意度{b}%，涉及资金{c}万元。",
)
MARKS = (
    "一、",
    "二、",
    "三、",
    "五、",
    "（一）",
    "（二）",
    "（四）",
    "1．",
    "2、",
    "（1）",
    "①",
    "",
    "第三部分 ",
    "九九、",
)
FOREIGN = ("", "", "", "", "　", "\t", "Ω", "é", "\u200b", "😀", "한", "\ufffd", "ﬁ", "㎡", "\u3000\u3000")
WHOLE = ("",)
BREAKS = ("", "", "", "\n", "\r\n", "\n    ")


@dataclass(frozen=True)
class Drawn:
    """A text, and every number that was put into it."""

    text: str
    numbers: tuple[str, ...]
    broken: bool = False
    """Whether one of them runs over two lines."""


@st.composite
def reports(draw: st.DrawFn) -> Drawn:
    """Sections in any order under broken numbering; each number is another one, some broken over two lines."""
    counter = itertools.count(draw(st.integers(11, 90)))
    numbers: list[str] = []

    def number(breaks: tuple[str, ...] = BREAKS) -> str:
        value = f"{next(counter)}.{draw(st.integers(1, 99)):02}"
        if draw(st.booleans()):
            value = value.partition(".")[0]
        numbers.append(value)
        shown = value
        if draw(st.integers(0, 5)) == 0:
            shown = "".join(chr(ord(sign) + 0xFEE0) if sign.isdigit() else sign for sign in shown)
        at = draw(st.integers(1, len(shown)))
        broken = draw(st.sampled_from(breaks))
        return shown[:at] + (broken if at < len(shown) else "") + shown[at:]

    lines = ["示例区档案馆2023年度部门整体支出绩效自评报告"] if draw(st.integers(0, 9)) else []
    for heading in draw(st.lists(st.sampled_from(HEADINGS), min_size=1, max_size=8)):
        lines.append(draw(st.sampled_from(MARKS)) + heading)
        for sentence in draw(st.lists(st.sampled_from(SENTENCES), max_size=3)):
            text = re.sub(r"\{\w\}", lambda _: number(), sentence)
            lines.append(draw(st.sampled_from(FOREIGN)) + text + draw(st.sampled_from(FOREIGN)))
        if draw(st.integers(0, 6)) == 0:
            lines.append("单位：万元" if draw(st.booleans()) else "")
            lines.append(f"项目\t年初预算数\t决算数\n基本支出\t{number(WHOLE)}\t{number(WHOLE)}")
            lines.append(f"项目\t预算数\t{number(WHOLE)}\n合计\t{number(WHOLE)}\t{number(WHOLE)}")
    text = "\n".join(lines)
    return Drawn(text, tuple(numbers), bool(re.search(r"[\d０-９.]\s*\n\s*[\d０-９.]", text)))


def told(dossier: Dossier) -> str:
    """Every text that the person is shown: what was read with its words, the narrative, what was not read."""
    return unicodedata.normalize("NFKC", "\n".join(_texts(dossier.model_dump())))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from itertools.chain.from_iterable(map(_texts, value.values()))
    elif isinstance(value, list | tuple):
        yield from itertools.chain.from_iterable(map(_texts, value))


def lost(drawn: Drawn, dossier: Dossier) -> list[str]:
    """Numbers of the text that are nowhere: neither read nor kept."""
    whole = told(dossier)
    found = {Decimal(number) for number in re.findall(r"(?<![\d.])\d+(?:\.\d+)?", whole.replace(",", ""))}
    return [number for number in drawn.numbers if Decimal(number) not in found]


def invented(drawn: Drawn, dossier: Dossier) -> list[Decimal]:
    """Amounts of the dossier that are no number of the text."""
    stated = {Decimal(number) * factor for number in drawn.numbers for factor in (1, 10_000)}
    return [amount for amount in _amounts(dossier.money.model_dump()) if abs(amount) not in stated]


def _amounts(value: object) -> Iterator[Decimal]:
    if isinstance(value, Decimal):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _amounts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _amounts(one)


def check_report(drawn: Drawn, encoding: str) -> None:
    """A dossier or a sentence; nothing lost, nothing invented; the same again."""
    data = drawn.text.encode(encoding, errors="replace")
    try:
        dossier = read_bytes(data, "a.txt")
    except IntakeError as error:
        assert re.search("[一-鿿]", str(error))
        return
    assert lost(drawn, dossier) == []
    doubted = drawn.broken and any("断开" in one.question for one in dossier.unread)
    assert invented(drawn, dossier) == [] or doubted
    assert read_bytes(data, "a.txt") == dossier


# ------------------------------------------------------------------ workbooks

CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**9), 10**12),
    st.decimals(-(10**6), 10**9, places=3).map(float),
    st.sampled_from(
        ["12.5万元", "１２", "约12", "—", "无", "=1+1", "1e9", "2023年", "#REF!", "NaN", " ", "0", "一二三"]
    ),
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=30),
)


@cache
def _official() -> list[Sheet]:
    project = "6f1c2b0e-0000-4000-8000-000000000001"
    drafts = {
        "income": Draft({"money.income_source.fiscal.actual": "205.00"}, {}),
        "projects": Draft({f"money.projects.{project}.name": "专项"}, {"money.projects": [project]}),
    }
    data = write(Header("示例区档案馆", 2023, outline=load_outline()), drafts, {project: "专项"})
    return open_book(data, Kind.XLSX)


@cache
def _final() -> list[Sheet]:
    return open_book(xlsx(tables()), Kind.XLSX)


@cache
def _final_places() -> list[tuple[str, int, int]]:
    return sorted(_places(accounts_of(_final()).accounts))


@st.composite
def official_edits(draw: st.DrawFn) -> tuple[list[Sheet], dict[tuple[str, int, int], object]]:
    """The official workbook with random cells changed, its marks in column A and its heads included."""
    sheets = [copy.copy(sheet) for sheet in _official()]
    edits: dict[tuple[str, int, int], object] = {}
    for _ in range(draw(st.integers(1, 12))):
        sheet = draw(st.sampled_from(sheets))
        place = (draw(st.integers(1, 45)), draw(st.integers(1, 12)))
        value = draw(CELLS)
        sheet.cells = {**sheet.cells, place: SheetCell(value)}
        if value is None:
            sheet.cells.pop(place)
        edits[sheet.name, *place] = value
    return sheets, edits


def check_official(sheets: list[Sheet], edits: dict[tuple[str, int, int], object]) -> WorkbookReading | None:
    """A reading or a sentence; what stands in a field is read or complained of, never dropped."""
    try:
        found = read_workbook(sheets)
    except IntakeError as error:
        assert re.search("[一-鿿]", str(error))
        return None
    if any(column == 1 or name in (HIDDEN_SHEET, GUIDE_SHEET) for name, _, column in edits):
        return found  # the marks themselves were changed: what they led to is told in the notes
    complained = {(one.sheet, one.cell) for one in found.complaints}
    for path, place in found.places.items():
        name, _, cell = place.partition("!")
        sheet = next(one for one in sheets if one.name == name)
        at = _position(cell)
        value = sheet.cells.get(at)
        text = value.text.strip() if value is not None else ""
        if text and (name, cell) not in complained:
            section = next((draft for draft in found.drafts.values() if path in draft.texts), None)
            assert section is not None, path
            unticked = path.endswith((".not_applicable", ".core")) and TICKS.get(text) == ""
            assert section.texts[path].strip() or unticked or (name, *at) not in edits, (path, text)
    return found


def _position(cell: str) -> tuple[int, int]:
    letters = re.match(r"[A-Z]+", cell)[0]
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(cell[len(letters) :]), column


@st.composite
def final_edits(draw: st.DrawFn) -> tuple[list[Sheet], dict[tuple[str, int, int], object]]:
    """Final accounts with random amounts changed, and now and then a head or a label."""
    sheets = [copy.copy(sheet) for sheet in _final()]
    by_name = {sheet.name: sheet for sheet in sheets}
    places = _final_places()
    edits: dict[tuple[str, int, int], object] = {}
    for name, row, column in draw(st.lists(st.sampled_from(places), min_size=1, max_size=6, unique=True)):
        value = draw(CELLS)
        sheet = by_name[name]
        sheet.cells = {**sheet.cells, (row, column): SheetCell(value)}
        edits[name, row, column] = value
    return sheets, edits


def _places(found: Accounts) -> set[tuple[str, int, int]]:
    amounts = [
        *found.amounts.values(),
        *found.counts.values(),
        *(amount for rows in found.subjects.values() for row in rows for amount in row.amounts.values()),
    ]
    return {(amount.sheet, *amount.place) for amount in amounts}


def check_final(sheets: list[Sheet], edits: dict[tuple[str, int, int], object]) -> None:
    """Never a crash; every changed cell is read as what it says, or asked about."""
    reading = accounts_of(sheets)
    found = reading.accounts
    read = _places(found)
    asked = "\n".join(found.questions)
    by_name = {sheet.name: sheet for sheet in sheets}
    for (name, row, column), _ in edits.items():
        cell = by_name[name].cells[row, column]
        if cell.text.strip().strip("-—－–/") and (name, row, column) not in read:
            assert cell.text.strip()[:20] in asked or f"第{row}行" in asked or "有两" in asked, (
                name,
                row,
                column,
            )
    try:
        reading.dossier("示例区档案馆", 2023)
    except IntakeError as error:
        assert str(error)


@cache
def _report() -> tuple[list[Sheet], frozenset[tuple[str, int, int]]]:
    """A report's own workbook, and the cells of its forms that are read."""
    sheets = open_book(printed(make_dossier(), "xlsx"), Kind.XLSX)
    sources = {origin.source for origin in read_source(read_xlsx(sheets)).origins}
    cells = [source.rsplit("!", 1) for source in sources if re.fullmatch(r".+![A-Z]+\d+", source)]
    return sheets, frozenset((name, *_position(cell)) for name, cell in cells if name != BODY_SHEET)


@st.composite
def report_edits(draw: st.DrawFn) -> tuple[list[Sheet], dict[tuple[str, int, int], object]]:
    """The forms of a report's own workbook with random values in cells that are read."""
    whole, places = _report()
    sheets = [copy.copy(sheet) for sheet in whole]
    by_name = {sheet.name: sheet for sheet in sheets}
    edits: dict[tuple[str, int, int], object] = {}
    for place in draw(st.lists(st.sampled_from(sorted(places)), min_size=1, max_size=6, unique=True)):
        name, row, column = place
        value = draw(CELLS)
        percent = isinstance(value, int | float) and draw(st.booleans())
        by_name[name].cells = {**by_name[name].cells, (row, column): SheetCell(value, percent=percent)}
        edits[place] = value
    return sheets, edits


def check_report_book(sheets: list[Sheet], edits: dict[tuple[str, int, int], object]) -> None:
    """Never a crash; what stands in a changed cell is read, or left to the person with its words."""
    try:
        dossier = read_source(read_xlsx(sheets))
    except IntakeError as error:
        assert re.search("[一-鿿]", str(error))
        return
    by_name = {sheet.name: sheet for sheet in sheets}
    whole = _squeezed(told(dossier))
    for name, row, column in edits:
        words = _squeezed(by_name[name].at(row, column).text)
        if words.strip("-—－–/") and words not in ("无", "不适用"):
            assert words in whole, (name, row, column, words)


def _squeezed(text: str) -> str:
    return re.sub(r"[\s。：:]", "", unicodedata.normalize("NFKC", text))
