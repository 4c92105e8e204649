"""Writing of rectification (整改): issue, answer, judge, remind, withdraw. Each is one act with one log entry."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from departments.models import User
from departments.services import record as log
from reports import services
from reports.choices import DONE
from reports.documents.wording import chinese_date
from reports.models import (
    Rectification,
    RectificationAnswer,
    RectificationFile,
    RectificationItem,
    RectificationReply,
    RectificationState,
    Report,
    Round,
    SpotCheck,
    Verdict,
)
from reports.workflow import BUREAU, UNIT, NotAllowed, Party, Refused, parties
from reports.workspace.attachments import FileRefused, inspect, plain_name, require_clean, write_whole

MOST_ITEMS = 20
MOST_FILES = 10
REMIND_EVERY = datetime.timedelta(days=3)
"""An overdue notice is brought to mind by the daily command at most so often."""
LONGEST = datetime.timedelta(days=366)


@dataclass(frozen=True)
class Item:
    """One thing to put right, as typed."""

    problem: str
    requirement: str


# ------------------------------------------------------------------ issuing


@transaction.atomic
def issue(
    *,
    report: Report,
    by: User,
    basis: str,
    items: Sequence[Item],
    due: datetime.date,
    spot_check: SpotCheck | None = None,
) -> Rectification:
    """Send a unit a rectification notice (下发整改通知) about its approved report. Raises :class:`Refused`."""
    report = Report.objects.locked(report.pk)
    _require(services.holds(by, report, *BUREAU), "下发整改通知")
    if report.status not in DONE:
        raise Refused(
            f"报告现为“{report.get_status_display()}”，审核通过后才能下发整改通知；审核中请用审核意见或退回"
        )
    recorded = SpotCheck.objects.filter(report=report).exclude(recorded_at=None)
    if spot_check and not recorded.filter(pk=spot_check.pk).exists():
        raise Refused("整改通知只能依据这份报告已有结果的抽查")
    basis = basis.strip()
    if not basis:
        raise Refused("请写明整改依据")
    if not items:
        raise Refused("请至少写明一项整改事项")
    if len(items) > MOST_ITEMS:
        raise Refused(f"一份整改通知最多{MOST_ITEMS}项")
    if any(not item.problem.strip() or not item.requirement.strip() for item in items):
        raise Refused("每项整改事项都要写明存在问题和整改要求")
    _require_day(due)
    # The round's row is the lock of its numbering.
    Round.objects.select_for_update(no_key=True).get(pk=report.round_id)
    last = Rectification.objects.filter(round=report.round_id).aggregate(last=Max("number"))["last"]
    notice = Rectification.objects.create(
        report=report,
        round=report.round,
        number=(last or 0) + 1,
        spot_check=spot_check,
        basis=basis,
        due=due,
        issued_by=by,
    )
    RectificationItem.objects.bulk_create(
        RectificationItem(
            notice=notice,
            position=number,
            problem=item.problem.strip(),
            requirement=item.requirement.strip(),
        )
        for number, item in enumerate(items, 1)
    )
    sentence = f"{by.name}下发{notice.code}整改通知，共{len(items)}项，请于{chinese_date(due)}前反馈"
    _log(notice, by, "rectification-issue", sentence)
    _tell(notice, by, sentence, *UNIT, Party.MAIN_REVIEWER)
    return notice


# ------------------------------------------------------------------ answering


def may_answer(user: User, notice: Rectification) -> bool:
    """The unit's filler or head."""
    return services.holds(user, notice.report, *UNIT)


def answer(
    *,
    notice: Rectification,
    by: User,
    replies: dict[int, str],
    text: str = "",
    uploads: Iterable[UploadedFile] = (),
) -> RectificationAnswer:
    """The unit's answer (整改反馈): what was done about every item, with files that prove it.

    ``replies`` is by the item's position. Raises :class:`Refused` and
    :class:`~reports.workspace.attachments.FileRefused`; then nothing is kept.
    """
    uploads = list(uploads)
    _require(may_answer(by, notice), "反馈整改情况")
    if len(uploads) > MOST_FILES:
        raise Refused(f"一次最多上传{MOST_FILES}个文件")
    kinds = []
    for upload in uploads:  # outside the transaction: opening files takes time
        kinds.append(inspect(upload))
        require_clean(upload)
    written: list[tuple[Path, str]] = []
    try:
        for upload in uploads:
            written.append(write_whole(upload, f"rectifications/{notice.pk}"))
        with transaction.atomic():
            return _keep_answer(notice, by, replies, text, list(zip(uploads, kinds, written, strict=True)))
    except BaseException:
        for path, digest in written:
            if not RectificationFile.objects.filter(answer__notice=notice, sha256=digest).exists():
                path.unlink(missing_ok=True)
        raise


