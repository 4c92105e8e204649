"""Files of stored reports: what they contain, what they are called, and how they are written whole or not at all.

Used by the command ``export``, which must start without a database: whatever needs one is imported where it is used.
"""

from __future__ import annotations

import importlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reports.dossier import Dossier
    from reports.models import Report
    from reports.paper import Shown


@dataclass(frozen=True)
class Kind:
    """A file format: what people call it, and its folder in an archive."""

    label: str
    folder: str


KINDS = {
    "pdf": Kind("PDF", "PDF"),
    "docx": Kind("Word", "Word"),
    "xlsx": Kind("Excel", "Excel"),
    "json": Kind("JSON 数据", "JSON"),
}


class ExportRefused(Exception):
    """The export cannot be done; the message says why in Chinese."""


def printed(kind: str, document: Any) -> bytes:
    """A composed document in one of the file kinds."""
    module = importlib.import_module(f"reports.documents.{kind}")
    data = getattr(module, f"to_{kind}")(document)
    return bytes(data)


def as_json(dossier: Dossier) -> bytes:
    """The dossier as people can read it; reading it again gives the same dossier."""
    return (dossier.model_dump_json(indent=2) + "\n").encode()


def from_content(report: Report, content: Shown, kind: str, *, with_findings: bool = False) -> bytes:
    """A report's content in one of the file kinds, with the watermark that the content has."""
    from reports import paper

    if kind == "json":
        return as_json(content.evaluation.dossier)
    return printed(kind, paper.document(report, content, with_findings=with_findings))


def from_database(report: Report, kind: str) -> bytes:
    """A stored report as its page shows it: what was submitted, else the work in progress; a draft until approved."""
    from reports import paper

    return from_content(report, paper.shown(report), kind)


def one_report(number: int) -> Report:
    """A report by its primary key."""
    from reports.models import Report

    report = Report.objects.with_context().filter(pk=number).first()
    if report is None:
        raise ExportRefused(f"没有编号为 {number} 的报告")
    return report


def reports_of(year: int, region: str) -> list[Report]:
    """All reports of a district's round that were not cancelled, by department."""
    from reports.choices import Status
    from reports.models import Report

    found = Report.objects.with_context().filter(round__year=year, round__region__code=region)
    reports = list(found.exclude(status=Status.CANCELLED).order_by("profile__department__name", "pk"))
    if not reports:
        raise ExportRefused(f"区划 {region} 没有 {year} 年度的报告")
    return reports


def file_name(report: Report, kind: str) -> str:
    """``2023年度-单位名称-12.pdf``; the number keeps two units of one name apart."""
    name = re.sub(r"[\\/:*?\"<>|\x00-\x1f]", "_", report.department.name).strip(". ") or "单位"
    return f"{report.year}年度-{name[:60]}-{report.pk}.{kind}"


def write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, and safe from a power cut once it has its name. Raises :class:`ExportRefused`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.part")
        with beside.open("wb") as target:
            target.write(data)
            sync(target)
        beside.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise ExportRefused(f"写不了 {path}：{error.strerror or error}") from None


def sync(target: Any) -> None:
    """Bring what was written to an open file onto the disk."""
    target.flush()
    os.fsync(target.fileno())


def sync_folder(folder: Path) -> None:
    """Bring the names of a folder's files onto the disk; systems that cannot do so for folders are left alone."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
