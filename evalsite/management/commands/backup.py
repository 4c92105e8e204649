"""``backup PATH``: database and files into a new folder, while the site is in use."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from departments.services import record
from evalsite.backups import BackupError
from evalsite.backups.make import make


class Command(BaseCommand):
    help = "备份数据库和全部附件到一个新文件夹；不用停止网站"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, metavar="PATH", help="新文件夹")
        parser.add_argument(
            "--copy", action="store_true", help="附件一律复制，不用硬链接（备份要留在同一块磁盘上时）"
        )

    def handle(self, *args: Any, path: Path, copy: bool, **options: Any) -> None:
        try:
            manifest = make(path, link=not copy)
        except BackupError as error:
            raise CommandError(str(error)) from None
        record(
            event="backup",
            sentence=f"备份全部数据（{sum(manifest.tables.values())}行，{len(manifest.files)}个附件）",
            by=None,
            data={"made_at": manifest.made_at, "sha256": manifest.database.sha256},
        )
        self.stdout.write(
            f"已备份到 {path}：{len(manifest.tables)}张表{sum(manifest.tables.values())}行，{len(manifest.files)}个文件"
        )
        for name in manifest.missing:
            self.stderr.write(f"警告：数据库里有、磁盘上没有的文件 {name}")