def _keep_answer(
    notice: Rectification, by: User, replies: dict[int, str], text: str, files: list[tuple]
) -> RectificationAnswer:
    notice = _locked(notice)
    _require(may_answer(by, notice), "反馈整改情况")
    _require_state(notice, RectificationState.WAITING, "反馈")
    items = list(notice.items.all())
    stated = {item: (replies.get(item.position) or "").strip() for item in items}
    missing = [str(item.position) for item, words in stated.items() if not words]
    if missing:
        raise Refused(f"第{'、'.join(missing)}项还没有填写整改情况")
    digests = [digest for _, _, (_, digest) in files]
    if len(set(digests)) < len(digests):
        raise FileRefused("同一份文件选了两次，不必重复上传")
    made = RectificationAnswer.objects.create(
        notice=notice, number=notice.answers.count() + 1, text=text.strip(), by=by
    )
    RectificationReply.objects.bulk_create(
        RectificationReply(answer=made, item=item, text=words) for item, words in stated.items()
    )
    RectificationFile.objects.bulk_create(
        RectificationFile(
            answer=made,
            name=plain_name(upload),
            file=str(path.relative_to(settings.MEDIA_ROOT)),
            content_type=kind.content_type,
            size=upload.size,
            sha256=digest,
        )
        for upload, kind, (path, digest) in files
    )
    notice.status = RectificationState.ANSWERED
    notice.save(update_fields=["status"])
    with_files = f"，附件{len(files)}个" if files else ""
    sentence = f"{by.name}反馈{notice.code}的整改情况（第{made.number}次）{with_files}"
    _log(notice, by, "rectification-answer", sentence, answer=made.number)
    people = parties(notice.report)
    told = {notice.follower_id or notice.issued_by_id} & (people[Party.REVIEWER] | people[Party.MANAGER])
    services.notify(report=notice.report, to=(told | people[Party.MANAGER]) - {by.pk}, text=sentence)
    return made


# ------------------------------------------------------------------ judging, reminding, withdrawing


def may_judge(user: User, notice: Rectification) -> bool:
    """The bureau."""
    return services.holds(user, notice.report, *BUREAU)


@transaction.atomic
def judge(
    *,
    notice: Rectification,
    by: User,
    verdict: str,
    words: str = "",
    due: datetime.date | None = None,
    number: int | None = None,
) -> Rectification:
    """Accept the newest answer and close the notice (销号), or ask again (要求继续整改) with a reason and a new date.

    ``number`` is the answer that was read; if another has come since, nothing is done.
    """
    notice = _locked(notice)
    _require(may_judge(by, notice), "审核整改反馈")
    verdict, words = Verdict(verdict), words.strip()
    _require_state(notice, RectificationState.ANSWERED, "审核")
    newest = notice.answers.order_by("-number").first()
    if number is not None and newest.number != number:
        raise Refused("单位又有新的反馈，请先看过再审核")
    if verdict is Verdict.AGAIN:
        if not words:
            raise Refused("要求继续整改的，请写明理由和要求")
        _require_day(due)
    newest.verdict, newest.verdict_words = verdict, words
    newest.verdict_by, newest.verdict_at = by, timezone.now()
    newest.save(update_fields=["verdict", "verdict_words", "verdict_by", "verdict_at"])
    if verdict is Verdict.ACCEPTED:
        _close(notice, by, RectificationState.CLOSED, words)
        sentence = f"{by.name}同意{notice.code}销号{f'：{words}' if words else ''}"
    else:
        notice.status, notice.due, notice.reminded_on = RectificationState.WAITING, due, None
        notice.save(update_fields=["status", "due", "reminded_on"])
        sentence = f"{by.name}要求继续整改（{notice.code}），请于{chinese_date(due)}前再次反馈：{words}"
    _log(notice, by, f"rectification-{verdict.value}", sentence, answer=newest.number)
    _tell(notice, by, sentence, *UNIT)
    return notice


