"""The self-evaluation: round, report, its text and evidence, frozen submissions, comments and notices."""

from reports.models.checks import CheckLevel, CopiedPassage
from reports.models.content import Attachment, Explanation, NarrativeSection, NilReason, SectionState
from reports.models.imports import FieldOrigin, Import, UnreadPassage
from reports.models.report import Report, Round
from reports.models.review import Comment, Notice, ReviewMark, Submission, Waiver
from reports.models.rounds import Reminder, StampedScan
from reports.models.template import TemplateVersion

__all__ = [
    "Attachment",
    "CheckLevel",
    "Comment",
    "CopiedPassage",
    "Explanation",
    "FieldOrigin",
    "Import",
    "NarrativeSection",
    "NilReason",
    "Notice",
    "Reminder",
    "Report",
    "ReviewMark",
    "Round",
    "SectionState",
    "StampedScan",
    "Submission",
    "TemplateVersion",
    "UnreadPassage",
    "Waiver",
]
