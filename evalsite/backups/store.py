"""The folder of a backup: ``manifest.json`` with its own checksum, the database, ``files/``.

Everything is readable by its owner only: a backup holds personal data and password hashes.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from evalsite.backups import BackupError

FORMAT = 1
MANIFEST, MANIFEST_SUM, FILES = "manifest.json", "manifest.sha256", "files"
CHUNK = 1 << 20


@dataclass(frozen=True)
class Stored:
    """One file of a backup: its name below the folder, size and SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup holds."""

    made_at: str
    application: str
    engine: str
    server: str
    migrations: list[str]
    database: Stored
    tables: dict[str, int]
    files: list[Stored] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """Files that rows name and that were not on the disk when the backup was made."""
    format: int = FORMAT


def fingerprint(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def stored(root: Path, name: str) -> Stored:
    path = root / name
    return Stored(name, path.stat().st_size, fingerprint(path))


def sync(path: Path) -> None:
    """Bring a file or a folder's names onto the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def place(source: Path, target: Path, *, link: bool) -> None:
    """Put a file there: by a hard link where the disk allows it, else by a copy. Files are never changed in place."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if link:
        with suppress(OSError):
            os.link(source, target)
            return
    beside = target.with_name(f".{target.name}.part")
    with source.open("rb") as read, beside.open("wb") as written:
        shutil.copyfileobj(read, written, CHUNK)
        written.flush()
        os.fsync(written.fileno())
    os.chmod(beside, 0o600)
    beside.replace(target)


def safe_name(name: str) -> str:
    """A file's name below a root. Raises :class:`BackupError` for one that would lead out of it."""
    parts = Path(name).parts
    if not name or "\x00" in name or Path(name).is_absolute() or ".." in parts:
        raise BackupError(f"文件名不可用：{name!r}")
    return name


def write_manifest(root: Path, manifest: Manifest) -> None:
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    for name, content in (
        (MANIFEST, text),
        (MANIFEST_SUM, f"{hashlib.sha256(text.encode()).hexdigest()}  {MANIFEST}\n"),
    ):
        (root / name).write_text(content, encoding="utf-8")
        sync(root / name)


def read_manifest(root: Path) -> Manifest:
    """The manifest of a backup, checked against its own checksum. Raises :class:`BackupError`."""
    try:
        data = (root / MANIFEST).read_bytes()
        stated = (root / MANIFEST_SUM).read_text(encoding="utf-8").split()[0]
    except (OSError, ValueError, IndexError):
        raise BackupError(f"{root} 不是完整的备份：缺少 {MANIFEST} 或 {MANIFEST_SUM}") from None
    if hashlib.sha256(data).hexdigest() != stated:
        raise BackupError(f"备份已损坏：{MANIFEST} 与校验值不符")
    try:
        content: dict[str, Any] = json.loads(data)
        if content.get("format") != FORMAT:
            raise BackupError(f"不认识的备份格式：{content.get('format')}")
        return Manifest(
            **content
            | {
                "database": Stored(**content["database"]),
                "files": [Stored(**item) for item in content["files"]],
            }
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        raise BackupError(f"备份已损坏：{MANIFEST} 无法读出") from None


def verify(root: Path, items: Iterable[Stored]) -> None:
    """Read every file of the backup and compare it. Raises :class:`BackupError` naming the first that differs."""
    for item in items:
        path = root / safe_name(item.name)
        if not path.is_file():
            raise BackupError(f"备份已损坏：缺少 {item.name}")
        if path.stat().st_size != item.size or fingerprint(path) != item.sha256:
            raise BackupError(f"备份已损坏：{item.name} 与校验值不符")
