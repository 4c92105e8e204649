"""``import_targets FILE --region CODE --year YEAR [--write] [--reason TEXT]``: a district's approved targets from a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from departments.models import Region
from reports.targets import services
from reports.workflow import Refused


class Command(BaseCommand):
    """Approved targets in bulk (导入批复的绩效目标)."""

    help = """Read the approved targets of a district's units from a workbook and say what is new, changed or unchanged.
Without --write nothing is written. 不加 --write 只预览；更换已导入的单位要用 --reason 写明理由。"""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="Excel 文件（.xlsx、.xls）")
        parser.add_argument("--region", required=True, metavar="CODE", help="区划代码")
        parser.add_argument("--year", required=True, type=int, metavar="YEAR", help="年度")
        parser.add_argument("--reason", default="", metavar="TEXT", help="更换已导入目标的理由")
        parser.add_argument("--write", action="store_true", help="确认写入")

    def handle(self, *args: Any, **options: Any) -> None:
        region = Region.objects.filter(code=options["region"]).first()
        if region is None:
            raise CommandError(f"没有区划代码为 {options['region']} 的区县")
        path, year = options["file"], options["year"]
        try:
            data = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path}：{error.strerror}") from None
        try:
            reading = services.read_file(region=region, year=year, name=path.name, data=data)
            for complaint in reading.complaints:
                self.stderr.write(str(complaint))
            if reading.complaints:
                raise CommandError(f"有{len(reading.complaints)}处需要改正，没有写入任何内容")
            self._show(services.plan(region, year, reading.sets))
            if not options["write"]:
                self.stdout.write("以上是预览，没有写入；确认后加 --write")
                return
            made = services.store(
                region=region, year=year, sets=reading.sets, source=path.name, reason=options["reason"]
            )
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(
            f"已写入：新增{len(made.new)}个单位，更换{len(made.changed)}个单位，{len(made.unchanged)}个单位不变"
        )

    def _show(self, plan: services.Plan) -> None:
        words = {"new": "新增", "changed": "更换", "unchanged": "不变"}
        for unit in plan.units:
            counts = f"目标{len(unit.approved.goals)}条，指标{len(unit.approved.indicators)}项"
            self.stdout.write(f"{words[unit.state]}：{unit.department.name}（{counts}）")
            for one in unit.differences:
                self.stdout.write(f"    {one.what}：{one.before or '（没有）'} → {one.after or '（删去）'}")
