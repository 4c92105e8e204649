"""The archive of a bulk export: the files by kind, 目录.xlsx, 核对结果.xlsx and 说明.txt. Written as a stream."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from reports.documents.safe_cells import put_text
from reports.exporting.files import sync, sync_folder

INDEX, FINDINGS, NOTES = "目录.xlsx", "核对结果.xlsx", "说明.txt"
CHUNK = 1 << 20
COLUMNS = (
    ("序号", 6),
    ("单位", 34),
    ("主管部门", 28),
    ("年度", 8),
    ("状态", 12),
    ("版本", 20),
    ("系统评分", 10),
    ("自评得分", 10),
    ("自评等级", 10),
    ("复核得分", 10),
    ("文件种类", 10),
    ("文件", 52),
    ("字节数", 12),
    ("校验值（SHA-256）", 68),
    ("未导出的原因", 50),
)


class Damaged(Exception):
    """A finished file is missing or is not what was recorded; it has to be made again."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(entry.name)
        self.entry = entry


@dataclass(frozen=True)
class Entry:
    """One file for the archive: its name there, where it lies, and what it must be."""

    name: str
    source: Path
    size: int
    sha256: str


@dataclass(frozen=True)
class Row:
    """One line of 目录.xlsx: a file, or a report without one and why."""

    facts: dict[str, str]
    kind: str = ""
    name: str = ""
    size: int | None = None
    sha256: str = ""
    reason: str = ""


def write(
    target: Path,
    entries: Iterable[Entry],
    extras: Sequence[tuple[str, bytes]],
    tick: Callable[[], None] = lambda: None,
) -> tuple[int, str]:
    """Write the archive whole or not at all; gives its size and SHA-256. ``tick`` is called after every file.

    Memory does not grow with the archive. Raises :class:`Damaged` and ``OSError``.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.part")
    try:
        with beside.open("w+b") as raw:
            with zipfile.ZipFile(raw, "w", zipfile.ZIP_STORED) as packed:
                for name, data in extras:
                    packed.writestr(entry_info(name), data)
                for entry in entries:
                    _add(packed, entry)
                    tick()
            sync(raw)
            size = raw.seek(0, io.SEEK_END)
            raw.seek(0)
            fingerprint = hashlib.file_digest(raw, "sha256").hexdigest()
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)
    return size, fingerprint


def _add(packed: zipfile.ZipFile, entry: Entry) -> None:
    digest, size = hashlib.sha256(), 0
    try:
        with entry.source.open("rb") as source, packed.open(entry_info(entry.name), "w") as written:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                written.write(chunk)
    except FileNotFoundError:
        raise Damaged(entry) from None
    if size != entry.size or digest.hexdigest() != entry.sha256:
        raise Damaged(entry)


def entry_info(name: str) -> zipfile.ZipInfo:
    """An entry of an archive; zipfile marks a Chinese name as UTF-8, which Windows and WPS read. Packed files are stored."""
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    squeezed = name.endswith((".pdf", ".docx", ".xlsx"))
    info.compress_type = zipfile.ZIP_STORED if squeezed else zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info


def index(rows: Iterable[Row]) -> bytes:
    """目录.xlsx: one row a file. What units typed is text, never a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("目录")
    for number, (_, width) in enumerate(COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "C2"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.append([_cell(sheet, title, head=True) for title, _ in COLUMNS])
    number = 0
    for number, row in enumerate(rows, 1):
        facts = row.facts
        sheet.append(
            [
                _cell(sheet, number),
                *(_cell(sheet, facts.get(key, "")) for key in ("department", "main")),
                _cell(sheet, int(facts["year"]) if facts.get("year") else None),
                *(_cell(sheet, facts.get(key, "")) for key in ("status", "version")),
                *(_cell(sheet, _number(facts.get(key))) for key in ("score", "self_score")),
                _cell(sheet, facts.get("grade", "")),
                _cell(sheet, _number(facts.get("reviewed_score"))),
                _cell(sheet, row.kind),
                _cell(sheet, row.name),
                _cell(sheet, row.size),
                _cell(sheet, row.sha256),
                _cell(sheet, row.reason),
            ]
        )
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}{number + 1}"
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _number(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None


def _cell(sheet: object, value: str | int | Decimal | None, *, head: bool = False) -> WriteOnlyCell:
    if isinstance(value, str):
        cell = put_text(WriteOnlyCell(sheet), value)
    else:
        cell = WriteOnlyCell(sheet, value=value)
    cell.font = Font(bold=head)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def notes(lines: Iterable[str]) -> bytes:
    """说明.txt as the Windows editor opens it: UTF-8 with its mark, Windows line ends."""
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8-sig")
