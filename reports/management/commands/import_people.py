"""``import_people FILE --region CODE [--write --passwords PATH]``: departments and accounts of a region from a workbook."""

from __future__ import annotations

import os
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from openpyxl import Workbook

from departments.bulk import DEPARTMENT_HEADS, PEOPLE_HEADS, Account, Plan, Row, carry_out, plan
from departments.models import Region
from reports.intake import IntakeError
from reports.intake.containers import Kind, identify
from reports.intake.xlsx_file import Sheet, open_book


def rows_of(sheets: Sequence[Sheet], heads: Sequence[str]) -> list[Row]:
    """Lines of the sheet that has these heads, wherever they stand."""
    for sheet in sheets:
        for top in range(1, 11):
            columns = {cell.text.strip(): column for (row, column), cell in sheet.cells.items() if row == top}
            if heads[0] not in columns or len(set(heads) & set(columns)) < 2:
                continue
            used = sorted({row for row, _ in sheet.cells if row > top})
            lines = [
                Row(
                    f"{sheet.name}!{row}",
                    {head: sheet.at(row, columns[head]).text for head in heads if head in columns},
                )
                for row in used
            ]
            return [line for line in lines if any(value.strip() for value in line.values.values())]
    return []


class Command(BaseCommand):
    """Departments and accounts in bulk (批量建立单位和账号)."""

    help = """Departments (单位名称, 机构性质, 预算单位编码, 统一社会信用代码, 主管部门) and people
(姓名, 账号, 角色, 单位, 联系电话) from the sheets of a workbook. Without --write only says what would be made.
不加 --write 只预览。"""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="Excel 文件")
        parser.add_argument("--region", required=True, metavar="CODE", help="区划代码")
        parser.add_argument("--write", action="store_true", help="确认建立")
        parser.add_argument("--passwords", type=Path, metavar="PATH", help="初始密码清单写到哪里（.xlsx）")

    def handle(self, *args: Any, **options: Any) -> None:
        region = Region.objects.filter(code=options["region"]).first()
        if region is None:
            raise CommandError(f"没有区划代码为 {options['region']} 的区县")
        made = self._plan(region, options["file"])
        for text in [*made.known, *(f"新建单位：{unit.name}" for unit in made.departments)]:
            self.stdout.write(text)
        for person in made.people:
            self.stdout.write(
                f"授予角色：{person.name}（{person.username}）{person.department}{person.role.label}"
            )
        for text in made.complaints:
            self.stderr.write(text)
        if made.complaints:
            raise CommandError(f"有{len(made.complaints)}处需要改正，没有建立任何单位和账号")
        if not options["write"]:
            self.stdout.write("以上是预览，没有写入；确认后加 --write --passwords 清单.xlsx")
            return
        if options["passwords"] is None:
            raise CommandError("请用 --passwords 给出初始密码清单的文件名")
        if options["passwords"].exists():
            raise CommandError(f"{options['passwords']} 已经存在，请换一个文件名")
        accounts = carry_out(made)
        self._hand_out(options["passwords"], accounts)
        self.stdout.write(
            f"建立了{len(made.departments)}个单位、{len(accounts)}个账号；初始密码在 {options['passwords']}"
        )

    def _plan(self, region: Region, path: Path) -> Plan:
        try:
            data = path.read_bytes()
            kind = identify(data, path.name)
            if kind not in (Kind.XLSX, Kind.XLS):
                raise IntakeError("不是 Excel 文件")
            sheets = open_book(data, kind)
        except (OSError, IntakeError) as error:
            raise CommandError(f"{path}：{error}") from None
        departments, people = rows_of(sheets, DEPARTMENT_HEADS), rows_of(sheets, PEOPLE_HEADS)
        if not departments and not people:
            raise CommandError(
                f"没有找到单位名单（{'、'.join(DEPARTMENT_HEADS)}）或人员名单（{'、'.join(PEOPLE_HEADS)}）"
            )
        return plan(region, departments, people)

    def _hand_out(self, path: Path, accounts: Sequence[Account]) -> None:
        """The list of first passwords, readable by its owner only."""
        book = Workbook()
        sheet = book.active
        sheet.append(["单位", "姓名", "角色", "账号", "初始密码"])
        for account in accounts:
            sheet.append([account.department, account.name, account.role, account.username, account.password])
            for cell in sheet[sheet.max_row]:
                cell.data_type = "s"
        buffer = BytesIO()
        book.save(buffer)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(buffer.getvalue())
