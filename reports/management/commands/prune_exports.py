"""``manage.py prune_exports``: remove archives of bulk exports whose time is over (the worker does so too)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from reports.exporting import services


class Command(BaseCommand):
    help = "Remove archives of bulk exports whose time is over, and folders left by a dead worker."

    def handle(self, *args: Any, **options: Any) -> None:
        over, stray = services.remove_expired(), services.remove_stray_folders()
        self.stdout.write(f"删除过期的导出{over}个，清理遗留的文件夹{stray}个")
