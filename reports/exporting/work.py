"""One turn of a bulk export: report after report, and at the end the archive.

Whatever is finished is a whole file on the disk and a row in the database; a turn that is cut off anywhere, by a kill or a
power failure, loses at most the report it was at. Each turn writes under names of its own, so that a worker that was
taken for dead and is not cannot spoil what its successor wrote.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import logging
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from budgets.money import plain
from departments.models import User
from departments.services import record
from reports import paper
from reports import services as report_services
from reports.district_findings import finding_rows, rule_titles, sheet_of
from reports.exporting import archive, lease, services
from reports.exporting.files import KINDS, ExportRefused, file_name, from_content, write
from reports.exporting.services import FINDINGS, KIND_LABELS, describe
from reports.findings import Level
from reports.models import ExportItem, ExportJob, ExportState, ItemState, Notice, Report

logger = logging.getLogger(__name__)

MORE, DONE, LOST, FAILED = "more", "done", "lost", "failed"
MOST_TRIES = 3
"""A report at which the worker ended so often is left out, so that it cannot stop the others for ever."""


@dataclass(frozen=True)
class Made:
    """A finished file of one report: its kind, its name in the job's folder, what it must be."""

    kind: str
    stored: str
    size: int
    sha256: str


def turn(number: int) -> str:
    """Work on a job for :setting:`EXPORT_TURN_SECONDS`; what became of it is one of the four words above."""
    owner = lease.new_owner()
    if not lease.take(number, owner):
        return LOST
    job = ExportJob.objects.select_related("round__region", "main_department", "by").get(pk=number)
    try:
        with _noticing_the_end() as ending:
            if not _write_reports(job, owner, ending):
                lease.end(number, owner, state=ExportState.QUEUED)
                return MORE
            return _finish(job, owner)
    except lease.LeaseLost:
        return _lost(job)
    except (OSError, ExportRefused) as error:
        # Not the report's fault: the disk is full or may not be written.
        logger.exception("export %s cannot write", number)
        return _give_up(job, owner, f"写不了文件：{getattr(error, 'strerror', None) or error}")


@contextmanager
def _noticing_the_end() -> Iterator[threading.Event]:
    """An event that is set when the worker is told to end, so that it stops after the report it is at."""
    ending = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield ending
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def notice(number: int, frame: Any) -> None:
        ending.set()
        handler = before[number]
        if callable(handler):
            handler(number, frame)
        elif handler is signal.SIG_DFL:
            raise KeyboardInterrupt

    for number in before:
        signal.signal(number, notice)
    try:
        yield ending
    finally:
        for number, handler in before.items():
            if signal.getsignal(number) is notice:
                signal.signal(number, handler)


# ------------------------------------------------------------------ report after report


def _write_reports(job: ExportJob, owner: str, ending: threading.Event) -> bool:
    """Do the reports that wait until the turn is over; whether none is left. At least one is done in every turn."""
    until = time.monotonic() + settings.EXPORT_TURN_SECONDS
    while item := job.items.filter(state=ItemState.WAITING).order_by("pk").first():
        _write_report(job, item, owner)
        if ending.is_set() or time.monotonic() >= until:
            return not job.items.filter(state=ItemState.WAITING).exists()
    return True


def _write_report(job: ExportJob, item: ExportItem, owner: str) -> None:
    """All files of one report, recorded together with the entries in the log."""
    with transaction.atomic():
        lease.keep(job.pk, owner)
        ExportItem.objects.filter(pk=item.pk).update(tries=F("tries") + 1)
    started = time.monotonic()
    # The person anew each time: whoever lost the role in the meantime gets nothing more.
    by = User.objects.get(pk=job.by_id)
    report = Report.objects.visible_to(by).with_context().filter(pk=item.report_id).first()
    files: list[Made] = []
    facts: dict[str, str] = {}
    content = None
    if report is None:
        reason = f"{by.name}已无权查看这份报告"
        hidden = Report.objects.with_context().get(pk=item.report_id)
        facts = {"department": hidden.department.name, "year": str(hidden.year)}
    elif report.status not in job.statuses:
        reason = f"报告已变为“{report.get_status_display()}”，不在所选状态之内"
        facts = _facts(report)
    elif item.tries >= MOST_TRIES:
        reason = f"导出这份报告时后台程序连续{MOST_TRIES}次中断，请告诉系统管理员"
        facts = _facts(report)
    else:
        try:
            content = paper.shown(report)
            facts = _facts(report, content)
            files, reason = _write_files(job, report, content, owner.rpartition("/")[2])
        except (OSError, ExportRefused):
            raise
        except Exception as error:
            logger.exception("export %s: report %s failed", job.pk, item.report_id)
            facts, reason = facts or _facts(report), f"数据无法读出：{type(error).__name__}"
    with transaction.atomic():
        lease.keep(job.pk, owner)
        ExportItem.objects.filter(pk=item.pk).update(
            state=ItemState.FAILED if reason else ItemState.DONE,
            files=[asdict(file) for file in files],
            facts=facts,
            reason=reason[:300],
            seconds=round(time.monotonic() - started, 3),
            at=timezone.now(),
        )
        if report and content and files:
            report_services.log_export(
                report=report,
                by=by,
                kind="、".join(KIND_LABELS[file.kind] for file in files),
                version=f"{content.version}，批量导出第{job.pk}号",
            )


