"""Rows for tests that need a database: an invented district, its people, its round and reports; nothing random.

``make_report()`` alone is a draft of 示例区档案馆 for 2023 in a fresh district; ``make_report(dossier=make_dossier())``
fills it. ``make_user("filler", department=…)`` makes a person with one role; all share :data:`PASSWORD`.
"""

from __future__ import annotations

import datetime
import hashlib
from functools import cache
from typing import Any

from django.core.files.base import ContentFile

from departments.choices import UNIT_ROLES, Role
from departments.models import AnnualProfile, Department, Region, RoleAssignment, User
from indicators.approved import Approved
from indicators.models import ApprovedTargets, PolicyVersion
from indicators.policy import DEFAULT_POLICY, load_policy
from reports.choices import EDITABLE, Status
from reports.dossier import Dossier
from reports.evaluation import evaluate
from reports.models import (
    ExportItem,
    ExportJob,
    Publication,
    PublicationFile,
    Report,
    ReviewMark,
    Round,
    StampedScan,
    Submission,
    TemplateVersion,
)
from reports.outline import DEFAULT_TEMPLATE, load_outline
from reports.publication import freeze
from reports.publication.view import PublicReport, public_view
from reports.put import put
from tests.factories import make_dossier

PASSWORD = "a-test-password-1"
YEAR = 2023


def make_region(code: str = "430407", name: str = "示例区") -> Region:
    """The district of that adcode, made once."""
    return Region.objects.get_or_create(
        code=code, defaults={"name": name, "city": "示例市", "province": "示例省"}
    )[0]


def make_department(name: str = "示例区档案馆", *, region: Region | None = None, **fields: Any) -> Department:
    """The department of that name in the region, made once."""
    fields.setdefault("kind", "公益一类事业单位")
    return Department.objects.get_or_create(region=region or make_region(), name=name, defaults=fields)[0]


def make_user(
    role: Role | str | None = None,
    *,
    department: Department | None = None,
    region: Region | None = None,
    username: str = "",
    name: str = "",
) -> User:
    """A person with one role, in a department (unit roles) or a region; ``role=None`` has no role at all."""
    label = Role(role).label if role else "无角色"
    username = username or f"{role or 'nobody'}-{User.objects.count() + 1}"
    user = User(username=username, name=name or f"{label}某")
    user.set_password(PASSWORD)
    user.save()
    if role:
        give_role(user, role, department=department, region=region)
    return user


def give_role(
    user: User, role: Role | str, *, department: Department | None = None, region: Region | None = None
) -> RoleAssignment:
    """One more role of a person."""
    place: dict[str, Any]
    if Role(role) in UNIT_ROLES:
        place = {"department": department or make_department()}
    else:
        place = {"region": region or make_region()}
    return RoleAssignment.objects.create(user=user, role=Role(role), **place)


def make_round(year: int = YEAR, *, region: Region | None = None, **fields: Any) -> Round:
    """The region's round of that year, made once; open far into the future unless told otherwise."""
    defaults = {
        "policy": DEFAULT_POLICY,
        "template": DEFAULT_TEMPLATE,
        "opens": datetime.date(year + 1, 3, 1),
        "deadline": datetime.date(2099, 12, 31),
    } | fields
    return Round.objects.get_or_create(region=region or make_region(), year=year, defaults=defaults)[0]


def make_policy(
    name: str = "own",
    version: str = "1",
    *,
    region: Region | None = None,
    by: User | None = None,
    **changes: Any,
) -> PolicyVersion:
    """A version of the region's own policy: the default preset with some values replaced."""
    content = load_policy().model_dump(mode="json") | {"name": name, "version": version} | changes
    return PolicyVersion.objects.create(
        region=region or make_region(),
        name=name,
        version=version,
        label=changes.get("label", "本区办法"),
        content=content,
        based_on=load_policy().title,
        change="试行",
        created_by=by or make_user("round_manager"),
    )


def make_template(
    name: str = "own",
    version: str = "1",
    *,
    region: Region | None = None,
    by: User | None = None,
    **changes: Any,
) -> TemplateVersion:
    """A version of the region's own report template: the default preset with some values replaced."""
    content = load_outline().model_dump(mode="json") | {"name": name, "version": version} | changes
    return TemplateVersion.objects.create(
        region=region or make_region(),
        name=name,
        version=version,
        label=changes.get("label", "本区模板"),
        content=content,
        based_on=load_outline().name,
        change="试行",
        created_by=by or make_user("round_manager"),
    )


