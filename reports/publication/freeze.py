"""Freezing what is published (公开版本): the public content, its PDF and its address; and taking it back (撤下).

The workflow calls :func:`prepare` before its transaction (printing takes a tenth of a second) and :func:`publish` or
:func:`withdraw` in it. The content and the file are never changed afterwards.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass

from django.utils import timezone

from departments.models import Department, User
from indicators.scoring.scorecard import Scorecard
from reports.documents import compose, to_pdf
from reports.documents.model import ReportDocument, Verification
from reports.dossier import Dossier
from reports.models import Publication, PublicationFile, PublicationMark, Report, Submission
from reports.outline import Outline
from reports.outlines import outline_named
from reports.publication.view import PublicReport, paper_parts, places, public_view
from reports.verification import printed

CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
CODE_LENGTH = 10


@dataclass(frozen=True)
class Source:
    """A submission with the marks that apply to it: what a public view is made from."""

    submission: Submission
    dossier: Dossier
    card: Scorecard
    outline: Outline
    marks: tuple[str, ...]

    @property
    def view(self) -> PublicReport:
        return public_view(self.dossier, self.marks, card=self.card, outline=self.outline)


@dataclass(frozen=True)
class Prepared:
    """A version ready to be published: content and file, with what they were made from."""

    submission: Submission
    marks: tuple[str, ...]
    content: PublicReport
    pdf: bytes


def source_of(report: Report) -> Source | None:
    """The report's newest submission with the bureau's marks; ``None`` when nothing was ever submitted."""
    submission = Submission.objects.filter(report=report).order_by("-number").first()
    if submission is None:
        return None
    dossier = submission.dossier
    outline = outline_named(submission.template, report.round.region_id)
    known = {place.where for place in places(dossier, outline)}
    marked = PublicationMark.objects.filter(report=report).values_list("where", flat=True)
    return Source(
        submission=submission,
        dossier=dossier,
        card=Scorecard.model_validate(submission.scorecard),
        outline=outline,
        marks=tuple(sorted(known.intersection(marked))),
    )


def document(source: Source, verification: Verification | None, content: PublicReport) -> ReportDocument:
    """The public paper, composed from the public content alone."""
    dossier, outline = paper_parts(content, source.outline, source.marks)
    footer = "信息公开版"
    if verification:
        footer += f"　{verification.text}　核验网址 {verification.address}"
    return compose(
        dossier,
        None,
        (),
        outline,
        watermark="",
        footer=footer,
        created=source.submission.submitted_at.isoformat(),
        verification=verification,
    )


def prepare(report: Report) -> Prepared | None:
    """Make what would be published now; ``None`` when there is no submission."""
    source = source_of(report)
    if source is None:
        return None
    content = source.view
    pdf = to_pdf(document(source, printed(source.submission), content))
    return Prepared(source.submission, source.marks, content, pdf)


def publish(report: Report, by: User, prepared: Prepared | None) -> Publication:
    """Write the next published version; made anew if submission or marks changed since it was prepared."""
    source = source_of(report)
    if source is None:
        raise Submission.DoesNotExist(f"report {report.pk} has no submission")
    if (
        prepared is None
        or prepared.submission.pk != source.submission.pk
        or prepared.marks != source.marks
        or prepared.content != source.view
    ):
        prepared = prepare(report)
    content = prepared.content
    text = canonical(content)
    publication = Publication.objects.create(
        report=report,
        number=Publication.objects.filter(report=report).count() + 1,
        submission=prepared.submission,
        department=report.department,
        region=report.department.region,
        year=report.year,
        unit_code=public_code(report.department),
        unit_name=content.unit.name,
        main_department=content.unit.main_department,
        self_score=content.self_score,
        grade=content.grade[:10],
        budget=content.budget,
        spent=content.spent,
        execution_rate=content.execution_rate,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        published_at=timezone.now(),
        published_by=by,
        search_text=content.search_text(),
    )
    PublicationFile.objects.create(
        publication=publication, content=text, marks=list(prepared.marks), pdf=prepared.pdf
    )
    return publication


def withdraw(report: Report, by: User, reason: str) -> bool:
    """Take back what is public of the report; whether there was anything."""
    open_ones = Publication.objects.filter(report=report, withdrawn_at=None)
    return bool(
        open_ones.update(
            withdrawn_at=timezone.now(), withdrawn_by=by, withdrawn_reason=reason.strip()[:300] or "重新打开"
        )
    )


def public_code(department: Department) -> str:
    """The unit's code in public addresses, given at its first publication and kept for good."""
    kept = Department.objects.select_for_update(no_key=True).get(pk=department.pk)
    if not kept.public_code:
        random = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
        kept.public_code = kept.credit_code.upper() or random
        kept.save(update_fields=["public_code"])
    return kept.public_code


def canonical(content: PublicReport) -> str:
    """JSON with sorted keys and no spaces: equal contents give equal bytes and fingerprints."""
    return json.dumps(
        content.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
