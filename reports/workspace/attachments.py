"""佐证材料: taking a file in (content looked at, size limited, written whole) and removing it."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
import zipfile
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError, transaction
from django.db.models import Max

from departments.locks import is_lock_refusal
from departments.models import User
from departments.services import record
from indicators.models import Indicator
from reports.file_content import SHOWN, Unreadable, verify
from reports.models import Attachment, Report
from reports.virus_scan import Infected, scan
from reports.workspace.save import NotEditable, lock_for_writing


class FileRefused(ValueError):
    """The file is not taken; the message says why in Chinese."""


@dataclass(frozen=True)
class Kind:
    """One accepted type of file: how its content begins, or which part its package must hold."""

    label: str
    content_type: str
    magic: bytes = b""
    member: str = ""


KINDS = {
    ".pdf": Kind("PDF", "application/pdf", b"%PDF-"),
    ".jpg": Kind("JPG 图片", "image/jpeg", b"\xff\xd8\xff"),
    ".jpeg": Kind("JPG 图片", "image/jpeg", b"\xff\xd8\xff"),
    ".png": Kind("PNG 图片", "image/png", b"\x89PNG\r\n\x1a\n"),
    ".docx": Kind(
        "Word 文档",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        member="word/document.xml",
    ),
    ".xlsx": Kind(
        "Excel 工作簿",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        member="xl/workbook.xml",
    ),
    ".pptx": Kind(
        "演示文稿",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        member="ppt/presentation.xml",
    ),
    ".ofd": Kind("OFD 版式文件", "application/ofd", member="OFD.xml"),
}
ACCEPTED = ",".join(KINDS)
ACCEPTED_WORDS = "PDF、OFD、JPG、PNG、docx、xlsx、pptx"
OLD_OFFICE = {".doc": "docx", ".xls": "xlsx", ".ppt": "pptx", ".wps": "docx", ".et": "xlsx"}
HEAD = 1024
MOST_MEMBERS = 10_000
PART = ".part-"
LEFT_BEHIND_SECONDS = 24 * 60 * 60
"""After so long an unfinished file belongs to a process that was killed."""
LARGEST_UNPACKED = 400 * 1024 * 1024
"""Bytes that a package may come to when unpacked."""


def inspect(upload: UploadedFile) -> Kind:
    """Type of the file by its name and its content together. Raises :class:`FileRefused`."""
    suffix = PurePath(upload.name or "").suffix.lower()
    if suffix in OLD_OFFICE:
        raise FileRefused(f"“{upload.name}”是旧格式，请另存为 {OLD_OFFICE[suffix]} 或 PDF 后上传")
    kind = KINDS.get(suffix)
    if kind is None:
        raise FileRefused(f"不能上传“{suffix or upload.name}”类型的文件，可以上传 {ACCEPTED_WORDS}")
    if not upload.size:
        raise FileRefused(f"“{upload.name}”是空文件")
    if upload.size > settings.ATTACHMENT_MAX_BYTES:
        limit = settings.ATTACHMENT_MAX_BYTES // (1024 * 1024)
        raise FileRefused(f"“{upload.name}”超过 {limit} MB，请压缩或拆分后上传")
    upload.seek(0)
    head = upload.read(HEAD)
    upload.seek(0)
    fits = kind.magic in head if kind.label == "PDF" else head.startswith(kind.magic or b"PK\x03\x04")
    if fits and kind.member:
        fits = _holds(upload, kind.member)
    if not fits:
        raise FileRefused(f"“{upload.name}”的内容不是{kind.label}，请检查文件是否损坏或改过扩展名")
    if kind.content_type in SHOWN:
        _open_whole(upload, kind)
    return kind


def _open_whole(upload: UploadedFile, kind: Kind) -> None:
    """A PDF or picture must open to its end: a right beginning alone proves nothing."""
    with tempfile.NamedTemporaryFile(prefix="evidence-") as copy:
        for chunk in upload.chunks():
            copy.write(chunk)
        copy.flush()
        upload.seek(0)
        try:
            verify(Path(copy.name), kind.content_type)
        except Unreadable as error:
            raise FileRefused(f"“{upload.name}”：{error}，没有上传") from None


def _holds(upload: UploadedFile, member: str) -> bool:
    """Whether the package can be read to its end, is of a sane size, holds this part and no macros."""
    try:
        with zipfile.ZipFile(upload) as package:
            names = package.namelist()
            unpacked = sum(item.file_size for item in package.infolist())
            if len(names) > MOST_MEMBERS or unpacked > LARGEST_UNPACKED or package.testzip():
                return False
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return False
    finally:
        upload.seek(0)
    macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    return member in names and not macros


def require_clean(upload: UploadedFile) -> None:
    """Have the file scanned where a scanner is configured. Raises :class:`FileRefused`."""
    try:
        scan(upload.chunks())
    except Infected as error:
        raise FileRefused(f"“{upload.name}”：{error}") from None


def plain_name(upload: UploadedFile) -> str:
    """The uploaded name without a path, as the row keeps it."""
    return PurePath((upload.name or "").replace("\\", "/")).name[-200:]


def add_attachment(
    *, report: Report, upload: UploadedFile, indicator: Indicator | None, by: User
) -> Attachment:
    """Keep a file as evidence. Raises :class:`FileRefused` or :class:`~reports.workspace.save.SaveRefused`."""
    kind = inspect(upload)
    require_clean(upload)
    name = plain_name(upload)
    written, digest = write_whole(upload, f"attachments/{report.profile_id}")
    try:
        with transaction.atomic():
            locked = lock_for_writing(report, by)
            rows = Attachment.objects.filter(profile=locked.profile)
            if rows.filter(sha256=digest).exists():
                raise FileRefused(f"“{name}”的内容与已上传的一份文件相同，不必重复上传")
            last = rows.aggregate(last=Max("position"))["last"]
            item = Attachment.objects.create(
                profile=locked.profile,
                position=0 if last is None else last + 1,
                indicator=indicator,
                name=name,
                file=str(written.relative_to(settings.MEDIA_ROOT)),
                content_type=kind.content_type,
                size=upload.size,
                sha256=digest,
                uploaded_by=by,
            )
            record(
                event="attachment.add",
                sentence=f"{by}上传了佐证材料“{name}”",
                by=by,
                profile=locked.profile,
                data={"sha256": digest},
            )
    except DatabaseError as error:
        _forget(written, report.profile_id, digest)
        if is_lock_refusal(error):
            raise NotEditable("本报告已被确认锁定，文件没有保存。") from error
        raise
    except Exception:
        _forget(written, report.profile_id, digest)
        raise
    return item


def remove_attachment(*, report: Report, attachment: Attachment, by: User) -> None:
    """Remove a file; the file itself goes once its row is gone for certain."""
    path = Path(attachment.file.path)
    try:
        with transaction.atomic():
            locked = lock_for_writing(report, by)
            Attachment.objects.filter(pk=attachment.pk).delete()
            record(
                event="attachment.remove",
                sentence=f"{by}删除了佐证材料“{attachment.name}”",
                by=by,
                profile=locked.profile,
                data={"sha256": attachment.sha256},
            )
    except DatabaseError as error:
        if is_lock_refusal(error):
            raise NotEditable("本报告已被确认锁定，文件没有删除。") from error
        raise
    _forget(path, report.profile_id, attachment.sha256)


def write_whole(upload: UploadedFile, below: str) -> tuple[Path, str]:
    """Write under a temporary name, then give it its own: no half file ever bears the name of a whole one.

    ``below`` is the folder below the files' root. Returns the path and the SHA-256, which is the file's name.
    """
    folder = Path(settings.MEDIA_ROOT) / below
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    digest = hashlib.sha256()
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=PART)
    try:
        with os.fdopen(handle, "wb") as file:
            upload.seek(0)
            for chunk in upload.chunks():
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        target = folder / digest.hexdigest()
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return target, digest.hexdigest()


def _sweep(folder: Path) -> None:
    """Remove what killed processes left unfinished."""
    oldest = time.time() - LEFT_BEHIND_SECONDS
    for path in folder.glob(f"{PART}*"):
        with suppress(FileNotFoundError):  # somebody else may sweep at the same moment
            if path.stat().st_mtime < oldest:
                path.unlink()


def _forget(path: Path, profile: int, digest: str) -> None:
    """Remove a file that no row names."""
    if not Attachment.objects.filter(profile=profile, sha256=digest).exists():
        path.unlink(missing_ok=True)
