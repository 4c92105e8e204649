"""``remind``: automatic reminders (自动催报), for a daily cron job."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from reports import notices
from reports.rounds.services import remind_by_clock


class Command(BaseCommand):
    help = """Remind units that still owe their report, 7, 3 and 1 days before and after their last day.
自动催报：只提醒仍未报送的单位；一天运行几次也只提醒一次。建议每天上班前由 cron 运行。"""

    def handle(self, *args: Any, **options: Any) -> None:
        done = remind_by_clock()
        for round, reminded in done:
            self.stdout.write(f"{round}：已催报{len(reminded.sent)}个单位")
            for report in reminded.nobody:
                self.stdout.write(f"  没有可通知的账号，请电话催报：{report.department.name}")
        if not done:
            self.stdout.write("今天没有需要自动催报的单位")
        notices.resend()
