"""``manage.py recount``: store again what lists and the overview read of each report."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from pydantic import ValidationError

from indicators.policy import PolicyError
from reports import paper
from reports.choices import Status
from reports.district_findings import keep_counts
from reports.evaluation import remember
from reports.models import Report, Submission


class Command(BaseCommand):
    help = (
        "Store the figures that lists and the overview read: of a submitted report from its newest submission as it was "
        "scored then, of any other from the data as they stand. Without --all only reports that have no figures yet."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="every report, not only those without figures")
        parser.add_argument("--round", type=int, metavar="YEAR", help="one year only")

    def handle(self, *args: Any, all: bool, round: int | None, **options: Any) -> None:
        reports = Report.objects.exclude(status=Status.CANCELLED)
        if not all:
            reports = reports.filter(figures_at=None)
        if round:
            reports = reports.filter(round__year=round)
        done = failed = 0
        for pk in list(reports.order_by("pk").values_list("pk", flat=True)):
            try:
                _recount(pk)
                done += 1
            except (PolicyError, ValidationError) as error:
                failed += 1
                self.stderr.write(f"报告{pk}不能重新统计：{error}")
        if done or failed:
            self.stdout.write(f"已更新{done}份报告的汇总数据{f'，{failed}份未能更新' if failed else ''}")


@transaction.atomic
def _recount(pk: int) -> None:
    report = Report.objects.locked(pk)
    remember(report, paper.shown(report).evaluation)
    newest = Submission.objects.filter(report=report).order_by("-number").first()
    if newest:
        keep_counts(newest)
