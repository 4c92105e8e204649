"""``manage.py export``: from a file without a database, from the database by number, and a whole district."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from reports.exporting import files
from reports.intake import read
from tests.db import make_department, make_region, make_report
from tests.factories import make_dossier

SEED = Path(__file__).resolve().parents[2] / "cases" / "shigu-rongmeiti-2023.txt"


def run(*arguments: object) -> str:
    out = StringIO()
    call_command("export", *map(str, arguments), stdout=out, stderr=StringIO())
    return out.getvalue()


def stored(number: int, name: str = "示例区档案馆") -> SimpleNamespace:
    """What the command needs of a stored report."""
    return SimpleNamespace(pk=number, year=2023, department=SimpleNamespace(name=name))


# ------------------------------------------------------------------ from a file


def test_json_of_a_file_is_the_dossier(tmp_path):
    target = tmp_path / "new" / "report.json"
    run(SEED, "--to", "json", "-o", target)
    assert read(target) == read(SEED)
    assert json.loads(target.read_text(encoding="utf-8"))["profile"]["year"] == 2023


@pytest.mark.parametrize(("kind", "beginning"), [("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK")])
def test_documents_of_a_file(tmp_path, kind, beginning):
    pytest.importorskip(f"reports.documents.{kind}")
    target = tmp_path / f"report.{kind}"
    run(SEED, "--to", kind, "-o", target)
    assert target.read_bytes().startswith(beginning)
    assert list(tmp_path.iterdir()) == [target], "no half-written file is left"


def test_a_file_is_always_a_draft(tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(files, "printed", lambda kind, document: seen.append(document.watermark) or b"x")
    run(SEED, "--to", "pdf", "-o", tmp_path / "a.pdf")
    assert seen == ["草稿"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["none.txt"], 2, "none.txt：文件不存在"),
        ([], 2, "请给出文件或报告编号"),
        ([SEED, "--template", "nowhere"], 2, "没有名为“nowhere”的报告模板"),
        ([SEED, "--policy", "nowhere"], 2, "没有名为“nowhere”的评分办法"),
        ([SEED, "--round", "2023"], 2, "同时给出"),
        (["--round", "2023"], 2, "同时给出"),
    ],
)
def test_refusals(tmp_path, arguments, code, words):
    with pytest.raises(CommandError, match=words) as refusal:
        run(*arguments, "--to", "pdf", "-o", tmp_path / "a.pdf")
    assert refusal.value.returncode == code
    assert not (tmp_path / "a.pdf").exists()


def test_a_folder_is_no_target_of_one_report(tmp_path):
    with pytest.raises(CommandError, match="是一个文件夹"):
        run(SEED, "--to", "json", "-o", tmp_path)


def test_an_unwritable_target_is_said(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("x")
    with pytest.raises(CommandError, match="写不了"):
        run(SEED, "--to", "json", "-o", blocked / "a.json")


# ------------------------------------------------------------------ from the database


def test_a_number_is_a_report_of_the_database(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "one_report", stored)
    monkeypatch.setattr(files, "from_database", lambda report, kind: f"{report.pk}.{kind}".encode())
    run("12", "--to", "pdf", "-o", tmp_path / "a.pdf")
    assert (tmp_path / "a.pdf").read_bytes() == b"12.pdf"


def test_a_file_that_is_named_like_a_number_is_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("12").write_text(make_dossier().canonical_json(), encoding="utf-8")
    run("12", "--to", "json", "-o", "a.json")
    assert read("a.json") == make_dossier()


@pytest.mark.django_db
def test_a_stored_report_comes_out_as_its_dossier(tmp_path):
    dossier = make_dossier()
    report = make_report(dossier=dossier)
    run(report.pk, "--to", "json", "-o", tmp_path / "a.json")
    written = read(tmp_path / "a.json")
    assert written.profile.department == report.department.name
    assert written.money.spent == dossier.money.spent


@pytest.mark.django_db
@pytest.mark.parametrize(("status", "mark"), [("draft", "草稿"), ("submitted", "草稿"), ("approved", "")])
def test_draft_until_it_is_approved(tmp_path, monkeypatch, status, mark):
    seen = []
    monkeypatch.setattr(files, "printed", lambda kind, document: seen.append(document.watermark) or b"x")
    run(make_report(dossier=make_dossier(), status=status).pk, "--to", "pdf", "-o", tmp_path / "a.pdf")
    assert seen == [mark]


@pytest.mark.django_db
def test_a_whole_district_of_the_database(tmp_path):
    make_report(dossier=make_dossier())
    make_report(department=make_department("示例区图书馆"), dossier=make_dossier())
    make_report(department=make_department("示例区文化馆"), status="cancelled")
    make_report(department=make_department("邻区档案馆", region=make_region("430406", "邻区")))
    assert "导出2份" in run("--round", "2023", "--region", "430407", "--to", "json", "-o", tmp_path)
    assert {path.name.split("-")[1] for path in tmp_path.iterdir()} == {"示例区档案馆", "示例区图书馆"}


@pytest.mark.django_db
def test_an_unknown_number_is_said(tmp_path):
    with pytest.raises(CommandError, match="没有编号为 987654 的报告"):
        run("987654", "--to", "pdf", "-o", tmp_path / "a.pdf")


@pytest.mark.django_db
def test_a_district_without_reports_is_said(tmp_path):
    with pytest.raises(CommandError, match="区划 430499 没有 1999 年度的报告"):
        run("--round", "1999", "--region", "430499", "--to", "pdf", "-o", tmp_path)


def test_a_district_is_one_file_a_report(tmp_path, monkeypatch):
    reports = [stored(1, "甲局"), stored(2, "乙/局"), stored(3, "甲局")]
    monkeypatch.setattr(files, "reports_of", lambda year, region: reports)
    monkeypatch.setattr(files, "from_database", lambda report, kind: b"x")
    assert "导出3份" in run("--round", "2023", "--region", "430407", "--to", "docx", "-o", tmp_path / "out")
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["2023年度-乙_局-2.docx", "2023年度-甲局-1.docx", "2023年度-甲局-3.docx"]


def test_one_report_that_fails_does_not_stop_the_others(tmp_path, monkeypatch):
    def print_one(report, kind):
        if report.pk == 1:
            raise ValueError("坏数据")
        return b"x"

    monkeypatch.setattr(files, "reports_of", lambda year, region: [stored(1, "甲局"), stored(2, "乙局")])
    monkeypatch.setattr(files, "from_database", print_one)
    with pytest.raises(SystemExit) as end:
        run("--round", "2023", "--region", "430407", "--to", "pdf", "-o", tmp_path)
    assert end.value.code == 1
    assert [path.name for path in tmp_path.iterdir()] == ["2023年度-乙局-2.pdf"]
