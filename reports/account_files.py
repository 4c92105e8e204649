"""Files of the administrator's work: the lists of departments and people, and the slips with one-time passwords to cut up."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from io import BytesIO

from django.conf import settings
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from departments.accounts import Account
from departments.bulk import DEPARTMENT_HEADS, PEOPLE_HEADS, Row
from departments.choices import Role
from departments.models import Department, Region
from reports.documents.fonts import drawing, fonts
from reports.documents.pdf_text import Style, draw_text
from reports.documents.plaintext import printable
from reports.documents.safe_cells import put_text
from reports.intake import IntakeError
from reports.intake.containers import Kind, check_name, identify
from reports.intake.xlsx_file import Sheet, open_book
from reports.virus_scan import scan

HEAD_ROWS = 10
"""Rows from the top within which the heads of a list stand."""
UNITS, PEOPLE = "单位", "人员"
_HELP = {
    "单位名称": "与公章一致的全称，必填",
    "机构性质": "如：机关、公益一类事业单位",
    "预算单位编码": "预算管理一体化系统中的编码",
    "统一社会信用代码": "18位，可以不填",
    "主管部门": "所属单位填写其主管部门的全称；主管部门本身不填",
    "姓名": "必填",
    "账号": "登录用的名字，字母、数字或汉字，必填，不能重复",
    "角色": "从下拉列表中选择；一人有几个角色就填几行",
    "单位": "填报人、单位负责人、主管部门审核必填；财政和审计人员不填",
    "联系电话": "可以不填",
}
_THIN = Side(style="thin", color="FF9AA5B1")
_RULED = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


# ------------------------------------------------------------------ reading


def read_lists(data: bytes, name: str) -> tuple[list[Row], list[Row]]:
    """Departments and people of a workbook. Raises :class:`IntakeError` or :class:`~reports.virus_scan.Infected`."""
    check_name(name)
    scan([data])
    kind = identify(data, name)
    if kind not in (Kind.XLSX, Kind.XLS):
        raise IntakeError("不是 Excel 文件，请用下载的模板填写后上传")
    sheets = open_book(data, kind)
    departments, people = _rows_of(sheets, DEPARTMENT_HEADS), _rows_of(sheets, PEOPLE_HEADS)
    if departments is None and people is None:
        raise IntakeError(
            f"没有找到单位名单（表头：{'、'.join(DEPARTMENT_HEADS)}）或人员名单（表头：{'、'.join(PEOPLE_HEADS)}）"
        )
    if not departments and not people:
        raise IntakeError("名单里一行也没有填写")
    return departments or [], people or []


def _rows_of(sheets: Sequence[Sheet], heads: Sequence[str]) -> list[Row] | None:
    """Filled lines of the sheet that has these heads, wherever they stand; ``None`` when no sheet has them."""
    for sheet in sheets:
        by_row: dict[int, dict[str, int]] = {}
        for (row, column), cell in sheet.cells.items():
            if row <= HEAD_ROWS:
                by_row.setdefault(row, {}).setdefault("".join(cell.text.split()), column)
        for top in sorted(by_row):
            columns = by_row[top]
            if heads[0] not in columns or len(set(heads) & set(columns)) < 2:
                continue
            if sheet.cut:
                raise IntakeError(f"“{sheet.name}”的行数太多，请删去多余的行或分几次导入")
            letters = {head: get_column_letter(columns[head]) for head in heads if head in columns}
            lines = [
                Row(
                    sheet.name,
                    row,
                    {head: sheet.at(row, columns[head]).text.strip() for head in letters},
                    letters,
                )
                for row in sorted({row for row, _ in sheet.cells if row > top})
            ]
            return [line for line in lines if any(line.values.values())]
    return None


# ------------------------------------------------------------------ the template


def template(region: Region, departments: Sequence[Department]) -> bytes:
    """The workbook to fill in, with the departments that are there already."""
    book = Workbook()
    units = book.active
    units.title = UNITS
    _head(units, f"{region.name}预算单位名单", DEPARTMENT_HEADS, (34, 20, 16, 24, 34))
    for number, unit in enumerate(departments, 3):
        texts = (
            unit.name,
            unit.kind,
            unit.budget_code,
            unit.credit_code,
            unit.parent.name if unit.parent else "",
        )
        for column, text in enumerate(texts, 1):
            _text(units, number, column, text)
    people = book.create_sheet(PEOPLE)
    _head(people, f"{region.name}人员和角色", PEOPLE_HEADS, (14, 20, 18, 34, 18))
    choice = DataValidation(
        type="list", formula1=f'"{",".join(role.label for role in Role)}"', allow_blank=True
    )
    choice.error, choice.errorTitle = "请从列表中选择角色", "角色"
    choice.add("C3:C3000")
    place = DataValidation(type="list", formula1=f"{UNITS}!$A$3:$A$3000", allow_blank=True)
    place.showErrorMessage = False
    place.add("D3:D3000")
    people.add_data_validation(choice)
    people.add_data_validation(place)
    return _saved(book)


def _head(sheet: Worksheet, title: str, heads: Sequence[str], widths: Sequence[float]) -> None:
    sheet.cell(1, 1, title).font = Font(bold=True, size=14)
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(heads))
    for column, (head, width) in enumerate(zip(heads, widths, strict=True), 1):
        cell = sheet.cell(2, column, head)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="FFEEF2F6")
        cell.border = _RULED
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = width
        if help_text := _HELP.get(head):
            hint = DataValidation(allow_blank=True, promptTitle=head, prompt=help_text, showInputMessage=True)
            hint.add(f"{letter}2")
            sheet.add_data_validation(hint)
    sheet.freeze_panes = "A3"


def _text(sheet: Worksheet, row: int, column: int, text: str) -> None:
    cell = put_text(sheet.cell(row, column), text)
    cell.number_format, cell.border = "@", _RULED
    cell.alignment = Alignment(vertical="center", wrap_text=True)


def _saved(book: Workbook) -> bytes:
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


# ------------------------------------------------------------------ slips


SLIP_HEADS = ("单位", "姓名", "角色", "账号", "初始密码", "有效期至")


def slips_xlsx(region: Region, accounts: Sequence[Account], until: datetime.date) -> bytes:
    """One line a person: unit, name, roles, account, one-time password, last day."""
    book = Workbook()
    sheet = book.active
    sheet.title = "初始密码"
    for column, (head, width) in enumerate(zip(SLIP_HEADS, (34, 12, 26, 20, 20, 16), strict=True), 1):
        cell = sheet.cell(1, column, head)
        cell.font, cell.border = Font(bold=True), _RULED
        sheet.column_dimensions[get_column_letter(column)].width = width
    for number, account in enumerate(accounts, 2):
        texts = (
            account.department or region.name,
            account.name,
            account.role,
            account.username,
            account.password,
            f"{until:%Y-%m-%d}",
        )
        for column, text in enumerate(texts, 1):
            _text(sheet, number, column, text)
        sheet.row_dimensions[number].height = 30
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    return _saved(book)


_SLIPS = 8
"""Strips on a sheet of A4."""
_LEFT, _TOP, _STRIP = 16 * mm, A4[1] - 12 * mm, 34 * mm
_NAME, _LABEL, _VALUE = Style("hei", 12), Style("fang", 10.5), Style("hei", 14, 0.6)
_NOTE = Style("fang", 9)


def slips_pdf(region: Region, accounts: Sequence[Account], until: datetime.date) -> bytes:
    """A4 sheets to be cut along the dashed lines: one strip a person."""
    with drawing:
        buffer = BytesIO()
        canvas = Canvas(
            buffer,
            pagesize=A4,
            lang="zh-CN",
            initialFontName=fonts()["fang"].faces[0].name,
            pageCompression=1,
        )
        canvas.setTitle("初始密码条")
        for start in range(0, len(accounts), _SLIPS):
            for place, account in enumerate(accounts[start : start + _SLIPS]):
                _strip(canvas, region, account, until, _TOP - place * _STRIP)
            canvas.showPage()
        canvas.save()
        return buffer.getvalue()


def _strip(canvas: Canvas, region: Region, account: Account, until: datetime.date, top: float) -> None:
    right = A4[0] - _LEFT
    who = f"{account.department or region.name}　{account.name}"
    draw_text(canvas, _LEFT, top - 8 * mm, _fitted(who, _NAME, (right - _LEFT) * 0.62), _NAME)
    roles = _fitted(account.role, _LABEL, (right - _LEFT) * 0.36)
    draw_text(canvas, right - _LABEL.text_width(roles), top - 8 * mm, roles, _LABEL)
    middle = _LEFT + (right - _LEFT) / 2
    for x, label, value in (
        (_LEFT, "账号", account.username),
        (middle, "初始密码", account.password),
    ):
        draw_text(canvas, x, top - 18 * mm, label, _LABEL)
        begin = x + _LABEL.text_width(label) + 3 * mm
        draw_text(
            canvas,
            begin,
            top - 18 * mm,
            _fitted(value, _VALUE, middle - _LEFT - (begin - x) - 2 * mm),
            _VALUE,
        )
    day = f"{until.year}年{until.month}月{until.day}日"
    note = f"网址：{settings.EVALSITE_ADDRESS}　首次登录须修改密码；初始密码在{day}前有效，请勿转告他人"
    draw_text(canvas, _LEFT, top - 26 * mm, _fitted(note, _NOTE, right - _LEFT), _NOTE)
    canvas.setDash(2, 3)
    canvas.setLineWidth(0.5)
    canvas.line(8 * mm, top - _STRIP + 3 * mm, A4[0] - 8 * mm, top - _STRIP + 3 * mm)
    canvas.setDash()


def _fitted(text: str, style: Style, width: float) -> str:
    """The text, shortened where it is too long for its place."""
    text = printable(text)
    if style.text_width(text) <= width:
        return text
    while text and style.text_width(text + "…") > width:
        text = text[:-1]
    return text + "…"
