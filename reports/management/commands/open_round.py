"""``open_round --region CODE --year YEAR``: a report for every department, begun from last year's approved one."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from departments.models import Department, Region
from reports.models import Report, Round
from reports.rounds import services
from reports.workflow import Refused


class Command(BaseCommand):
    """Open a round (布置自评任务), or add the departments that are not in it yet; the page 自评任务 does the same."""

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
        departments = Department.objects.filter(region=region, is_active=True)
        there = Report.objects.filter(profile__department__in=departments, profile__year=options["year"])
        existing = set(there.values_list("profile__department", flat=True))
        missing = [department for department in departments if department.pk not in existing]
        round = Round.objects.filter(region=region, year=options["year"]).first()
        try:
            if round is None:
                round = self._open(region, options["year"], options["deadline"], departments)
            elif {department.pk for department in missing} - set(round.awaiting):
                services.add_departments(round=round, by=None, departments=missing)
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        made = services.begin_awaiting(round=round)
        self.stdout.write(
            f"{round}：新建{made.carried + made.empty}份，其中从上年度带入{made.carried}份、"
            f"空白{made.empty}份；已有{len(existing)}份没有改动"
        )

    def _open(self, region: Region, year: int, deadline: datetime.date | None, departments: Any) -> Round:
        before = Round.objects.filter(region=region, year__lt=year).order_by("-year").first()
        if deadline is None or before is None:
            raise CommandError(
                f"{region.name}还没有{year}年度的任务，请先建立任务，或者在有上年度任务时给出 --deadline"
            )
        return services.open_year(
            region=region,
            by=None,
            year=year,
            departments=departments,
            policy=before.policy,
            template=before.template,
            terms=services.Terms(
                opens=min(timezone.localdate(), deadline),
                deadline=deadline,
                department_review=before.department_review,
                scan_required=before.scan_required,
            ),
        )
