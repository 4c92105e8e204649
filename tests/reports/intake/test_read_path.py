"""``read(path)``: what a file is decides, and what cannot be read is refused with a sentence in Chinese."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reports.dossier import Dossier
from reports.intake import LARGEST, IntakeError, read, read_bytes
from tests.factories import make_dossier

CASES = Path(__file__).resolve().parents[2] / "cases"


def test_dossier_json_comes_back_equal(tmp_path):
    dossier = make_dossier()
    path = tmp_path / "dossier.json"
    path.write_text(dossier.canonical_json(), encoding="utf-8")
    assert read(path) == dossier
    assert read(path).sha256() == dossier.sha256()


def test_what_was_read_can_be_written_and_read_again():
    for path in sorted(CASES.glob("shigu-*")):
        dossier = read(path)
        assert read_bytes(dossier.model_dump_json().encode(), "x.json") == dossier


def test_json_is_known_by_its_content():
    text = "\n " + make_dossier().canonical_json()
    assert read_bytes(text.encode("utf-8-sig"), "without-ending") == make_dossier()


def test_text_without_ending():
    data = (CASES / "shigu-rongmeiti-2023.txt").read_bytes()
    assert read_bytes(data, "report").year == 2023


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"PK\x03\x04rest", "a.docx", "已损坏"),
        (b"PK\x03\x04rest", "a.txt", "已损坏"),
        (b"%PDF-1.7", "a.pdf", "已损坏"),
        (b"%PDF-1.7", "a.txt", "已损坏"),
        (b"\xd0\xcf\x11\xe0\xa1", "a.doc", "内容却是文本文件"),
        (b"x", "a.wps", "内容却是文本文件"),
        (b"", "a.txt", "空的"),
        (b"   ", "a.json", "空的"),
        (b"{", "a.json", "第1行"),
        (b"{}", "a.json", "既没有填报数据"),
        (b"[1]", "a.json", "既没有填报数据"),
        (b"[" * 100_000, "a.json", "JSON"),
        (b'{"schema_version": 99, "profile": {}}', "a.json", "版本是99"),
        (b'{"profile": {"department": "x", "year": "y"}}', "a.json", "“profile.year”不是整数"),
        (
            b'{"profile": {"department": "x", "year": 2023, "yaer": 1}}',
            "a.json",
            "“profile.yaer”是不认识的字段",
        ),
        (b'{"profile": {"year": 2023}}', "a.json", "“profile.department”没有填写"),
        (b"\xff\xfe\x00\xd8", "a.txt", "编码"),
        (b"\x81\x00\xff", "a.txt", "编码"),
    ],
)
def test_refused_with_a_sentence(data, name, words):
    with pytest.raises(IntakeError, match=words):
        read_bytes(data, name)


def test_number_formats_are_no_case():
    with pytest.raises(IntakeError, match="既没有填报数据"):
        read(CASES / "number-formats.json")


def test_missing_file_folder_and_too_large_file(tmp_path):
    with pytest.raises(IntakeError, match="不存在"):
        read(tmp_path / "none.txt")
    with pytest.raises(IntakeError, match="文件夹"):
        read(tmp_path)
    large = tmp_path / "large.txt"
    with large.open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(IntakeError, match="20兆字节"):
        read(large)


def test_a_value_of_the_wrong_kind_is_named():
    data = json.loads(make_dossier().canonical_json())
    data["money"]["expenditure"]["rows"][0]["actual"] = "很多"
    with pytest.raises(IntakeError, match=r"“money.expenditure.rows.0.actual”不是十进制数"):
        read_bytes(json.dumps(data).encode(), "x.json")


def test_dossier_is_frozen():
    assert Dossier.model_config["frozen"]
