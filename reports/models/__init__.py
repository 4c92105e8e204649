"""The self-evaluation: round, report, its text and evidence, frozen submissions, comments and notices."""

from reports.models.checks import CheckLevel, CopiedPassage, FindingCount, LexiconWord
from reports.models.content import Attachment, Explanation, NarrativeSection, NilReason, SectionState
from reports.models.exports import ExportItem, ExportJob, ExportState, ItemState, Worker
from reports.models.imports import FieldOrigin, Import, TargetsImport, UnreadPassage
from reports.models.oversight import (
    Conclusion,
    DepartmentOpinion,
    DrawMethod,
    Rectification,
    RectificationAnswer,
    RectificationFile,
    RectificationItem,
    RectificationReply,
    RectificationState,
    SpotCheck,
    SpotCheckDraw,
    Verdict,
)
from reports.models.publication import Publication, PublicationFile, PublicationMark
from reports.models.queue import BulkRow, BulkRun, Presence, SavedView
from reports.models.report import Report, Round
from reports.models.review import Comment, Notice, Opening, Recheck, ReviewMark, Submission, Waiver
from reports.models.rounds import Reminder, StampedScan
from reports.models.summary import RoundSummary
from reports.models.template import TemplateVersion

__all__ = [
    "Attachment",
    "BulkRow",
    "BulkRun",
    "CheckLevel",
    "Comment",
    "Conclusion",
    "CopiedPassage",
    "DepartmentOpinion",
    "DrawMethod",
    "Explanation",
    "ExportItem",
    "ExportJob",
    "ExportState",
    "FieldOrigin",
    "FindingCount",
    "Import",
    "ItemState",
    "LexiconWord",
    "NarrativeSection",
    "NilReason",
    "Notice",
    "Opening",
    "Presence",
    "Publication",
    "PublicationFile",
    "PublicationMark",
    "Recheck",
    "Rectification",
    "RectificationAnswer",
    "RectificationFile",
    "RectificationItem",
    "RectificationReply",
    "RectificationState",
    "Reminder",
    "Report",
    "ReviewMark",
    "Round",
    "RoundSummary",
    "SavedView",
    "SectionState",
    "SpotCheck",
    "SpotCheckDraw",
    "StampedScan",
    "Submission",
    "TargetsImport",
    "TemplateVersion",
    "UnreadPassage",
    "Verdict",
    "Waiver",
    "Worker",
]
