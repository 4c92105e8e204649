"""``manage.py remind_rectifications``: bring overdue rectification notices to the units' minds (催办); for a daily timer."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from reports.oversight.rectifications import remind_overdue


class Command(BaseCommand):
    help = "Remind units of overdue rectification notices, each at most every three days; run it once a day."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"已催办逾期整改通知{remind_overdue()}份")
