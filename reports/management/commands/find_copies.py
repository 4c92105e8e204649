"""``find_copies --round YEAR --region CODE``: compare the texts of a round's reports and keep what they share."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports.copies import refresh_round
from reports.models import CopiedPassage, Round


class Command(BaseCommand):
    help = "比对一个区县某一年度各单位报告的文字，找出雷同的段落，供核对规则使用"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--round", type=int, required=True, metavar="YEAR", help="评价年度")
        parser.add_argument("--region", required=True, metavar="CODE", help="行政区划代码，例如 430407")

    def handle(self, *args: object, **options: object) -> None:
        round_ = Round.objects.filter(year=options["round"], region__code=options["region"]).first()
        if round_ is None:
            raise CommandError(f"没有行政区划代码{options['region']}、{options['round']}年度的自评任务")
        found = refresh_round(round_)
        self.stdout.write(f"{round_}：找出{found}处雷同文字")
        rows = CopiedPassage.objects.filter(report__round=round_).select_related(
            "report__profile__department", "other__profile__department"
        )
        for row in rows:
            one, other = row.report.profile.department.name, row.other.profile.department.name
            self.stdout.write(f"  {one} 与 {other}：{len(row.text)}字，“{row.text[:30]}…”")
