"""``manage.py evaluate`` and ``export`` with Word, PDF, Excel, workbooks and folders of them."""

from __future__ import annotations

import json
from io import BytesIO, StringIO

import pytest
from django.core.management import call_command
from openpyxl import load_workbook

from reports.intake import read
from reports.intake.workbook.header import Header
from reports.intake.workbook.writer import write
from reports.outline import load_outline
from tests.budgets.accounts import tables, xlsx
from tests.factories import make_dossier
from tests.reports.intake.files import printed


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("reports")
    for kind in ("docx", "pdf", "xlsx"):
        (place / f"1-report.{kind}").write_bytes(printed(make_dossier(), kind))
    header = Header("示例区档案馆", 2023, outline=load_outline())
    (place / "2-workbook.xlsx").write_bytes(write(header, {}, {}))
    (place / "3-accounts.xlsx").write_bytes(xlsx(tables()))
    (place / "4-broken.docx").write_bytes(b"PK\x03\x04")
    (place / "~$1-report.docx").write_bytes(b"x")
    return place


def run(*args: str) -> tuple[str, str, int]:
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command("evaluate", *args, stdout=out, stderr=err)
    except SystemExit as end:
        code = int(end.code or 0)
    return out.getvalue(), err.getvalue(), code


def test_a_folder_of_every_kind(folder):
    out, _, code = run(str(folder), "--format", "json")
    found = {item["file"].rpartition("/")[2]: item for item in json.loads(out)}
    assert list(found) == [
        "1-report.docx", "1-report.pdf", "1-report.xlsx", "2-workbook.xlsx", "3-accounts.xlsx", "4-broken.docx"
    ]  # fmt: skip
    assert {found[f"1-report.{kind}"]["score"] for kind in ("docx", "pdf", "xlsx")} == {"98.81"}
    assert found["4-broken.docx"]["error"]
    assert code == 2


def test_the_summary_and_the_list_of_findings(folder, tmp_path):
    target = tmp_path / "findings.xlsx"
    out, err, _ = run(str(folder), "--findings", str(target))
    assert "系统评分" in out
    assert "共6个文件，读了5个" in out
    assert "\r" not in err, "no bar in a pipe"
    sheet = load_workbook(BytesIO(target.read_bytes())).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:3] == ("文件", "单位", "年度")
    assert any(row[3] == "读不了" for row in rows)
    assert any(row[1] == "示例区档案馆" for row in rows)


def test_a_word_report_is_exported_as_json(folder, tmp_path):
    target = tmp_path / "a.json"
    call_command("export", str(folder / "1-report.docx"), "--to", "json", "-o", str(target))
    assert read(target).money == read(folder / "1-report.docx").money