def _write_files(job: ExportJob, report: Report, content: paper.Shown, token: str) -> tuple[list[Made], str]:
    """The files of one content in all kinds of the job, and in one sentence what could not be made."""
    files, failures = [], []
    for kind in job.kinds:
        try:
            if kind == FINDINGS:
                data = json.dumps(list(_finding_rows(report, content)), ensure_ascii=False).encode()
            else:
                data = from_content(report, content, kind, with_findings=True)
        except Exception as error:
            logger.exception("export %s: %s of report %s failed", job.pk, kind, report.pk)
            failures.append(f"{KIND_LABELS[kind]}（{type(error).__name__}）")
            continue
        stored = f"{report.pk}-{token}.{kind}"
        write(job.folder / stored, data)
        files.append(Made(kind, stored, len(data), hashlib.sha256(data).hexdigest()))
    return files, f"无法生成{'、'.join(failures)}" if failures else ""


def _finding_rows(report: Report, content: paper.Shown) -> Iterator[tuple[str, ...]]:
    evaluation = content.evaluation
    waived = [finding.model_copy(update={"level": Level.OFF}) for finding in evaluation.waived]
    findings = [finding.model_dump(mode="json") for finding in (*evaluation.findings, *waived)]
    return finding_rows(report, evaluation.dossier, findings, content.version, rule_titles())


def _facts(report: Report, content: paper.Shown | None = None) -> dict[str, str]:
    """What 目录.xlsx says of a report."""
    card = content.evaluation.scorecard if content else None
    parent = report.department.parent
    return {
        "department": report.department.name,
        "main": parent.name if parent else "",
        "year": str(report.year),
        "status": report.get_status_display(),
        "version": content.version if content else "",
        "score": plain(card.score) if card and card.score is not None else "",
        "self_score": plain(card.self_score) if card and card.self_score is not None else "",
        "grade": (card.self_grade or "") if card else "",
        "reviewed_score": "" if report.reviewed_score is None else plain(report.reviewed_score),
    }


# ------------------------------------------------------------------ the archive


def _finish(job: ExportJob, owner: str) -> str:
    """Pack what was made, and tell whoever ordered it."""
    items = list(job.items.select_related("report__profile__department").order_by("pk"))
    if not any(item.files for item in items):
        return _give_up(job, owner, "所选报告都没有导出成功，原因见下表")
    try:
        size, sha256 = _pack(job, owner, items)
    except archive.Damaged as damaged:
        # A finished file is not what was recorded (a damaged disk, a hand that tidied up): that report is done again.
        number = int(damaged.entry.source.name.partition("-")[0])
        with transaction.atomic():
            lease.end(job.pk, owner, state=ExportState.QUEUED)
            job.items.filter(report=number).update(state=ItemState.WAITING, files=[], tries=0)
        return MORE
    failed = sum(item.state == ItemState.FAILED for item in items)
    now = timezone.now()
    with transaction.atomic():
        lease.end(
            job.pk,
            owner,
            state=ExportState.DONE,
            size=size,
            sha256=sha256,
            finished_at=now,
            expires_at=now + datetime.timedelta(days=settings.EXPORT_KEEP_DAYS),
        )
        outcome = f"{len(items) - failed}份报告" + (f"，{failed}份没有全部导出" if failed else "")
        record(
            event="export-done",
            sentence=f"{job}（第{job.pk}号）完成：{outcome}",
            by=job.by,
            region=job.round.region,
            data={"export": job.pk, "sha256": sha256},
        )
        _tell(job, f"{job}已完成（{outcome}），可在“批量导出”下载，保留{settings.EXPORT_KEEP_DAYS}天")
    if not failed:  # what failed may be tried again, and then needs the others
        for part in job.folder.iterdir():
            if part != job.archive:
                part.unlink(missing_ok=True)
    return DONE


