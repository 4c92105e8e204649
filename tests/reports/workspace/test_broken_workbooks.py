"""Broken workbooks at the site's own door: each gets its clear answer in two seconds and leaves the dossier as it was."""

from __future__ import annotations

import datetime
import json
import time
import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
import xlwt
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook
from openpyxl.cell import MergedCell

from reports.intake.workbook import header, layout
from reports.outline import load_outline
from reports.take import take
from reports.workspace.importing import preview, take_in
from reports.workspace.save import SaveRefused
from reports.workspace.workbooks import workbook_of
from tests.db import make_report, make_user
from tests.factories import make_dossier
from tests.reports.intake.files import repacked

pytestmark = pytest.mark.django_db

LIMIT = 2.0
"""Seconds of computing (issue 7)."""


@pytest.fixture
def report():
    return make_report(dossier=make_dossier())


@pytest.fixture
def filler(report):
    return make_user("filler", department=report.department)


def edited(change: Callable[[Workbook], None]) -> Callable[[bytes], bytes]:
    def make(data: bytes) -> bytes:
        book = load_workbook(BytesIO(data))
        change(book)
        buffer = BytesIO()
        book.save(buffer)
        return buffer.getvalue()

    return make


def place(book: Workbook, sheet: str, label: str, column: str) -> str:
    return next(f"{column}{row[0].row}" for row in book[sheet].iter_rows() if row[1].value == label)


def typed(
    value: object, sheet: str = "收入", label: str = "事业收入", column: str = "F"
) -> Callable[[bytes], bytes]:
    def change(book: Workbook) -> None:
        cell = book[sheet][place(book, sheet, label, column)]
        cell.value = value
        if isinstance(value, str) and not value.startswith("="):
            cell.data_type = "s"

    return edited(change)


def merged(book: Workbook) -> None:
    row = int(place(book, "收入", "事业收入", "F")[1:])
    book["收入"].merge_cells(f"E{row}:F{row}")


def hidden(book: Workbook) -> None:
    book["收入"].sheet_state = "hidden"
    extra = book.create_sheet("备用")
    extra["A1"], extra.sheet_state = "x", "hidden"


def identity(name: str, value: str) -> Callable[[bytes], bytes]:
    def change(book: Workbook) -> None:
        for row in book[layout.HIDDEN_SHEET].iter_rows():
            if row[0].value == name:
                row[1].value = value

    return edited(change)


def rows_below(data: bytes) -> bytes:
    name = "xl/worksheets/sheet3.xml"
    xml = zipfile.ZipFile(BytesIO(data)).read(name)
    rows = b"".join(b'<row r="%d"/>' % number for number in range(1001, 201_001))
    return repacked(data, **{name: xml.replace(b"</sheetData>", rows + b"</sheetData>")})


def filled_far_below(data: bytes) -> bytes:
    name = "xl/worksheets/sheet3.xml"
    xml = zipfile.ZipFile(BytesIO(data)).read(name)
    row = b'<row r="6000"><c r="C6000"><v>88</v></c></row>'
    return repacked(data, **{name: xml.replace(b"</sheetData>", row + b"</sheetData>")})


