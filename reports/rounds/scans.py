"""盖章扫描件: taking in the signed and stamped PDF of a certified report, for a round that asks for it."""

from __future__ import annotations

from pathlib import PurePath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from departments.models import User
from departments.services import record
from reports import services
from reports.choices import Status
from reports.models import Report, StampedScan
from reports.workflow import Refused
from reports.workspace.attachments import FileRefused, inspect, plain_name, require_clean, write_whole


def may_upload(user: User, report: Report) -> bool:
    """The unit's people, between certification and submission, where the round asks for a scan."""
    asked = report.round.scan_required and report.status == Status.CERTIFIED
    return asked and services.holds(user, report, *services.UNIT)


def add_scan(*, report: Report, upload: UploadedFile, by: User) -> StampedScan:
    """Keep the stamped scan of the present certification; an earlier one of it is voided.

    Raises :class:`~reports.workflow.NotAllowed` and :class:`~reports.workflow.Refused`.
    """
    services.require_unit(by, report)
    if PurePath(upload.name or "").suffix.lower() != ".pdf":  # phones send photographs
        raise Refused("盖章扫描件须为PDF文件，请用扫描仪或手机扫描软件保存为PDF后上传")
    try:
        inspect(upload)
        require_clean(upload)
    except FileRefused as error:
        raise Refused(str(error)) from None
    name = plain_name(upload)
    written, digest = write_whole(upload, f"scans/{report.pk}")
    try:
        with transaction.atomic():
            report = Report.objects.locked(report.pk)
            services.require_unit(User.objects.get(pk=by.pk), report)
            if not report.round.scan_required:
                raise Refused("这次自评任务不要求上传盖章扫描件")
            if report.status != Status.CERTIFIED:
                raise Refused(
                    f"报告现为“{report.get_status_display()}”，负责人确认之后、报送之前才能上传盖章扫描件"
                )
            valid = StampedScan.objects.filter(report=report, voided_at=None)
            replaced = valid.update(voided_at=timezone.now())
            kept = StampedScan.objects.create(
                report=report,
                dossier_sha256=report.certified_hash,
                name=name,
                file=str(written.relative_to(settings.MEDIA_ROOT)),
                size=upload.size,
                sha256=digest,
                uploaded_by=by,
            )
            record(
                event="scan-add",
                sentence=f"{by.name}{'重新' if replaced else ''}上传盖章扫描件“{name}”"
                f"（对应数据指纹{report.certified_hash[:8]}）",
                by=by,
                profile=report.profile,
                data={"report": report.pk, "scan": kept.pk, "sha256": digest},
            )
    except BaseException:
        if not StampedScan.objects.filter(report=report, sha256=digest).exists():
            written.unlink(missing_ok=True)
        raise
    return kept