def _pack(job: ExportJob, owner: str, items: Sequence[ExportItem]) -> tuple[int, str]:
    entries, rows = [], []
    for item in items:
        for file in (Made(**fields) for fields in item.files):
            if file.kind == FINDINGS:
                continue
            name = f"{KINDS[file.kind].folder}/{file_name(item.report, file.kind)}"
            entries.append(archive.Entry(name, job.folder / file.stored, file.size, file.sha256))
            rows.append(
                archive.Row(item.facts, KINDS[file.kind].label, name, file.size, file.sha256, item.reason)
            )
        if not any(file["kind"] != FINDINGS for file in item.files):
            rows.append(archive.Row(item.facts, reason=item.reason))
    extras = [(archive.NOTES, archive.notes(_notes(job, items))), (archive.INDEX, archive.index(rows))]
    if FINDINGS in job.kinds:
        extras.append((archive.FINDINGS, sheet_of(list(_all_findings(job, items)))))
    beat = _Beat(job.pk, owner)
    beat()
    return archive.write(job.archive, entries, extras, beat)


class _Beat:
    """Keeps the lease while files are packed, without a write to the database for each of them."""

    def __init__(self, job: int, owner: str) -> None:
        self.job, self.owner, self.next = job, owner, 0.0

    def __call__(self) -> None:
        if time.monotonic() >= self.next:
            lease.keep(self.job, self.owner)
            self.next = time.monotonic() + settings.WORKER_SILENCE_SECONDS / 10


def _all_findings(job: ExportJob, items: Sequence[ExportItem]) -> Iterator[list[str]]:
    for item in items:
        for file in item.files:
            if file["kind"] == FINDINGS:
                source = job.folder / file["stored"]
                data = source.read_bytes() if source.is_file() else b""
                if hashlib.sha256(data).hexdigest() != file["sha256"]:
                    raise archive.Damaged(
                        archive.Entry(archive.FINDINGS, source, file["size"], file["sha256"])
                    )
                yield from json.loads(data)


def _notes(job: ExportJob, items: Sequence[ExportItem]) -> Iterator[str]:
    failed = [item for item in items if item.state == ItemState.FAILED]
    ordered = timezone.localtime(job.created_at)
    yield f"{job.round.region.name}{job.round.year}年度部门整体支出绩效自评报告批量导出"
    yield ""
    yield f"导出人：{job.by.name}"
    yield f"提交时间：{ordered:%Y-%m-%d %H:%M}"
    yield f"范围：{describe(job)}"
    yield f"报告：{len(items)}份，其中{len(items) - len(failed)}份全部导出，{len(failed)}份没有全部导出"
    yield ""
    yield "1.“目录.xlsx”逐个文件列出单位、状态、得分、文件名和校验值（SHA-256）。"
    yield "2.已报送的报告按最近一次报送的内容导出；填报中、已退回的报告按导出时的内容导出。"
    yield "3.没有审核通过的报告每页都有“草稿”字样，只供内部查看。"
    if FINDINGS in job.kinds:
        yield "4.“核对结果.xlsx”列出这些报告的核对发现、依据、修改建议和单位的说明。"
    if failed:
        yield ""
        yield "没有全部导出的报告："
        for item in failed:
            yield f"  {item.facts.get('department') or item.report.department.name}：{item.reason}"


def _give_up(job: ExportJob, owner: str, message: str) -> str:
    now = timezone.now()
    try:
        with transaction.atomic():
            lease.end(
                job.pk,
                owner,
                state=ExportState.FAILED,
                message=message[:300],
                finished_at=now,
                expires_at=now + datetime.timedelta(days=settings.EXPORT_KEEP_DAYS),
            )
            record(
                event="export-failed",
                sentence=f"{job}（第{job.pk}号）没有完成：{message}",
                by=job.by,
                region=job.round.region,
                data={"export": job.pk},
            )
            _tell(job, f"{job}没有完成：{message}。可在“批量导出”重试")
    except lease.LeaseLost:
        return _lost(job)
    return FAILED


def _lost(job: ExportJob) -> str:
    """Another worker has the job, or it was cancelled while this one was writing."""
    if ExportJob.objects.filter(pk=job.pk, state=ExportState.CANCELLED).exists():
        services.remove_files(job)
    return LOST


def _tell(job: ExportJob, text: str) -> None:
    Notice.objects.create(user=job.by, text=text[:500])
