"""Reading a filled workbook: every cell by the field it belongs to, every complaint with sheet and cell, all at once."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

from django import forms
from openpyxl.utils import get_column_letter

from reports.intake.workbook import layout
from reports.intake.workbook.header import Header, read_header
from reports.intake.workbook.layout import END, GUIDE_SHEET, HIDDEN_SHEET, MARK, PROJECT, PROJECT_LABEL, Block
from reports.intake.workbook.writer import FIRST
from reports.intake.xlsx_file import MOST_ROWS, Sheet, SheetCell
from reports.workspace.fields import DayField, NumberField, Surroundings, TickField
from reports.workspace.rows import Draft, RowsPart

ERRORS = ("#REF!", "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#VALUE!")
TICKS = {
    "是": "on",
    "√": "on",
    "✓": "on",
    "✔": "on",
    "☑": "on",
    "1": "on",
    "否": "",
    "0": "",
    "☐": "",
    "□": "",
}
EPOCH = datetime.date(1899, 12, 30)
SERIALS = (20_000, 80_000)
"""Day numbers of Excel that can be meant: 1954 to 2119."""


@dataclass(frozen=True)
class Complaint:
    """One cell that is not as it should be."""

    sheet: str
    cell: str
    """As Excel shows it: ``C7``, ``C7:D7``."""
    label: str
    found: str
    expected: str

    @property
    def where(self) -> str:
        return f"{self.sheet}!{self.cell}"

    def __str__(self) -> str:
        found = f"填的是“{self.found}”" if self.found else "没有填写"
        label = f"（{self.label}）" if self.label else ""
        return f"{self.where}{label}{found}：{self.expected}"


@dataclass
class WorkbookReading:
    """What a workbook says."""

    header: Header
    drafts: dict[str, Draft] = field(default_factory=dict)
    """Texts by section; a project's own under ``project:<uid>``."""
    places: dict[str, str] = field(default_factory=dict)
    """Cell of each path, as ``收入!C7``."""
    complaints: list[Complaint] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    projects: dict[str, str] = field(default_factory=dict)
    """uid by name of the projects of the workbook."""
    blocks: list[Block] = field(default_factory=list)


def read_workbook(sheets: list[Sheet]) -> WorkbookReading:
    """Read an official workbook. Raises :class:`IntakeError` when it cannot be read as one at all."""
    return _Reading(read_header(sheets), sheets).result


