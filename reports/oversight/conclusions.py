"""What was decided about one submission (审核结论): read from the log, between this submission and the next."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Q

from departments.models import AuditEntry
from reports.models import Report, Submission
from reports.workflow import EVENT_PREFIX, Step

DECIDING = {
    Step.DEPARTMENT_PASS: "主管部门审核通过，转财政局审核",
    Step.DEPARTMENT_RETURN: "主管部门退回修改",
    Step.RETURN: "退回修改",
    Step.APPROVE: "审核通过",
    Step.REOPEN: "审核通过后重新打开，退回修改",
}
FINAL = frozenset({Step.DEPARTMENT_RETURN, Step.RETURN, Step.APPROVE, Step.REOPEN})


@dataclass(frozen=True)
class Decision:
    """One decision: which, by whom, when and why."""

    step: Step
    by: str
    at: datetime.datetime
    reason: str = ""

    @property
    def words(self) -> str:
        return DECIDING[self.step]

    @property
    def final(self) -> bool:
        """Whether the unit has its answer."""
        return self.step in FINAL


@dataclass(frozen=True)
class Span:
    """The time in which a submission was the newest."""

    begin: datetime.datetime
    end: datetime.datetime | None

    def within(self, name: str) -> Q:
        """Condition on a field with a time."""
        found = Q(**{f"{name}__gte": self.begin})
        return found & Q(**{f"{name}__lt": self.end}) if self.end else found

    def holds(self, at: datetime.datetime) -> bool:
        return self.begin <= at and (self.end is None or at < self.end)


def span(submission: Submission) -> Span:
    """From this submission to the next one of its report."""
    later = Submission.objects.filter(report=submission.report_id, number__gt=submission.number)
    following = later.order_by("number").values_list("submitted_at", flat=True).first()
    return Span(submission.submitted_at, following)


def decisions(report: Report, within: Span) -> list[Decision]:
    """Decisions in that time, in their order."""
    events = [EVENT_PREFIX + step for step in DECIDING]
    entries = AuditEntry.objects.filter(within.within("at"), profile=report.profile_id, event__in=events)
    return [
        Decision(Step(entry.data["step"]), entry.actor_name, entry.at, entry.data.get("reason", ""))
        for entry in entries.order_by("pk")
    ]


def decided(report: Report) -> set[int]:
    """Numbers of the submissions that have their answer: two queries, however many there are."""
    rows = list(
        Submission.objects.filter(report=report).order_by("number").values_list("number", "submitted_at")
    )
    events = [EVENT_PREFIX + step for step in FINAL]
    times = list(
        AuditEntry.objects.filter(profile=report.profile_id, event__in=events).values_list("at", flat=True)
    )
    ends = [*(begin for _, begin in rows[1:]), None]
    return {
        number
        for (number, begin), end in zip(rows, ends, strict=False)
        if any(Span(begin, end).holds(at) for at in times)
    }
