"""Checking a printed report by its code (核验): the address on the paper, and what may be said to anybody who asks.

The code is the first sixteen digits of the fingerprint of the submitted dossier. Nothing is said of what was never approved,
and no content is shown before publication.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.conf import settings
from django.urls import reverse

from departments.models import AuditEntry
from reports.choices import DONE, Status
from reports.documents.model import Verification
from reports.models import Report, Submission

LENGTH = 16
CODE = re.compile(r"[0-9a-f]{16,64}")
APPROVED = "step-approve"

State = Literal["approved", "published", "replaced", "withdrawn"]
SENTENCES: dict[State, str] = {
    "approved": "这一版本已经财政部门审核通过，尚未公开。",
    "published": "这一版本已经财政部门审核通过并已公开。",
    "replaced": "这一版本曾经审核通过，现已被更新的版本取代，请以新版本为准。",
    "withdrawn": "这一版本曾经审核通过，现已重新打开修改或取消，不再有效。",
}


def code_of(submission: Submission) -> str:
    """The short code that is printed."""
    return submission.sha256[:LENGTH]


def printed(submission: Submission) -> Verification:
    """Code and address for the paper of an approved report."""
    code = code_of(submission)
    return Verification(code=code, address=f"{settings.EVALSITE_ADDRESS}{reverse('verify', args=[code])}")


@dataclass(frozen=True)
class Answer:
    """What anybody may know of a printed report."""

    state: State
    report: Report
    submission: Submission

    @property
    def sentence(self) -> str:
        return SENTENCES[self.state]

    @property
    def since(self) -> datetime | None:
        """Since when it is so, for what is valid now."""
        return self.report.status_since if self.state in ("approved", "published") else None


def look_up(code: str) -> Answer | None:
    """The newest approved submission with that code; ``None`` when there is none that was ever approved."""
    code = code.strip().lower()
    if not CODE.fullmatch(code):
        return None
    # A range uses the index on every database, a LIKE does not.
    rows = (
        Submission.objects.filter(sha256__gte=code, sha256__lt=f"{code}g")
        .filter(report__profile__department__classified=False)  # nothing is said of a classified unit
        .select_related("report__profile__department__region", "report__round")
        .defer("dossier_json", "findings", "policy")
        .order_by("-number")[:5]
    )
    for submission in rows:
        state = _state(submission)
        if state:
            return Answer(state, submission.report, submission)
    return None


def _state(submission: Submission) -> State | None:
    report = submission.report
    later = Submission.objects.filter(report=report, number__gt=submission.number).order_by("number")
    following = later.values_list("submitted_at", flat=True).first()
    if following is None and report.status in DONE:
        return "published" if report.status == Status.PUBLISHED else "approved"
    approvals = AuditEntry.objects.filter(
        profile=report.profile_id, event=APPROVED, at__gte=submission.submitted_at
    )
    if following is not None:
        approvals = approvals.filter(at__lt=following)
    if not approvals.exists():
        return None
    return "replaced" if following is not None and report.status in DONE else "withdrawn"
