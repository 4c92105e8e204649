"""``open_round --region CODE --year YEAR``: a report for every department, begun from last year's approved one."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from departments.models import Region
from reports.models import Round
from reports.rollover import open_round


class Command(BaseCommand):
    """Open a round (布置自评任务)."""

    help = """Make a report for every department of a region's round, begun from last year's approved report.
为本区县的每个单位建立本年度自评报告，从上年度已审核的报告带入单位情况、目标和指标。"""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--region", required=True, metavar="CODE", help="区划代码")
        parser.add_argument("--year", required=True, type=int, metavar="YEAR", help="评价年度")
        parser.add_argument(
            "--deadline",
            type=datetime.date.fromisoformat,
            metavar="DATE",
            help="截止日期；任务还没有建立时必填，评分办法和模板沿用上年度",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        region = Region.objects.filter(code=options["region"]).first()
        if region is None:
            raise CommandError(f"没有区划代码为 {options['region']} 的区县")
        round_ = Round.objects.filter(region=region, year=options["year"]).first()
        if round_ is None:
            round_ = self._new(region, options["year"], options["deadline"])
        made = open_round(round_=round_)
        self.stdout.write(
            f"{round_}：新建{len(made.carried) + len(made.empty)}份，其中从上年度带入{len(made.carried)}份、"
            f"空白{len(made.empty)}份；已有{made.existing}份没有改动"
        )

    def _new(self, region: Region, year: int, deadline: datetime.date | None) -> Round:
        before = Round.objects.filter(region=region, year__lt=year).order_by("-year").first()
        if deadline is None or before is None:
            raise CommandError(
                f"{region.name}还没有{year}年度的任务，请先建立任务，或者在有上年度任务时给出 --deadline"
            )
        today = datetime.date.today()
        if deadline < today:
            raise CommandError("截止日期已经过去")
        return Round.objects.create(
            region=region,
            year=year,
            policy=before.policy,
            template=before.template,
            opens=today,
            deadline=deadline,
            department_review=before.department_review,
        )
