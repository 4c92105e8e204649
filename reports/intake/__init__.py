"""Intake (读入): files of several kinds into one frozen dossier, told apart by content, then name."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import ValidationError

from reports.dossier import Dossier
from reports.intake.case import is_case, read_case
from reports.intake.dossier_json import faults, is_dossier, read_dossier
from reports.intake.errors import IntakeError
from reports.intake.text import read_text
from reports.intake.wording import decode

__all__ = ["IntakeError", "read", "read_bytes"]

LARGEST = 20 * 1024 * 1024
"""Bytes; a report of the genre has some ten thousand characters."""

_NOT_YET = {
    b"PK\x03\x04": "Word、Excel 文件（.docx、.xlsx）",
    b"%PDF": "PDF 文件",
    b"\xd0\xcf\x11\xe0": "旧版 Word、Excel 文件（.doc、.xls）",
}
_NOT_YET_ENDINGS = {
    ".docx": "Word 文件（.docx）",
    ".doc": "旧版 Word 文件（.doc）",
    ".wps": "WPS 文件（.wps）",
    ".pdf": "PDF 文件",
    ".xlsx": "Excel 文件（.xlsx）",
    ".xls": "旧版 Excel 文件（.xls）",
    ".et": "WPS 表格文件（.et）",
}


def read(path: Path | str) -> Dossier:
    """A dossier JSON, a case JSON or a report's text. Raises :class:`IntakeError` with a Chinese sentence."""
    path = Path(path)
    if path.is_dir():
        raise IntakeError("是一个文件夹，请给出文件")
    try:
        if path.stat().st_size > LARGEST:
            raise IntakeError(f"文件超过{LARGEST // 1024 // 1024}兆字节，不像一份自评报告")
        data = path.read_bytes()
    except FileNotFoundError:
        raise IntakeError("文件不存在") from None
    except OSError as error:
        raise IntakeError(f"文件无法打开：{error.strerror or error}") from None
    return read_bytes(data, path.name)


def read_bytes(data: bytes, name: str = "") -> Dossier:
    """The same for a file's content; ``name`` only decides where the content does not."""
    for beginning, kind in _NOT_YET.items():
        if data.startswith(beginning):
            raise IntakeError(_not_yet(_NOT_YET_ENDINGS.get(Path(name).suffix.lower(), kind)))
    ending = Path(name).suffix.lower()
    if ending in _NOT_YET_ENDINGS:
        raise IntakeError(_not_yet(_NOT_YET_ENDINGS[ending]))
    if not data.strip():
        raise IntakeError("文件是空的，没有可以读取的内容")
    text = decode(data)
    try:
        if ending == ".json" or text.lstrip().startswith(("{", "[")):
            return _read_json(text)
        return read_text(text)
    except ValidationError as error:
        raise IntakeError(f"读出的内容超出填报数据的范围：{faults(error)}") from None


def _not_yet(kind: str) -> str:
    return f"暂不支持读取{kind}，目前可以读取纯文本报告（.txt）和填报数据、案例（.json）"


def _read_json(text: str) -> Dossier:
    """A dossier or a case, told apart by their keys."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise IntakeError(f"不是正确的 JSON：第{error.lineno}行第{error.colno}列有错误") from None
    except RecursionError:
        raise IntakeError("不是正确的 JSON：层次过深") from None
    if is_case(data):
        return read_case(data)
    if is_dossier(data):
        return read_dossier(data)
    raise IntakeError("JSON 里既没有填报数据（profile），也没有案例（fiscal_year、department）")