def make_approved(
    department: Department | None = None, *, year: int = YEAR, reason: str = "调整", **content: Any
) -> ApprovedTargets:
    """The next version of a department's approved targets: ``goals`` and ``indicators`` as their JSON."""
    department = department or make_department()
    approved = Approved.model_validate(content)
    number = ApprovedTargets.objects.filter(department=department, year=year).count() + 1
    return ApprovedTargets.objects.create(
        department=department,
        year=year,
        number=number,
        content=approved.model_dump(mode="json"),
        fingerprint=approved.fingerprint(),
        source="批复目标.xlsx",
        reason=reason if number > 1 else "",
    )


def make_submission(report: Report, *, by: User | None = None) -> Submission:
    """The report as it stands, frozen as its next submission; its state is left alone."""
    evaluation = evaluate(report)
    return Submission.objects.create(
        report=report,
        number=report.submissions.count() + 1,
        dossier_json=evaluation.dossier.canonical_json(),
        sha256=evaluation.dossier.sha256(),
        scorecard=evaluation.scorecard.model_dump(mode="json"),
        findings=[finding.model_dump(mode="json") for finding in evaluation.findings],
        policy=evaluation.policy.model_dump(mode="json"),
        template=report.round.template,
        approved=evaluation.approved,
        submitted_by=by or make_user("filler", department=report.department),
    )


def make_publication(report: Report, *, by: User | None = None) -> Publication:
    """The report as it stands, submitted if it never was, and published."""
    if not report.submissions.exists():
        make_submission(report)
    Report.objects.filter(pk=report.pk).update(status=Status.PUBLISHED)
    report = Report.objects.with_context().get(pk=report.pk)
    return freeze.publish(report, by or make_user("round_manager", region=report.department.region), None)


@cache
def public_content() -> PublicReport:
    """The public view of the default dossier."""
    return public_view(make_dossier(), outline=load_outline())


def make_public_row(report: Report, *, file: bool = True, **fields: Any) -> Publication:
    """An open publication of the report's newest submission, without printing: content of the default dossier, a token PDF."""
    submission = report.submissions.first() or make_submission(report)
    content = public_content()
    stated = {
        "number": 1,
        "department": report.department,
        "region": report.department.region,
        "year": report.year,
        "unit_code": f"code{report.department.pk}",
        "unit_name": report.department.name,
        "self_score": content.self_score,
        "grade": content.grade,
        "sha256": "0" * 64,
        "published_at": datetime.datetime(report.year + 1, 8, 1, tzinfo=datetime.UTC),
        "published_by": submission.submitted_by,
        "search_text": content.search_text(),
    } | fields
    made = Publication.objects.create(report=report, submission=submission, **stated)
    if file:
        PublicationFile.objects.create(publication=made, content=freeze.canonical(content), pdf=b"%PDF-1.4")
    return made


def make_mark(
    report: Report, *, by: User | None = None, line: str = "execution", **fields: Any
) -> ReviewMark:
    """A reviewer's entry on the report's newest submission, which is made if there is none."""
    submission = report.submissions.first() or make_submission(report)
    stated = fields or {"score": "5"}
    return ReviewMark.objects.create(
        submission=submission, line=line, reason="复核", by=by or make_user("reviewer"), **stated
    )


def make_export(*reports: Report, by: User, kinds: tuple[str, ...] = ("pdf",), **fields: Any) -> ExportJob:
    """A bulk export of these reports, in the queue."""
    fields.setdefault("statuses", [report.status for report in reports])
    job = ExportJob.objects.create(round=reports[0].round, by=by, kinds=list(kinds), **fields)
    ExportItem.objects.bulk_create(ExportItem(job=job, report=report) for report in reports)
    return job


def make_scan(
    report: Report, *, by: User | None = None, content: bytes = b"%PDF-1.4 scan %%EOF"
) -> StampedScan:
    """A stamped scan of the report as it is certified now."""
    digest = hashlib.sha256(content).hexdigest()
    return StampedScan.objects.create(
        report=report,
        dossier_sha256=report.certified_hash,
        name="盖章扫描件.pdf",
        file=ContentFile(content, name="scan"),
        size=len(content),
        sha256=digest,
        uploaded_by=by or make_user("filler", department=report.department),
    )


def make_report(
    *,
    department: Department | None = None,
    year: int = YEAR,
    dossier: Dossier | None = None,
    status: str = "draft",
    **fields: Any,
) -> Report:
    """A report with its profile, filled from a dossier if one is given; a state closed to the unit is locked."""
    department = department or make_department()
    profile = AnnualProfile.objects.create(department=department, year=year)
    if dossier is not None:
        put(dossier, profile)
    report = Report.objects.create(
        profile=profile, round=make_round(year, region=department.region), status=status, **fields
    )
    if status not in EDITABLE:
        AnnualProfile.objects.filter(pk=profile.pk).update(locked_at=datetime.datetime.now(datetime.UTC))
    return Report.objects.with_context().get(pk=report.pk)
