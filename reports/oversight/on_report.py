"""What a report's page shows of its oversight: opinion, sheets, evidence, spot checks, rectification."""

from __future__ import annotations

from dataclasses import dataclass

from departments.models import User
from reports import services
from reports.choices import DONE
from reports.file_content import SHOWN
from reports.models import (
    Attachment,
    DepartmentOpinion,
    Rectification,
    RectificationState,
    Report,
    SpotCheck,
    Submission,
)
from reports.oversight.conclusions import decided
from reports.oversight.sheet import may_read
from reports.workflow import BUREAU, UNIT


@dataclass(frozen=True)
class EvidenceRow:
    """A file of evidence as the list shows it."""

    item: Attachment
    kind: str
    viewable: bool


KINDS = {
    "application/pdf": "PDF",
    "image/jpeg": "图片（JPG）",
    "image/png": "图片（PNG）",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "演示文稿",
    "application/ofd": "OFD",
}


@dataclass(frozen=True)
class Oversight:
    """The parts of the page."""

    opinion: DepartmentOpinion | None
    sheets: list[Submission]
    evidence: list[EvidenceRow]
    checks: list[SpotCheck]
    notices: list[Rectification]
    may_issue: bool
    is_unit: bool

    @property
    def to_answer(self) -> list[Rectification]:
        """Notices that wait for the unit's answer."""
        return [item for item in self.notices if item.status == RectificationState.WAITING]


def oversight_of(report: Report, user: User) -> Oversight:
    """All of it in a fixed number of queries."""
    answered = decided(report)
    submissions = (
        Submission.objects.filter(report=report).only("pk", "number", "submitted_at").order_by("-number")
    )
    opinion = (
        DepartmentOpinion.objects.filter(submission__report=report)
        .select_related("by", "submission")
        .defer("submission__dossier_json", "submission__findings", "submission__scorecard")
        .order_by("-submission__number")
        .first()
    )
    evidence = Attachment.objects.visible_to(user).filter(profile=report.profile_id)
    return Oversight(
        opinion=opinion,
        sheets=[item for item in submissions if may_read(user, report, item.number, answered)],
        evidence=[
            EvidenceRow(item, KINDS.get(item.content_type, "其他"), item.content_type in SHOWN)
            for item in evidence.select_related("indicator__project", "uploaded_by")
        ],
        checks=list(SpotCheck.objects.visible_to(user).filter(report=report).with_context()),
        notices=list(Rectification.objects.visible_to(user).filter(report=report).with_context()),
        may_issue=report.status in DONE and services.holds(user, report, *BUREAU),
        is_unit=services.holds(user, report, *UNIT),
    )
