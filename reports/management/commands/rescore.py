"""``manage.py rescore``: compute stored submissions again from their stored dossier, and print what differs."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from pydantic import ValidationError

from indicators.policy import Policy, PolicyError
from indicators.scoring.scorecard import Scorecard
from reports.models import Round, Submission
from reports.policies import Change, policy_named, recompute


class Command(BaseCommand):
    help = (
        "Recompute the submissions of a year from their stored dossier under their stored policy, or under another one. "
        "Prints every difference. Exit code 1 when an unchanged policy gives another result; nothing is written."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--round", type=int, required=True, metavar="YEAR", help="the year evaluated")
        parser.add_argument("--region", metavar="CODE", help="adcode of one region; all regions otherwise")
        parser.add_argument(
            "--policy", metavar="P", help="another policy: a preset's name, or name@version of the region"
        )

    def handle(self, *args: Any, round: int, region: str | None, policy: str | None, **options: Any) -> None:
        rounds = Round.objects.filter(year=round).select_related("region").order_by("region__code")
        if region:
            rounds = rounds.filter(region__code=region)
        if not rounds:
            raise CommandError(f"没有{f'{region}的' if region else ''}{round}年度的自评任务", returncode=2)
        faults = 0
        for item in rounds:
            try:
                other = policy_named(policy, item.region_id) if policy else None
            except PolicyError as error:
                raise CommandError(str(error), returncode=2) from None
            faults += self._round(item, other)
        if faults and not policy:
            sys.exit(1)

    def _round(self, round: Round, policy: Policy | None) -> int:
        """Print one round; the number of submissions that differ or cannot be read."""
        count = differing = grades = faults = 0
        under = f"按 {policy.title}" if policy else "按各自报送时的评分办法"
        self.stdout.write(f"{round}，{under}重新计算")
        submissions = (
            Submission.objects.filter(report__round=round)
            .select_related("report__profile__department__region", "report__round")
            .defer("findings")
            .order_by("report__profile__department__budget_code", "report_id", "number")
        )
        for submission in submissions.iterator(50):
            count += 1
            name = f"{submission.report.department.name} 第{submission.number}次报送"
            try:
                change = Change(
                    submission.report,
                    submission,
                    Scorecard.model_validate(submission.scorecard),
                    recompute(submission, policy),
                )
            except (PolicyError, ValidationError) as error:
                faults += 1
                self.stdout.write(f"  {name}：不能重新计算：{error}")
                continue
            if not change.sentences:
                continue
            differing += 1
            moved = change.grade_changes or change.self_grade_changes
            grades += moved
            self.stdout.write(f"  {name}{'（等次变化）' if moved else ''}")
            for sentence in change.sentences:
                self.stdout.write(f"    {sentence}")
        unread = f"，不能计算{faults}份" if faults else ""
        self.stdout.write(
            f"共{count}份报送：结果一致{count - differing - faults}份，有差异{differing}份，等次变化{grades}份{unread}"
        )
        return differing + faults
