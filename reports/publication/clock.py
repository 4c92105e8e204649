"""The 20-day clock of publication (公开期限).

预算法 第十四条: 经本级政府财政部门批复的部门预算、决算及报表，应当在批复后二十日内由各部门向社会公开.
The self-evaluation goes with the final accounts. The day of the approval (决算批复) is not counted.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from reports.choices import Status
from reports.models import Report


@dataclass(frozen=True)
class Clock:
    """Where a report stands on the day ``today``."""

    due: datetime.date | None
    today: datetime.date
    published_on: datetime.date | None = None

    @property
    def days_left(self) -> int | None:
        """Days until the last day, negative when overdue; ``None`` without a date or when published."""
        return None if self.due is None or self.published_on else (self.due - self.today).days

    @property
    def late(self) -> bool:
        """Overdue, or published after the last day."""
        return self.due is not None and (self.published_on or self.today) > self.due

    @property
    def words(self) -> str:
        """As people say it."""
        if self.published_on:
            return "逾期公开" if self.late else "已公开" if self.due is None else "按期公开"
        if self.days_left is None:
            return "未填决算批复日期"
        if self.days_left < 0:
            return f"已逾期{-self.days_left}天"
        return "今天到期" if self.days_left == 0 else f"还有{self.days_left}天"


def clock_of(report: Report, today: datetime.date, published_on: datetime.date | None = None) -> Clock:
    """The clock of one report; ``published_on`` is the day of its open publication."""
    return Clock(report.publish_by, today, published_on if report.status == Status.PUBLISHED else None)
