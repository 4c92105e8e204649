"""Intake (读入): files of several kinds into one frozen dossier, told apart by content, then name."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import ValidationError

from reports.dossier import Dossier
from reports.intake.case import is_case, read_case
from reports.intake.containers import LARGEST, Kind, identify
from reports.intake.dossier_json import faults, is_dossier, read_dossier
from reports.intake.errors import IntakeError
from reports.intake.joined import read_source
from reports.intake.text import read_text
from reports.intake.wording import decode

__all__ = ["IntakeError", "read", "read_bytes"]


def read(path: Path | str) -> Dossier:
    """A dossier JSON, a case JSON, or a report as text, Word, PDF or Excel. Raises :class:`IntakeError`."""
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
    kind = identify(data, name)
    try:
        if kind is not Kind.TEXT:
            return _read_office(data, kind)
    except ValidationError as error:
        raise IntakeError(f"读出的内容超出填报数据的范围：{faults(error)}") from None
    ending = Path(name).suffix.lower()
    text = decode(data)
    try:
        if ending == ".json" or text.lstrip().startswith(("{", "[")):
            return _read_json(text)
        return read_text(text)
    except ValidationError as error:
        raise IntakeError(f"读出的内容超出填报数据的范围：{faults(error)}") from None


def _read_office(data: bytes, kind: Kind) -> Dossier:
    """Word, PDF and Excel; their readers are loaded when they are needed."""
    if kind is Kind.DOC:
        from reports.intake.doc_file import converted

        data = converted(data)
        kind = identify(data, "report.docx")
    if kind is Kind.DOCX:
        from reports.intake.docx_file import read_docx

        return read_source(read_docx(data))
    if kind is Kind.PDF:
        from reports.intake.pdf_file import read_pdf

        return read_source(read_pdf(data))
    from reports.intake.xlsx_file import open_book, read_xlsx

    sheets = open_book(data, kind)
    from reports.intake.workbook.header import is_workbook

    if is_workbook(sheets):
        from reports.intake.workbook.as_dossier import as_dossier
        from reports.intake.workbook.reader import read_workbook

        return as_dossier(read_workbook(sheets))
    from reports.intake.final_accounts import accounts_of

    accounts = accounts_of(sheets)
    return accounts.dossier() if accounts.tables else read_source(read_xlsx(sheets))


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
