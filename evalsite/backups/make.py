"""Make a backup while the site is in use."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from evalsite.backups import BackupError, store
from evalsite.backups.engines import Facts, engine

ROUNDS = 10
"""So often a snapshot is taken anew because a file was added and removed again while we looked."""


def make(target: Path, *, link: bool = True) -> store.Manifest:
    """Write a backup into a new folder, which has its name only when it is whole. Raises :class:`BackupError`.

    Files are taken before the snapshot and again after it, so that one removed meanwhile is there if the snapshot's rows
    name it, and so is one added meanwhile. A backup whose rows and files do not belong together is never kept.
    """
    if target.exists():
        raise BackupError(f"{target} 已经存在，请换一个名称")
    beside = target.with_name(f".{target.name}.part")
    try:
        if beside.exists():
            shutil.rmtree(beside)  # what a backup that was cut off left behind
        beside.mkdir(parents=True, mode=0o700)
        manifest = _fill(beside, link=link)
        store.write_manifest(beside, manifest)
        for folder in {path.parent for path in beside.rglob("*")}:
            store.sync(folder)
        beside.rename(target)
        store.sync(target.parent)
    except OSError as error:
        shutil.rmtree(beside, ignore_errors=True)
        raise BackupError(f"写不了 {target}：{error.strerror or error}") from None
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    return manifest


def _fill(folder: Path, *, link: bool) -> store.Manifest:
    database = engine()
    target = folder / database.file_name
    for _ in range(ROUNDS):
        _take_files(folder, database.facts().files, link=link)
        target.unlink(missing_ok=True)
        facts = database.snapshot(target)
        absent = _take_files(folder, facts.files, link=link)
        # Rows that are still there have lost their files; the others were removed with them after the snapshot.
        missing = _take_files(folder, absent & database.facts().files, link=link) if absent else absent
        if absent == missing:
            break
    else:
        raise BackupError("附件变动过于频繁，没有得到一致的备份，请稍后再试")
    target.chmod(0o600)
    store.sync(target)
    _drop_strangers(folder / store.FILES, facts.files)
    names = sorted(facts.files - missing)
    return store.Manifest(
        made_at=timezone.now().isoformat(timespec="seconds"),
        application=application_version(),
        engine=database.vendor,
        server=database.server(),
        migrations=list(facts.migrations),
        database=store.stored(folder, database.file_name),
        tables=facts.tables,
        files=[store.stored(folder, f"{store.FILES}/{name}") for name in names],
        missing=sorted(missing),
    )


def _take_files(folder: Path, names: frozenset[str], *, link: bool) -> frozenset[str]:
    """Put these files into the backup that are not there yet; the names of those that the site does not have."""
    missing = set()
    for name in names:
        target = folder / store.FILES / store.safe_name(name)
        if target.exists():
            continue
        try:
            store.place(Path(settings.MEDIA_ROOT) / name, target, link=link)
        except FileNotFoundError:
            missing.add(name)
    return frozenset(missing)


def _drop_strangers(root: Path, names: frozenset[str]) -> None:
    """Remove what was taken before the snapshot and no row of the snapshot names."""
    for path in [path for path in root.rglob("*") if path.is_file()]:
        if path.relative_to(root).as_posix() not in names:
            path.unlink()


def application_version() -> str:
    """The version of this program, as pyproject.toml states it."""
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as source:
        return tomllib.load(source)["project"]["version"]


def is_empty(facts: Facts) -> bool:
    """Whether a database holds nothing that people entered; tables that a migration fills do not count."""
    ours = ("departments_", "budgets_", "indicators_", "reports_")
    return not any(count for table, count in facts.tables.items() if table.startswith(ours))