def gigabyte(data: bytes) -> bytes:
    target = BytesIO(data)
    with (
        zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as package,
        package.open("xl/worksheets/sheet99.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(1024):
            part.write(b" " * (1024 * 1024))
    return target.getvalue()


def old_excel(data: bytes) -> bytes:
    book = xlwt.Workbook()
    book.add_sheet("收入").write(0, 0, "x")
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def locked(data: bytes) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")


def of_wps(data: bytes) -> bytes:
    space = b"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    app = b'<Properties xmlns="%s"><Application>WPS Office_12.1.0.16120</Application></Properties>' % space
    return repacked(data, **{"docProps/app.xml": app, "customXml/item1.xml": b"<woProps/>"})


def same(data: bytes) -> bytes:
    return data


def parts(**changed: bytes | None) -> Callable[[bytes], bytes]:
    return lambda data: repacked(
        data, **{name.replace("__", "/").replace("_dot_", "."): part for name, part in changed.items()}
    )


REFUSED = {
    "macro": (parts(xl__vbaProject_dot_bin=b"x"), "a.xlsx", "宏"),
    "macro by name": (same, "a.xlsm", "宏"),
    "password": (locked, "a.xlsx", "去掉密码"),
    "xls renamed xlsx": (old_excel, "a.xlsx", "内容却是旧版 Excel 文件"),
    "xlsx renamed xls": (same, "a.xls", "内容却是Excel 文件"),
    "binary workbook": (
        parts(xl__workbook_dot_xml=None, xl__workbook_dot_bin=b"x"),
        "a.xlsx",
        "二进制工作簿",
    ),
    "external entity": (
        parts(xl__sharedStrings_dot_xml=b'<!DOCTYPE a [<!ENTITY b "c">]><sst/>'),
        "a.xlsx",
        "外部实体",
    ),
    "cut off": (lambda data: data[: len(data) // 2], "a.xlsx", "损坏"),
    "torn part": (parts(xl__workbook_dot_xml=b"<nothing"), "a.xlsx", "损坏"),
    "a gigabyte": (gigabyte, "a.xlsx", "解压后有"),
    "empty": (lambda data: b"", "a.xlsx", "空的"),
    "wrong year": (identity("year", "2022"), "a.xlsx", "2022年度的工作簿"),
    "wrong unit": (identity("department", "示例区水利局"), "a.xlsx", "“示例区水利局”的工作簿"),
    "wrong district": (identity("region", "430408"), "a.xlsx", "请使用本单位下载的工作簿"),
    "newer version": (identity("version", "9"), "a.xlsx", "还新"),
    "too old a version": (identity("version", "0"), "a.xlsx", "已不再使用"),
    "damaged identity": (identity("version", "x"), "a.xlsx", "隐藏标识被改动"),
    "program": (
        lambda data: b"MZ\x90\x00" * 99,
        "report.exe",
        "不支持“.exe”类型的文件，可以读取Excel（.xlsx",
    ),
    "picture": (lambda data: b"\x89PNG\r\n", "scan.png", "不支持“.png”"),
    "archive": (parts(xl__workbook_dot_xml=None), "a.xlsx", "压缩包"),
}
COMPLAINED = {
    "words for a number": (typed("约12"), "不是数字"),
    "a formula without its value": (typed("=SUM(C5:C6)"), "没有计算结果"),
    "a broken formula": (typed("#REF!"), "公式出错"),
    "a day for an amount": (typed(datetime.datetime(2023, 5, 1)), "数字，单位万元"),
    "merged cells": (edited(merged), "取消合并"),
    "too many places": (typed(1.23456789), "超过两位小数"),
    "a serial as text for a day": (typed("45369", "单位基本情况", "填报日期", "C"), "不是日期"),
    "words outside the fields": (edited(lambda book: book["收入"].__setitem__("C400", "备注")), "不在填写区"),
}
READ = {
    "full-width digits": (typed("１２．５０"), "12.50"),
    "万元 in the cell": (typed("12.5万元"), "12.50"),
    "元 in the cell": (typed("125000元"), "12.50"),
    "a number kept as text": (typed("12.5"), "12.50"),
    "a serial for a day": (typed(45369, "单位基本情况", "填报日期", "C"), "2024-03-18"),
}
NOTED = {
    "200,000 empty rows": (rows_below, ""),
    "blank rows at the end": (edited(lambda book: book["收入"].cell(1500, 3).__setattr__("value", None)), ""),
    "of WPS": (of_wps, ""),
    "hidden sheets": (edited(hidden), "隐藏的工作表“备用”"),
    "a sheet taken away": (edited(lambda book: book.remove(book["报告正文"])), "找不到“报告正文”"),
    "filled far below": (filled_far_below, "第5000行以后还有内容"),
}


def taken(report, filler, data, name="a.xlsx"):
    before = take(report.profile, load_outline())
    begin = time.process_time()
    try:
        return take_in(report=report, name=name, data=data, by=filler)
    finally:
        assert time.process_time() - begin < LIMIT
        assert take(report.profile, load_outline()) == before


@pytest.mark.parametrize("kind", REFUSED)
def test_refused_with_a_sentence(report, filler, kind):
    broken, name, words = REFUSED[kind]
    with pytest.raises(SaveRefused, match="没有读取") as refused:
        taken(report, filler, broken(workbook_of(report)), name)
    assert words in str(refused.value)


@pytest.mark.parametrize("kind", COMPLAINED)
def test_complained_of_with_sheet_and_cell(report, filler, kind):
    broken, words = COMPLAINED[kind]
    item = taken(report, filler, broken(workbook_of(report)))
    (complaint,) = item.content["complaints"]
    assert words in complaint["expected"]
    assert complaint["sheet"]
    assert complaint["cell"]
    assert item.marked


@pytest.mark.parametrize("kind", READ)
def test_read_as_it_is_meant(report, filler, kind):
    broken, text = READ[kind]
    item = taken(report, filler, broken(workbook_of(report)))
    assert item.content["complaints"] == []
    assert text in [change.after for section in preview(report, item).sections for change in section.changes]


@pytest.mark.parametrize("kind", NOTED)
def test_read_with_a_note(report, filler, kind):
    broken, words = NOTED[kind]
    item = taken(report, filler, broken(workbook_of(report)))
    assert item.content["complaints"] == []
    assert any(words in note for note in item.content["notes"] or [""])


def test_words_in_the_column_of_the_keys_are_no_keys(report, filler):
    def change(book: Workbook) -> None:
        for sheet in book:
            for row in range(1, sheet.max_row + 1):
                if sheet.sheet_state == "visible" and sheet.cell(row, 1).value is None:
                    sheet.cell(row, 1).value = "否"
                    if not isinstance(sheet.cell(row, 3), MergedCell):
                        sheet.cell(row, 3).value = "写错位置"

    item = taken(report, filler, edited(change)(workbook_of(report)))
    assert "写错位置" in json.dumps(item.content, ensure_ascii=False)


@pytest.mark.parametrize("kind", ["wrong year", "wrong unit", "too old a version", "newer version"])
def test_a_wrong_workbook_is_answered_with_a_link_to_the_right_one(report, filler, client, kind):
    broken, name, words = REFUSED[kind]
    client.force_login(filler)
    file = SimpleUploadedFile(name, broken(workbook_of(report)))
    answer = client.post(reverse("workspace-import", args=[report.pk]), {"file": file})
    assert answer.status_code == 422
    assert words in answer.text
    link = f'<a href="{reverse("workspace-workbook", args=[report.pk])}">下载示例区档案馆2023年度工作簿</a></div>'
    assert link in answer.text


def test_an_older_workbook_is_read_and_offered_the_new_one(report, filler, client, monkeypatch):
    data = typed("12.5")(workbook_of(report))
    monkeypatch.setattr(layout, "VERSION", 2)
    monkeypatch.setattr(header, "VERSION", 2)
    monkeypatch.setattr("reports.workspace.importing.VERSION", 2)
    item = taken(report, filler, data)
    client.force_login(filler)
    text = client.get(reverse("workspace-import-preview", args=[report.pk, item.pk])).text
    assert "已按旧版读取" in text
    assert "下载2023年度新版工作簿</a>" in text
    assert "12.50" in text


def test_an_unknown_type_is_answered_on_the_page_with_the_list(report, filler, client):
    client.force_login(filler)
    file = SimpleUploadedFile("安装.exe", b"MZ" * 20)
    answer = client.post(reverse("workspace-import", args=[report.pk]), {"file": file})
    assert answer.status_code == 422
    for ending in (".xlsx", ".xls", ".docx", ".doc", ".pdf", ".txt"):
        assert ending in answer.text
    assert "不支持“.exe”类型的文件" in answer.text
