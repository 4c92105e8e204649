"""``restore PATH``: a backup back into an empty site, or with ``--replace`` in the place of what is there."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evalsite.backups import BackupError
from evalsite.backups.restore import restore


class Command(BaseCommand):
    help = "从备份恢复数据库和全部附件；请先停止网站和后台程序"
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, metavar="PATH", help="备份的文件夹")
        parser.add_argument("--replace", action="store_true", help="替换现有数据（会先另存一份）")

    def handle(self, *args: Any, path: Path, replace: bool, **options: Any) -> None:
        try:
            restore(path, replace=replace, say=self.stdout.write)
        except BackupError as error:
            raise CommandError(str(error)) from None