class _Reading:
    def __init__(self, header: Header, sheets: list[Sheet]) -> None:
        self.result = WorkbookReading(header)
        self.known = {block.key: block for _, blocks in layout.blocks(header.outline) for block in blocks}
        self.found: dict[str, tuple[Sheet, int, int]] = {}
        if header.version < layout.VERSION:
            self.result.notes.append(
                f"工作簿是第{header.version}版模板，已按旧版读取；新版没有的栏目保持网上的内容，请下载第{layout.VERSION}版继续填写"
            )
        for sheet in sheets:
            if sheet.name not in (HIDDEN_SHEET, GUIDE_SHEET):
                self._locate(sheet)
                if sheet.cut:
                    self.result.notes.append(f"工作表“{sheet.name}”第{MOST_ROWS}行以后还有内容，没有读取")
        self._missing()
        order = sorted(self.found, key=lambda key: (self.known[key].project, list(self.known).index(key)))
        for key in order:
            self._block(self.known[key], *self.found[key])
        self._validate()

    # -------------------------------------------------------------- where the blocks are

    def _locate(self, sheet: Sheet) -> None:
        marks = sorted((row, cell.text) for (row, column), cell in sheet.cells.items() if column == 1)
        open_block: tuple[str, int] | None = None
        last = 0
        for row, text in marks:
            if not text.startswith(MARK):
                continue
            if open_block is not None:
                self._place(sheet, open_block, row)
                open_block = None
            last = row
            if text != END:
                open_block = (text.removeprefix(MARK), row)
        if open_block is not None:
            bottom = max(row for row, _ in sheet.cells) + 1
            self._place(sheet, open_block, bottom)
            last = bottom
        if not last:
            if sheet.cells:
                shown = "隐藏的工作表" if sheet.hidden else "工作表"
                self.result.notes.append(f"{shown}“{sheet.name}”不是模板里的，没有读取")
            return
        outside = sorted(
            key for key in sheet.cells if key[0] > last and key[1] > 1 and sheet.at(*key).text.strip()
        )
        if outside:
            row, column = outside[0]
            self.result.complaints.append(
                Complaint(
                    sheet.name, f"{get_column_letter(column)}{row}", "", _short(sheet.at(row, column).text),
                    f"这里不在填写区，共{len(outside)}格没有读取，请移到表格里的空行",
                )
            )  # fmt: skip

    def _place(self, sheet: Sheet, block: tuple[str, int], end: int) -> None:
        key, row = block
        if key in self.known and key not in self.found:
            self.found[key] = (sheet, row, end)

    def _missing(self) -> None:
        older = self.result.header.version < layout.VERSION
        gone = [
            block.title
            for key, block in self.known.items()
            if key not in self.found and not (older and key not in self.result.header.columns)
        ]
        if gone:
            self.result.notes.append(
                f"工作簿里找不到“{'”“'.join(gone)}”，这些部分没有读取（可能删除了工作表或改动了隐藏的A列）"
            )

    # -------------------------------------------------------------- one block

    def _block(self, block: Block, sheet: Sheet, top: int, end: int) -> None:
        columns = self.result.header.columns.get(block.key, block.columns)
        self._merges(block, sheet, top, end, columns)
        self.result.blocks.append(block)
        reader = self._rows if block.kind == "rows" else self._fixed
        reader(block, sheet, top, end, columns)

    def _merges(self, block: Block, sheet: Sheet, top: int, end: int, columns: tuple[str, ...]) -> None:
        last = FIRST + len(columns) - 1
        for first_row, left, bottom, right in sheet.merges:
            inside = first_row > top and bottom < end and right >= FIRST and left <= last
            if inside and (first_row, max(left, FIRST)) != (bottom, min(right, last)):
                self.result.complaints.append(
                    Complaint(
                        sheet.name,
                        f"{get_column_letter(left)}{first_row}:{get_column_letter(right)}{bottom}",
                        block.title,
                        f"合并的单元格，内容“{_short(sheet.at(first_row, left).text)}”",
                        "请取消合并，一格填一项",
                    )
                )

    def _draft(self, block: Block) -> Draft:
        return self.result.drafts.setdefault(block.section, Draft())

    def _fixed(self, block: Block, sheet: Sheet, top: int, end: int, columns: tuple[str, ...]) -> None:
        draft = self._draft(block)
        rows = {sheet.at(row, 1).text: row for row in range(end - 1, top, -1) if sheet.at(row, 1).text}
        for key, label in block.rows:
            row = rows.get(key)
            if row is None:
                continue
            if block.kind != "lines":
                self._cell(draft, f"{block.part.prefix}.{key}", block.fields[key], sheet, row, FIRST)
                continue
            for number, name in enumerate(columns, FIRST):
                if name in block.fields:
                    path, called = f"{block.part.prefix}.{key}.{name}", f"{label} {block.head(name)}"
                    self._cell(draft, path, block.fields[name], sheet, row, number, called)

    def _rows(self, block: Block, sheet: Sheet, top: int, end: int, columns: tuple[str, ...]) -> None:
        if block.project:
            self._project_rows(block, sheet, top, end, columns)
            return
        draft, prefix = self._draft(block), block.part.prefix
        names = draft.rows.setdefault(prefix, [])
        for row in self._filled(sheet, top, end, columns):
            name = self._row_name(block, sheet, row, names)
            names.append(name)
            for number, column in enumerate(columns, FIRST):
                if column in block.fields:
                    path = f"{prefix}.{name}.{column}"
                    self._cell(draft, path, block.fields[column], sheet, row, number)
            if prefix == "money.projects":
                self._know_project(draft.texts.get(f"{prefix}.{name}.name", ""), name)

    def _know_project(self, called: str, uid: str) -> None:
        if called in self.result.projects:
            self.result.notes.append(f"有两个项目都叫“{called}”，项目自评表里的内容归到第一个")
        elif called:
            self.result.projects[called] = uid

    def _filled(self, sheet: Sheet, top: int, end: int, columns: tuple[str, ...]) -> Iterator[int]:
        """Rows in which anything is filled in. Rows that a person emptied are rows removed."""
        width = range(FIRST, FIRST + len(columns))
        used = {row for row, column in sheet.cells if top < row < end and column in width}
        for row in sorted(used):
            if any(sheet.at(row, column).text.strip() or sheet.at(row, column).formula for column in width):
                yield row

    def _row_name(self, block: Block, sheet: Sheet, row: int, taken: list[str]) -> str:
        """The row's own name; a new one for a new row and for the copy of a row."""
        name = sheet.at(row, 1).text.strip()
        part = block.part
        if name and name not in taken and isinstance(part, RowsPart) and part.acceptable(name):
            return name
        seed = f"{self.result.header.department}/{self.result.header.year}/{block.key}/{row}/{len(taken)}"
        made = uuid.uuid5(uuid.NAMESPACE_OID, seed)
        return f"row-{made.hex}" if block.key == "money.project_detail.own" else str(made)

    def _project_rows(self, block: Block, sheet: Sheet, top: int, end: int, columns: tuple[str, ...]) -> None:
        kind = block.key.rpartition(".")[2]
        column = FIRST + columns.index(PROJECT) if PROJECT in columns else FIRST
        for uid in self.result.projects.values():
            own = self.result.drafts.setdefault(f"project:{uid}", Draft())
            if kind != "assessment":
                own.rows.setdefault(f"{layout.SHEETS}.{uid}.{kind}", [])
        taken: list[str] = []
        for row in self._filled(sheet, top, end, columns):
            called = self._text(None, sheet.at(row, column))
            uid = self.result.projects.get(called, "")
            if not uid:
                self._complain(
                    sheet, row, column, PROJECT_LABEL, called, "请从列表中选取《项目资金》里有的项目名称"
                )
                continue
            own = self.result.drafts[f"project:{uid}"]
            prefix = f"{layout.SHEETS}.{uid}.{kind}"
            if kind != "assessment":
                name = self._row_name(block, sheet, row, taken)
                taken.append(name)
                own.rows[prefix].append(name)
                prefix = f"{prefix}.{name}"
            elif prefix + ".score" in own.texts:
                self._complain(sheet, row, column, PROJECT_LABEL, called, "这个项目的自评结果已经填过一行")
                continue
            for number, name in enumerate(columns, FIRST):
                if name in block.fields:
                    self._cell(own, f"{prefix}.{name}", block.fields[name], sheet, row, number)

    # -------------------------------------------------------------- one cell

    def _complain(self, sheet: Sheet, row: int, column: int, label: str, found: str, expected: str) -> None:
        cell = f"{get_column_letter(column)}{row}"
        self.result.complaints.append(Complaint(sheet.name, cell, label, _short(found), expected))

    def _cell(
        self,
        draft: Draft,
        path: str,
        item: forms.Field,
        sheet: Sheet,
        row: int,
        column: int,
        label: str = "",
    ) -> None:
        cell = sheet.at(row, column)
        self.result.places[path] = sheet.place(row, column)
        draft.texts[path] = ""
        label, wanted = label or str(item.label or ""), layout.expected(item)
        if cell.formula and cell.value is None:
            expected = "公式没有计算结果，请用 Excel 或 WPS 打开、保存一次后再上传，或直接填数值"
            self._complain(sheet, row, column, label, cell.formula, expected)
            return
        text = self._text(item, cell)
        if text.upper() in ERRORS:
            self._complain(sheet, row, column, label, text, f"公式出错，应填{wanted}")
            return
        if not _fits(item, cell.value):
            self._complain(sheet, row, column, label, cell.text, f"应填{wanted}")
            return
        if isinstance(item, TickField) and text not in ("on", ""):
            self._complain(sheet, row, column, label, text, "只能填“是”或留空")
            return
        draft.texts[path] = text
        try:
            item.clean(text)
        except forms.ValidationError as error:
            self._complain(sheet, row, column, label, text, " ".join(error.messages))

    def _text(self, item: forms.Field | None, cell: SheetCell) -> str:
        """What the cell says as the text that the same field of the page would hold."""
        value = cell.value
        if (
            isinstance(item, DayField)
            and (number := cell.number) is not None
            and SERIALS[0] <= number <= SERIALS[1]
        ):
            return (EPOCH + datetime.timedelta(days=int(number))).isoformat()
        if isinstance(value, float) and not cell.percent:
            # 0.1+0.2 is kept as 0.30000000000000004: a tenth of a fen is far behind what is meant.
            return SheetCell(round(value, 8)).text
        text = cell.text.strip()
        if isinstance(item, TickField):
            return TICKS.get(text, text)
        if item is not None and (choices := layout.options(item)):
            return {shown: stored for stored, shown in choices}.get(text, text)
        return text

    # -------------------------------------------------------------- all together

    def _validate(self) -> None:
        """Rules that need the whole row: a row with figures but without its name."""
        complained = {complaint.where for complaint in self.result.complaints}
        for block in self.result.blocks:
            if not isinstance(block.part, RowsPart) or block.project or not block.part.name_field:
                continue
            part, draft = block.part, self.result.drafts[block.section]
            part.objects = {}
            part.bind(draft, Surroundings())
            for row in part.rows:
                for name, messages in row.form.errors.items():
                    place = self.result.places.get(f"{row.path}.{name}", "")
                    sheet, _, cell = place.rpartition("!")
                    if place and place not in complained:
                        label = str(row.form.fields[name].label or "")
                        found = _short(str(draft.texts.get(f"{row.path}.{name}", "")))
                        self.result.complaints.append(
                            Complaint(sheet, cell, label, found, " ".join(messages))
                        )
                        complained.add(place)


def _fits(item: forms.Field, value: object) -> bool:
    """Whether a cell's type can be meant: a day or 是/否 is no number."""
    if isinstance(value, bool):
        return isinstance(item, TickField)
    return not isinstance(item, NumberField) or value is None or isinstance(value, int | float | str)


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