@transaction.atomic
def withdraw(*, notice: Rectification, by: User, reason: str) -> Rectification:
    """Take a notice back (撤回整改通知), with a reason."""
    notice = _locked(notice)
    _require(may_judge(by, notice), "撤回整改通知")
    if notice.status == RectificationState.WITHDRAWN:
        return notice
    if notice.status == RectificationState.CLOSED:
        raise Refused("整改已销号，不能撤回")
    if not reason.strip():
        raise Refused("请写明撤回理由")
    _close(notice, by, RectificationState.WITHDRAWN, reason.strip())
    sentence = f"{by.name}撤回{notice.code}整改通知，理由：{reason.strip()}"
    _log(notice, by, "rectification-withdraw", sentence)
    _tell(notice, by, sentence, *UNIT)
    return notice


@transaction.atomic
def remind(*, notice: Rectification, by: User | None) -> Rectification:
    """Bring a notice that waits for its answer to the unit's mind (催办), at most once a day."""
    notice = _locked(notice)
    if by is not None:
        _require(may_judge(by, notice), "催办整改")
    _require_state(notice, RectificationState.WAITING, "催办")
    today = timezone.localdate()
    if notice.reminded_on == today:
        raise Refused("今天已经催办过")
    notice.reminded_on = today
    notice.save(update_fields=["reminded_on"])
    late = f"已逾期{notice.days_late}天" if notice.late else f"反馈期限{chinese_date(notice.due)}"
    sentence = f"{by.name if by else '系统'}催办{notice.code}：{late}，请尽快反馈整改情况"
    _log(notice, by, "rectification-remind", sentence)
    _tell(notice, by, sentence, *UNIT)
    return notice


def remind_overdue() -> int:
    """Remind of every overdue notice that was not brought to mind lately; for a daily command. Returns how many."""
    before = timezone.localdate() - REMIND_EVERY
    overdue = Rectification.objects.overdue().exclude(reminded_on__gt=before)
    done = 0
    for notice in list(overdue):
        try:
            remind(notice=notice, by=None)
        except Refused:
            continue  # answered since
        done += 1
    return done


# ------------------------------------------------------------------ common


def _close(notice: Rectification, by: User, state: RectificationState, words: str) -> None:
    notice.status, notice.closed_by, notice.closed_at = state, by, timezone.now()
    notice.closed_words = words
    notice.save(update_fields=["status", "closed_by", "closed_at", "closed_words"])


def _locked(notice: Rectification) -> Rectification:
    found = Rectification.objects.select_for_update(of=("self",), no_key=True).get(pk=notice.pk)
    found.report = Report.objects.with_context().get(pk=found.report_id)
    found.round = found.report.round
    return found


def _require(allowed: bool, act: str) -> None:
    if not allowed:
        raise NotAllowed(f"没有“{act}”的权限")


def _require_state(notice: Rectification, state: RectificationState, act: str) -> None:
    if notice.status != state:
        raise Refused(f"{notice.code}现为“{notice.get_status_display()}”，不用再{act}")


def _require_day(due: datetime.date | None) -> None:
    today = timezone.localdate()
    if due is None:
        raise Refused("请填写反馈期限")
    if due < today:
        raise Refused("反馈期限不能早于今天")
    if due - today > LONGEST:
        raise Refused("反馈期限不能超过一年，请核对年份")


def _tell(notice: Rectification, by: User | None, sentence: str, *wanted: Party) -> None:
    people = parties(notice.report)
    told = set().union(*(people[party] for party in wanted)) - {by.pk if by else None}
    services.notify(report=notice.report, to=told, text=sentence)


def _log(notice: Rectification, by: User | None, event: str, sentence: str, **data: object) -> None:
    log(
        event=event,
        sentence=sentence,
        by=by,
        profile=notice.report.profile,
        data={"report": notice.report_id, "notice": notice.pk, **data},
    )
