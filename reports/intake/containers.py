"""What an uploaded file is, by its content, and whether it is safe to open (before anything is parsed).

Limits come first: size, number of parts, unpacked size, macros, passwords, document types with entities. A file that breaks
one is refused with a sentence; nothing of it is kept.
"""

from __future__ import annotations

import lzma
import zipfile
import zlib
from enum import StrEnum
from io import BytesIO
from pathlib import PurePath

from reports.intake.errors import IntakeError

LARGEST = 20 * 1024 * 1024
MOST_PARTS = 5_000
LARGEST_XML = 48 * 1024 * 1024
"""Unpacked bytes of one XML part; a workbook of 200,000 empty rows stays below it."""
LARGEST_UNPACKED = 160 * 1024 * 1024
HEAD = 64 * 1024

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Kind(StrEnum):
    """What a file is."""

    DOCX = "docx"
    XLSX = "xlsx"
    PDF = "pdf"
    DOC = "doc"
    XLS = "xls"
    TEXT = "text"


NAMES = {
    Kind.DOCX: "Word 文件（.docx）",
    Kind.XLSX: "Excel 文件（.xlsx）",
    Kind.PDF: "PDF 文件",
    Kind.DOC: "旧版 Word 文件（.doc）",
    Kind.XLS: "旧版 Excel 文件（.xls）",
    Kind.TEXT: "文本文件",
}
MACRO_ENDINGS = {".xlsm", ".xltm", ".xlsb", ".xlam", ".docm", ".dotm", ".pptm"}
ENDINGS = {
    ".docx": {Kind.DOCX},
    ".xlsx": {Kind.XLSX},
    ".pdf": {Kind.PDF},
    ".doc": {Kind.DOC},
    ".wps": {Kind.DOC},
    ".xls": {Kind.XLS},
    ".et": {Kind.XLS},
}
"""Kinds that an extension promises; an extension that is not here promises nothing."""


READABLE = "Excel（.xlsx、.xls、.et）、Word（.docx、.doc、.wps）、PDF（.pdf）和文本（.txt）"


def check_name(name: str) -> None:
    """Refuse a type of file that nothing here reads, and say which ones are read. Raises :class:`IntakeError`."""
    ending = PurePath(name).suffix.lower()
    if ending and ending not in ENDINGS and ending not in MACRO_ENDINGS and ending != ".txt":
        raise IntakeError(f"不支持“{ending}”类型的文件，可以读取{READABLE}")


def identify(data: bytes, name: str = "") -> Kind:
    """Kind of a file, safe to be opened by its reader. Raises :class:`IntakeError`."""
    if not data.strip():
        raise IntakeError("文件是空的，没有可以读取的内容")
    if len(data) > LARGEST:
        raise IntakeError(f"文件超过{LARGEST // 1024 // 1024}兆字节，不像一份自评资料")
    ending = PurePath(name).suffix.lower()
    if ending in MACRO_ENDINGS:
        raise IntakeError("文件带有宏或是二进制工作簿，为安全起见不能读取，请另存为 .xlsx 或 .docx")
    kind = _kind(data)
    promised = ENDINGS.get(ending)
    if promised and kind not in promised:
        wanted = next(iter(promised))
        raise IntakeError(
            f"文件名是“{ending}”，内容却是{NAMES[kind]}；请用 Office 或 WPS 打开后重新另存为{NAMES[wanted]}"
        )
    return kind


def _kind(data: bytes) -> Kind:
    if data.startswith(b"PK"):
        return _package(data)
    if b"%PDF-" in data[:1024]:
        return Kind.PDF
    if data.startswith(OLE):
        return _compound(data)
    return Kind.TEXT


def _compound(data: bytes) -> Kind:
    """Kind of an OLE file, by the names of its streams (UTF-16 in its directory)."""

    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        raise IntakeError("文件设了打开密码，请去掉密码后再上传")
    if holds("_VBA_PROJECT"):
        raise IntakeError("文件带有宏，为安全起见不能读取，请另存为不含宏的 .xlsx 或 .docx")
    if holds("WordDocument"):
        return Kind.DOC
    if holds("Workbook") or holds("Book"):
        return Kind.XLS
    raise IntakeError("不是可以读取的 Office 文件，请另存为 .docx 或 .xlsx")


def _package(data: bytes) -> Kind:
    """Kind of a zipped office file, after a look at its directory and at the beginning of its XML parts."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            parts = package.infolist()
            names = {part.filename for part in parts}
            _check_sizes(parts)
            if any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
                raise IntakeError("文件带有宏，为安全起见不能读取，请另存为不含宏的 .xlsx 或 .docx")
            if "word/document.xml" in names:
                kind = Kind.DOCX
            elif "xl/workbook.xml" in names:
                kind = Kind.XLSX
            elif "xl/workbook.bin" in names:
                raise IntakeError("是二进制工作簿（.xlsb），请另存为 .xlsx")
            else:
                raise IntakeError("是压缩包，不是 Word 或 Excel 文件，请解压后选择其中的文件")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    _check_beginning(package, part)
    except IntakeError:
        raise
    except (
        *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError),
        *(ValueError, NotImplementedError, RuntimeError),
    ) as error:
        raise IntakeError("文件已损坏或不完整，无法打开，请重新保存或重新下载后再试") from error
    return kind


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MOST_PARTS:
        raise IntakeError(f"文件内部有{len(parts)}个部件，不像一份自评资料，没有读取")
    for part in parts:
        if part.flag_bits & 1:
            raise IntakeError("文件设了打开密码，请去掉密码后再上传")
        if part.filename.endswith((".xml", ".rels")) and part.file_size > LARGEST_XML:
            raise IntakeError(
                f"文件解压后有{part.file_size // 1024 // 1024}兆字节，远超一份自评资料，没有读取；"
                "请删除工作表末尾的大片空行后另存"
            )
    whole = sum(part.file_size for part in parts)
    if whole > LARGEST_UNPACKED:
        raise IntakeError(f"文件解压后有{whole // 1024 // 1024}兆字节，远超一份自评资料，没有读取")


def _check_beginning(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """No office program writes a document type; one that is there would name entities."""
    with package.open(part) as stream:
        head = stream.read(HEAD)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.decode("utf-16", errors="replace").encode()
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise IntakeError("文件内含外部实体声明，为安全起见不能读取")
