"""``import_people FILE --region CODE [--write --passwords PATH]``: departments and accounts of a region from a workbook."""

from __future__ import annotations

import datetime
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from departments.bulk import Change, Row, carry_out, plan
from departments.models import Region
from reports.account_files import read_lists, slips_pdf, slips_xlsx
from reports.intake import IntakeError
from reports.virus_scan import Infected

PRINTERS = {".pdf": slips_pdf, ".xlsx": slips_xlsx}


class Command(BaseCommand):
    """Departments and accounts in bulk (批量建立单位和账号)."""

    help = """Departments (单位名称, 机构性质, 预算单位编码, 统一社会信用代码, 主管部门) and people
(姓名, 账号, 角色, 单位, 联系电话) from the sheets of a workbook. Without --write only says what would be made.
不加 --write 只预览。"""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="Excel 文件（.xlsx、.xls）")
        parser.add_argument("--region", required=True, metavar="CODE", help="区划代码")
        parser.add_argument("--write", action="store_true", help="确认建立")
        parser.add_argument(
            "--passwords", type=Path, metavar="PATH", help="初始密码写到哪里：.xlsx 清单，或 .pdf 密码条"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        region = Region.objects.filter(code=options["region"]).first()
        if region is None:
            raise CommandError(f"没有区划代码为 {options['region']} 的区县")
        lists = self._lists(options["file"])
        made = plan(region, *lists)
        for item in made.items:
            if item.change is Change.REFUSED:
                self.stderr.write(f"{item.place}：{item.detail}")
            else:
                self.stdout.write(f"{item.change}：{item.title}{'　' if item.detail else ''}{item.detail}")
        if made.complaints:
            raise CommandError(f"有{len(made.complaints)}处需要改正，没有写入任何内容")
        if not options["write"]:
            self.stdout.write("以上是预览，没有写入；确认后加 --write --passwords 清单.xlsx")
            return
        self._write(region, lists, options["passwords"])

    def _lists(self, path: Path) -> tuple[list[Row], list[Row]]:
        try:
            return read_lists(path.read_bytes(), path.name)
        except (OSError, IntakeError, Infected) as error:
            raise CommandError(f"{path}：{error}") from None

    def _write(self, region: Region, lists: tuple[list[Row], list[Row]], path: Path | None) -> None:
        """Make everything and put the one-time passwords into a new file that only its owner can read."""
        if path is None or path.suffix.lower() not in PRINTERS:
            raise CommandError("请用 --passwords 给出初始密码清单的文件名（.xlsx 或 .pdf）")
        if path.exists():
            raise CommandError(f"{path} 已经存在，请换一个文件名")
        until = timezone.localdate() + datetime.timedelta(days=settings.ONE_TIME_PASSWORD_DAYS)
        try:
            with transaction.atomic():  # an account whose password could not be written down must not exist
                done = carry_out(region, *lists)
                handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(handle, "wb") as file:
                    file.write(PRINTERS[path.suffix.lower()](region, done.accounts, until))
        except OSError as error:
            raise CommandError(f"{path} 写不进去（{error.strerror}），没有建立任何单位和账号") from None
        self.stdout.write(
            f"建立了{len(done.departments)}个单位、{len(done.accounts)}个账号；初始密码在 {path}，{until:%Y年%m月%d日}前有效"
        )
