"""Bring a backup back: everything is verified before anything is touched, and counted afterwards."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from departments import locks
from departments.services import record
from evalsite.backups import BackupError, store
from evalsite.backups.engines import Facts, engine
from evalsite.backups.make import is_empty, make


def restore(source: Path, *, replace: bool = False, say: Callable[[str], None] = lambda _: None) -> None:
    """Load a backup into the site's database and folder of files. Raises :class:`BackupError`.

    Without ``replace`` both must be empty; with it, what was there is first saved beside the backup.
    """
    source = source.resolve()
    manifest = store.read_manifest(source)
    database = engine()
    if manifest.engine != database.vendor:
        raise BackupError(f"这是 {manifest.engine} 的备份，本站的数据库是 {database.vendor}，不能恢复")
    _refuse_newer(manifest)
    store.verify(source, [manifest.database, *manifest.files])
    say(
        f"备份完整：{_sum(manifest)}，{manifest.made_at} 由 {manifest.application} 版在 {manifest.server} 上制作"
    )

    media = Path(settings.MEDIA_ROOT)
    if not is_empty(database.facts()) or _has_files(media):
        if not replace:
            raise BackupError("本站已有数据。确实要用备份替换，请加 --replace（会先把现有数据另存一份）")
        kept = _free_name(source.parent / f"before-restore-{timezone.localtime():%Y%m%d-%H%M%S}")
        make(kept)
        say(f"现有数据已另存到 {kept}")

    fresh = media.with_name(f".{media.name}.restoring")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True, mode=0o700)
    try:
        for item in manifest.files:
            name = item.name.removeprefix(f"{store.FILES}/")
            store.place(source / item.name, fresh / store.safe_name(name), link=False)
            if store.fingerprint(fresh / name) != item.sha256:
                raise BackupError(f"{name} 没有写对，请检查磁盘；本站的数据没有改动")
        database.load(source / manifest.database.name)
    except OSError as error:
        shutil.rmtree(fresh, ignore_errors=True)
        raise BackupError(f"写不了 {fresh}：{error.strerror or error}；本站的数据没有改动") from None
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    _exchange(media, fresh)
    _prove(manifest, database.facts(), media)
    say(f"已恢复并核对：{_sum(manifest)}")
    for name in manifest.missing:
        say(f"备份时本站已没有这个文件：{name}")
    # Brings an older backup up to this program, and (re)installs the guards that lock years and keep the log.
    call_command("migrate", interactive=False, verbosity=0)
    if missing := set(locks.expected_names(connection)) - set(locks.installed_names(connection)):
        raise BackupError(f"{len(missing)}个数据库保护触发器没有装上，请运行 manage.py migrate")
    record(
        event="restore",
        sentence=f"由 {manifest.made_at} 的备份恢复全部数据",
        by=None,
        data={"made_at": manifest.made_at, "sha256": manifest.database.sha256},
    )


def _free_name(wanted: Path) -> Path:
    """The path, or one with a number behind it where a restore of the same second has taken it."""
    names = (wanted.with_name(f"{wanted.name}-{number}") for number in itertools.count(2))
    return wanted if not wanted.exists() else next(name for name in names if not name.exists())


def _refuse_newer(manifest: store.Manifest) -> None:
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    unknown = [name for name in manifest.migrations if name not in known]
    if unknown:
        raise BackupError(
            f"备份来自更新的程序版本（{manifest.application}，含未知的数据库变更 {unknown[0]}），请先升级程序"
        )


def _has_files(media: Path) -> bool:
    return media.is_dir() and any(path.is_file() for path in media.rglob("*"))


def _exchange(media: Path, fresh: Path) -> None:
    """Put the new folder in the old one's place."""
    old = media.with_name(f".{media.name}.replaced")
    shutil.rmtree(old, ignore_errors=True)
    if media.exists():
        media.rename(old)
    fresh.rename(media)
    store.sync(media.parent)
    shutil.rmtree(old, ignore_errors=True)


def _prove(manifest: store.Manifest, facts: Facts, media: Path) -> None:
    """Compare what is there now with what the backup says. Raises :class:`BackupError`."""
    for table, count in manifest.tables.items():
        if facts.tables.get(table) != count:
            raise BackupError(f"恢复后核对不符：{table} 应有{count}行，现有{facts.tables.get(table, 0)}行")
    if extra := set(facts.tables) - set(manifest.tables):
        raise BackupError(f"恢复后核对不符：多出表 {min(extra)}")
    for item in manifest.files:
        path = media / item.name.removeprefix(f"{store.FILES}/")
        if not path.is_file() or path.stat().st_size != item.size:
            raise BackupError(f"恢复后核对不符：缺少文件 {path.name}")


def _sum(manifest: store.Manifest) -> str:
    return f"{len(manifest.tables)}张表{sum(manifest.tables.values())}行，{len(manifest.files)}个文件"
