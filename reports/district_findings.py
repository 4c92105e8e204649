"""Findings of a whole round from the frozen submissions: how often each rule fires, and the list as a workbook."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery, Sum
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from departments.models import User
from reports.checks import Check, all_checks
from reports.choices import Status
from reports.documents.safe_cells import put_text
from reports.dossier import Dossier
from reports.findings import LEVEL_LABELS, Level
from reports.models import FindingCount, Report, Round, Submission
from reports.overview.figures import counts_of
from reports.places import place

COLUMNS = (
    ("单位", 28),
    ("年度", 8),
    ("报送", 10),
    ("状态", 12),
    ("级别", 8),
    ("规则", 34),
    ("位置", 34),
    ("发现的问题", 70),
    ("依据", 50),
    ("修改建议", 36),
    ("单位的说明", 50),
)


@dataclass(frozen=True)
class RuleRow:
    """One rule with its level in the region and how often it fired in the newest submissions of a round."""

    rule: Check
    level: Level
    changed_reason: str
    findings: int
    reports: int
    waived: int

    @property
    def default(self) -> Level:
        return self.rule.level

    @property
    def changed(self) -> bool:
        return self.level is not self.rule.level


def latest_submissions(round_: Round, user: User) -> Iterator[Submission]:
    """The newest version of every report of the round that the person may read; one query."""
    newest = Submission.objects.filter(report=OuterRef("report")).order_by("-number").values("pk")[:1]
    rows = Submission.objects.visible_to(user).filter(report__round=round_, pk=Subquery(newest))
    return (
        rows.exclude(report__status=Status.CANCELLED)
        .select_related("report__profile__department")
        .order_by("report__profile__department__name")
        .iterator(chunk_size=100)
    )


def rule_rows(user: User, round_: Round, levels: dict[str, Level], reasons: dict[str, str]) -> list[RuleRow]:
    """Every rule, the ones that fire most first; one query over the counts kept at submission."""
    counts = ~Q(level=Level.OFF)
    counted = (
        counts_of(user, round_)
        .order_by()
        .values("code")
        .annotate(
            findings=Sum("count", filter=counts, default=0),
            reports=Count("report", filter=counts, distinct=True),
            waived=Sum("count", filter=~counts, default=0),
        )
    )
    by_code = {row.pop("code"): row for row in counted}
    never = {"findings": 0, "reports": 0, "waived": 0}
    rows = [
        RuleRow(
            rule,
            levels.get(rule.code, rule.level),
            reasons.get(rule.code, ""),
            **by_code.get(rule.code, never),
        )
        for rule in all_checks()
    ]
    order = list(LEVEL_LABELS)
    return sorted(rows, key=lambda row: (-row.reports, -row.findings, order.index(row.level), row.rule.code))


def delivered(user: User, round_: Round) -> int:
    """Reports of the round, seen by this person, that were submitted at least once; cancelled ones left out."""
    rows = Submission.objects.visible_to(user).filter(report__round=round_)
    return rows.exclude(report__status=Status.CANCELLED).values("report").distinct().count()


def keep_counts(submission: Submission) -> None:
    """Count a new submission's findings by rule and level; the counts of the submission before go."""
    counted: dict[tuple[str, str], FindingCount] = {}
    for finding in submission.findings:
        row = counted.setdefault(
            (finding["code"], finding["level"]),
            FindingCount(
                report_id=submission.report_id,
                code=finding["code"],
                kind=finding["kind"],
                level=finding["level"],
                count=0,
                message=finding["message"],
            ),
        )
        row.count += 1
    FindingCount.objects.filter(report=submission.report_id).delete()
    FindingCount.objects.bulk_create(counted.values())


def workbook(submissions: Iterable[Submission]) -> bytes:
    """All findings of these submissions as one sheet."""
    titles = rule_titles()
    return sheet_of(
        cells
        for submission in submissions
        for cells in finding_rows(
            submission.report,
            submission.dossier,
            submission.findings,
            f"第{submission.number}次",
            titles,
        )
    )


def rule_titles() -> dict[str, str]:
    """Chinese title of every rule by its code."""
    return {rule.code: rule.title for rule in all_checks()}


def sheet_of(rows: Iterable[Iterable[str]]) -> bytes:
    """Rows of :data:`COLUMNS` as a workbook. Every cell is text: nothing that a unit typed becomes a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("核对结果")
    for number, (_, width) in enumerate(COLUMNS):
        sheet.column_dimensions[chr(ord("A") + number)].width = width
    sheet.freeze_panes = "A2"
    sheet.append([_text(sheet, title, head=True) for title, _ in COLUMNS])
    for cells in rows:
        sheet.append([_text(sheet, cell) for cell in cells])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def finding_rows(
    report: Report,
    dossier: Dossier,
    findings: Iterable[dict[str, Any]],
    version: str,
    titles: dict[str, str],
) -> Iterator[tuple[str, ...]]:
    """One row of :data:`COLUMNS` a finding (as JSON) of that version of the report."""
    explained = {item.finding: item.text for item in dossier.explanations}
    for finding in findings:
        level = Level(finding["level"])
        proof = "；".join(
            f"{_place(item['where'], dossier)}{item['value']}{item['unit']}" for item in finding["evidence"]
        )
        yield (
            report.department.name,
            str(report.year),
            version,
            report.get_status_display(),
            "已豁免" if level is Level.OFF else LEVEL_LABELS[level],
            titles.get(finding["code"], finding["code"]),
            place(finding["where"], dossier).label,
            finding["message"],
            proof,
            finding["fix"],
            explained.get(f"{finding['code']}@{finding['where']}", ""),
        )


def _place(where: str, dossier: Dossier) -> str:
    label = place(where, dossier).label if "." in where else where
    return f"{label}：" if label else ""


def _text(sheet: object, value: str, *, head: bool = False) -> WriteOnlyCell:
    cell = put_text(WriteOnlyCell(sheet), value)
    cell.font = Font(bold=head)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell
