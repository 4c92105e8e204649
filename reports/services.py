"""Writing beside the workflow: comments and answers, waivers, the reviewed score, assignment, extension, notices, log.

Each function is one act: it asks who may, writes, and leaves exactly one entry in the audit trail. It raises
:class:`~reports.workflow.NotAllowed` or :class:`~reports.workflow.Refused` with a Chinese sentence.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from budgets.money import plain
from departments.models import AuditEntry, User
from departments.services import record
from reports import notices
from reports.choices import EDITABLE, REVIEWABLE, Status
from reports.evaluation import evaluate, remember
from reports.models import Comment, Notice, Opening, Report, ReviewMark, Submission, Waiver
from reports.paper import shown
from reports.places import place
from reports.workflow import BUREAU, UNIT, NotAllowed, Party, Refused, parties

REVIEW_SIDE = (*BUREAU, Party.MAIN_REVIEWER)
COMMENTABLE = REVIEWABLE | {Status.RETURNED}
WAIVABLE = EDITABLE
EXTENDABLE = EDITABLE | {Status.CERTIFIED}
SCORABLE = frozenset({Status.SUBMITTED, Status.APPROVED})
WHOLE_REPORT = "整份报告"
LONGEST_EXTENSION = datetime.timedelta(days=366)
LARGEST_SCORE = Decimal(100)
READING_KEPT_FOR = datetime.timedelta(hours=1)
"""A person's reading of one report is logged at most once in this time."""


def holds(user: User, report: Report, *wanted: Party) -> bool:
    """Whether the person stands in one of these capacities towards the report."""
    return any(party.includes(user, report) for party in wanted)


def may_comment(user: User, report: Report) -> bool:
    """The bureau while it reviews or the report is returned; the main department while it reviews."""
    if report.status == Status.DEPARTMENT_REVIEW:
        return holds(user, report, Party.MAIN_REVIEWER, *BUREAU)
    return report.status in COMMENTABLE and holds(user, report, *BUREAU)


def may_resolve(user: User, comment: Comment) -> bool:
    """The bureau closes any comment; the main department its own, and any while it reviews."""
    report = comment.report
    its_turn = comment.author_id == user.pk or report.status == Status.DEPARTMENT_REVIEW
    return holds(user, report, *BUREAU) or (its_turn and holds(user, report, Party.MAIN_REVIEWER))


def may_waive(user: User, report: Report) -> bool:
    """The round manager while the unit fills in: a waiver opens the way to certification."""
    return report.status in WAIVABLE and holds(user, report, Party.MANAGER)


def may_score(user: User, report: Report) -> bool:
    """The bureau, once the report is submitted; a nil report (零报告) has no score."""
    return report.status in SCORABLE and not report.nil and holds(user, report, *BUREAU)


def require_review_side(user: User, report: Report) -> None:
    """Refuse everyone but the bureau and the main department."""
    _require(holds(user, report, *REVIEW_SIDE), "提出审核意见")


def require_bureau(user: User, report: Report) -> None:
    """Refuse everyone but the bureau."""
    _require(holds(user, report, *BUREAU), "审核报告")


def require_manager(user: User, report: Report) -> None:
    """Refuse everyone but the round manager."""
    _require(holds(user, report, Party.MANAGER), "管理自评任务")


def require_unit(user: User, report: Report) -> None:
    """Refuse everyone but the unit's filler and head."""
    _require(holds(user, report, *UNIT), "代表单位操作")


# ------------------------------------------------------------------ comments


@transaction.atomic
def add_comment(*, report: Report, by: User, where: str, text: str) -> Comment:
    """A reviewer's words on one place of the report (审核意见); ``where`` empty means the whole report."""
    report = _locked(report)
    _require(holds(by, report, *REVIEW_SIDE), "提出审核意见")
    if not may_comment(by, report):
        raise Refused(f"报告现为“{report.get_status_display()}”，不能再提审核意见")
    text = _written(text, "请写明审核意见")
    label = label_of(report, where)[:200]
    comment = Comment.objects.create(report=report, author=by, where=where, where_label=label, text=text)
    target = f"对【{label}】" if where else ""
    _log(report, by, "comment-add", f"{by.name}{target}提出审核意见：{text}", comment=comment.pk)
    notify(report=report, to=_people(report, *UNIT) - {by.pk}, text=f"{by.name}{target}提出审核意见：{text}")
    return comment


@transaction.atomic
def answer_comment(*, comment: Comment, by: User, text: str) -> Comment:
    """The unit's answer (答复); it may be worded anew until the comment is resolved."""
    comment = _locked_comment(comment)
    report = comment.report
    _require(holds(by, report, *UNIT), "答复审核意见")
    if comment.resolved_at:
        raise Refused("这条审核意见已经了结，不用再答复")
    comment.answer = _written(text, "请写明答复内容")
    comment.answered_by, comment.answered_at = by, timezone.now()
    comment.save(update_fields=["answer", "answered_by", "answered_at"])
    _log(report, by, "comment-answer", f"{by.name}答复审核意见：{comment.answer}", comment=comment.pk)
    notify(
        report=report, to={comment.author_id} - {by.pk}, text=f"{by.name}答复了您的审核意见：{comment.answer}"
    )
    return comment


@transaction.atomic
def resolve_comment(*, comment: Comment, by: User) -> Comment:
    """Close a comment (了结); the second click changes nothing."""
    comment = _locked_comment(comment)
    report = comment.report
    _require(may_resolve(by, comment), "了结审核意见")
    if comment.resolved_at:
        return comment
    comment.resolved_at, comment.resolved_by = timezone.now(), by
    comment.save(update_fields=["resolved_at", "resolved_by"])
    _log(report, by, "comment-resolve", f"{by.name}了结审核意见：{comment.text}", comment=comment.pk)
    return comment


def label_of(report: Report, where: str) -> str:
    """Chinese name of a place of the report's dossier, as people read it."""
    return place(where, shown(report).evaluation.dossier).label if where else WHOLE_REPORT


# ------------------------------------------------------------------ waivers, score, extension, assignment


@transaction.atomic
def waive(*, report: Report, by: User, code: str, reason: str) -> Waiver:
    """Release a report from one rule (豁免), with a reason that stays visible."""
    report = _locked(report)
    _require(holds(by, report, Party.MANAGER), "豁免核对规则")
    if not may_waive(by, report):
        raise Refused(f"报告现为“{report.get_status_display()}”，只有填报或退回期间可以豁免核对规则")
    reason = _written(reason, "请写明豁免理由")
    evaluation = evaluate(report)
    message = next((finding.message for finding in evaluation.findings if finding.code == code), None)
    if message is None:
        raise Refused("这条核对发现已不存在或已豁免")
    waiver = Waiver.objects.create(report=report, code=code, reason=reason, by=by)
    remember(report, evaluate(report))
    _log(report, by, "waive", f"{by.name}豁免“{message}”，理由：{reason}", code=code)
    notify(
        report=report, to=_people(report, *UNIT) - {by.pk}, text=f"{by.name}豁免“{message}”，理由：{reason}"
    )
    return waiver


@transaction.atomic
def withdraw_waiver(*, waiver: Waiver, by: User) -> Report:
    """Take a waiver back (撤销豁免); the finding counts again."""
    report = _locked(waiver.report)
    _require(holds(by, report, Party.MANAGER), "撤销豁免")
    if not may_waive(by, report):
        raise Refused(f"报告现为“{report.get_status_display()}”，不能撤销豁免")
    if Waiver.objects.filter(pk=waiver.pk).delete()[0]:
        remember(report, evaluate(report))
        _log(
            report,
            by,
            "waive-withdraw",
            f"{by.name}撤销了一项豁免（原理由：{waiver.reason}）",
            code=waiver.code,
        )
    return report


@transaction.atomic
def set_reviewed_score(*, report: Report, by: User, score: Decimal | None, reason: str = "") -> Report:
    """The bureau's own score (复核得分) beside the unit's; a differing one needs a reason. ``None`` takes it back."""
    report = _locked(report)
    _require(holds(by, report, *BUREAU), "填写复核得分")
    if report.nil:
        raise Refused("零报告没有得分，不用复核评分")
    if not may_score(by, report):
        raise Refused(f"报告现为“{report.get_status_display()}”，不能填写复核得分")
    if ReviewMark.objects.filter(
        submission__in=Submission.objects.filter(report=report).order_by("-number")[:1]
    ):
        raise Refused("已有单项复核，复核得分由各项得出；要直接填写总分，请先撤销单项复核")
    if score is not None and not 0 <= score <= LARGEST_SCORE:
        raise Refused("复核得分应在0至100之间")
    reason = reason.strip()
    if score is not None and score != report.shown_self_score and not reason:
        raise Refused("复核得分与自评得分不一致，请写明复核说明")
    report.reviewed_score, report.reviewed_reason = score, reason if score is not None else ""
    report.save(update_fields=["reviewed_score", "reviewed_reason"])
    told = "撤回复核得分" if score is None else f"填写复核得分{plain(score)}分"
    sentence = f"{by.name}{told}{f'，说明：{reason}' if reason else ''}"
    _log(report, by, "review-score", sentence, score=None if score is None else str(score))
    notify(report=report, to=_people(report, *UNIT) - {by.pk}, text=sentence)
    return report


@transaction.atomic
def extend(*, report: Report, by: User, until: datetime.date, reason: str) -> Report:
    """A later deadline for one report (延期)."""
    report = _locked(report)
    _require(holds(by, report, Party.MANAGER), "批准延期")
    reason = _written(reason, "请写明延期理由")
    if report.status not in EXTENDABLE:
        raise Refused(f"报告现为“{report.get_status_display()}”，不用延期")
    if report.round.closed_at:
        raise Refused("这一年度的自评任务已经关闭，请先重新开放任务再延期")
    if until <= report.round.deadline:
        raise Refused(f"延期日期应晚于截止日期{report.round.deadline:%Y-%m-%d}")
    if until - report.round.deadline > LONGEST_EXTENSION:
        raise Refused("延期不能超过截止日期一年，请核对年份")
    report.extended_until = until
    report.save(update_fields=["extended_until"])
    sentence = f"{by.name}同意延期至{until.year}年{until.month}月{until.day}日，理由：{reason}"
    _log(report, by, "extend", sentence, until=until.isoformat())
    notify(report=report, to=_people(report, *UNIT) - {by.pk}, text=sentence)
    return report


@transaction.atomic
def claim(*, report: Report, by: User) -> Report:
    """Take a report to review (认领). Somebody else's stays theirs."""
    report = _locked(report)
    _require(holds(by, report, *BUREAU), "认领报告")
    if report.assigned_to_id == by.pk:
        return report
    if report.assigned_to_id:
        raise Refused(f"这份报告已由{report.assigned_to.name}认领")
    return _assign(report, by, by, f"{by.name}认领这份报告")


@transaction.atomic
def release(*, report: Report, by: User) -> Report:
    """Give a report back to the queue (取消认领): the reviewer's own, or any one for the round manager."""
    report = _locked(report)
    _require(holds(by, report, *BUREAU), "取消认领")
    if report.assigned_to_id is None:
        return report
    if report.assigned_to_id != by.pk and not holds(by, report, Party.MANAGER):
        raise Refused(f"这份报告由{report.assigned_to.name}认领，请本人或绩效股取消")
    return _assign(report, by, None, f"{by.name}取消了{report.assigned_to.name}的认领")


@transaction.atomic
def assign(*, report: Report, by: User, to: User) -> Report:
    """Give a report to a reviewer of the region (分派)."""
    report = _locked(report)
    _require(holds(by, report, Party.MANAGER), "分派报告")
    if not holds(to, report, *BUREAU):
        raise Refused(f"{to.name}不是本区县的审核人员")
    if report.assigned_to_id == to.pk:
        return report
    report = _assign(report, by, to, f"{by.name}把报告分派给{to.name}审核")
    notify(report=report, to={to.pk} - {by.pk}, text=f"{by.name}把这份报告分派给您审核")
    return report


def _assign(report: Report, by: User, to: User | None, sentence: str) -> Report:
    report.assigned_to = to
    report.save(update_fields=["assigned_to"])
    _log(report, by, "assign", sentence, to=to.pk if to else None)
    return report


# ------------------------------------------------------------------ reading and exporting others' reports


READ, READ_FILE, EXPORTED = "report-read", "report-read-file", "report-export"
READINGS = (READ, READ_FILE, EXPORTED)
"""Events about reading; the audit log shows them, the trail on a report's page only to who watches over them."""


def log_reading(*, report: Report, by: User) -> None:
    """Log that somebody outside the unit read the report, at most once a person, report and hour."""
    if not holds(by, report, *UNIT) and not _read_lately(report, by, READ):
        _log(report, by, READ, f"{by.name}查阅报告")


def log_file_reading(*, report: Report, by: User, name: str) -> None:
    """Log that somebody outside the unit looked at a file of evidence, at most once a person, file and hour."""
    if not holds(by, report, *UNIT) and not _read_lately(report, by, READ_FILE, data__file=name):
        _log(report, by, READ_FILE, f"{by.name}查阅佐证材料“{name}”", file=name)


def log_file_export(*, report: Report, by: User, name: str) -> None:
    """Log that somebody outside the unit downloaded a file of evidence."""
    if not holds(by, report, *UNIT):
        log_export(report=report, by=by, kind="佐证材料", version=name)


def _read_lately(report: Report, by: User, event: str, **more: object) -> bool:
    since = timezone.now() - READING_KEPT_FOR
    return AuditEntry.objects.filter(
        profile=report.profile_id, event=event, actor=by, at__gte=since, **more
    ).exists()


@transaction.atomic
def _open(report: Report, by: User) -> None:
    report = _locked(report)  # a recall of the unit waits, and is refused afterwards
    newest = Submission.objects.filter(report=report).order_by("-number").first()
    if newest and may_open(by, report):
        Opening.objects.get_or_create(submission=newest, defaults={"by": by})


def may_open(user: User, report: Report) -> bool:
    """Whether it is this person's turn to review, so that looking at the report begins the review."""
    if report.status == Status.DEPARTMENT_REVIEW:
        return holds(user, report, Party.MAIN_REVIEWER)
    return report.status == Status.SUBMITTED and holds(user, report, *BUREAU)


def record_opening(*, report: Report, by: User, submission: Submission | None) -> None:
    """Keep who first opened a submission to review it (首次查阅): the unit can recall it only until then.

    What a main department opened stays opened when it passes the report on.
    """
    if (
        submission is not None
        and may_open(by, report)
        and not Opening.objects.filter(submission=submission).exists()
    ):
        _open(report, by)


def log_export(*, report: Report, by: User, kind: str, version: str) -> None:
    """Log an export; ``version`` says which content left the house."""
    _log(report, by, EXPORTED, f"{by.name}导出报告（{kind}，{version}）", kind=kind)


# ------------------------------------------------------------------ notices


def notify(*, report: Report, to: Iterable[int], text: str) -> None:
    """Put a message about a report into people's inboxes (站内通知)."""
    notices.send(report, to, text)


def mark_read(*, user: User, notice: int | None = None) -> int:
    """Mark one notice or all of them read; only the person's own."""
    unread = Notice.objects.filter(user=user, read_at=None)
    if notice is not None:
        unread = unread.filter(pk=notice)
    return unread.update(read_at=timezone.now())


# ------------------------------------------------------------------ common


def _locked(report: Report) -> Report:
    return Report.objects.locked(report.pk)


def _locked_comment(comment: Comment) -> Comment:
    report = _locked(comment.report)  # one lock for everything that is said about a report
    comment = Comment.objects.get(pk=comment.pk)
    comment.report = report
    return comment


def _require(allowed: bool, act: str) -> None:
    if not allowed:
        raise NotAllowed(f"没有“{act}”的权限")


def _written(text: str, otherwise: str) -> str:
    if not text.strip():
        raise Refused(otherwise)
    return text.strip()


def _people(report: Report, *wanted: Party) -> set[int]:
    people = parties(report)
    return set().union(*(people[party] for party in wanted))


def _log(report: Report, by: User, event: str, sentence: str, **data: object) -> None:
    record(event=event, sentence=sentence, by=by, profile=report.profile, data={"report": report.pk, **data})
