"""Writing on a round (自评任务): open, begin reports, add units, change, chase, extend, leave out, close, reopen.

Each function is one act: it asks who may, writes in one transaction (:func:`begin_awaiting` in one short one a unit, so that
nobody who types waits for 300 reports), and leaves its entries in the audit trail. It raises
:class:`~reports.workflow.NotAllowed` or :class:`~reports.workflow.Refused` with a Chinese sentence. ``by=None`` is the
command line or the clock (系统).
"""

from __future__ import annotations

import datetime
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from departments.models import Department, Region, RoleAssignment, User
from departments.services import record
from indicators.policy import PolicyError
from reports import services, workflow
from reports.choices import OWED, Status
from reports.models import Notice, Reminder, Report, Round, StampedScan
from reports.notices import send_all
from reports.outline import OutlineError
from reports.outlines import outline_named
from reports.policies import policy_named
from reports.rollover import begin_report
from reports.rounds.exchange import require_manager
from reports.workflow import UNIT, NotAllowed, Refused, Step

YEARS = range(2000, 2101)
LONGEST_REMINDER = 300


def day(date: datetime.date) -> str:
    """A date as a Chinese sentence names it."""
    return f"{date.year}年{date.month}月{date.day}日"


def _may(by: User | None, region: Region | int, act: str) -> User | None:
    """The person with the roles held now; refused unless round manager of the region."""
    if by is None:
        return None
    by = User.objects.get(pk=by.pk)
    require_manager(by, region, act)
    return by


def _name(by: User | None) -> str:
    return by.name if by else "系统"


def _locked(round: Round) -> Round:
    return (
        Round.objects.select_for_update(of=("self",), no_key=True).select_related("region").get(pk=round.pk)
    )


def _reports(round: Round) -> list[Report]:
    """All reports of the round, held until the transaction ends: no step of any of them slips in between."""
    held = Report.objects.select_for_update(of=("self",), no_key=True).with_context().filter(round=round)
    return list(held.order_by("pk"))


def _require_open(round: Round) -> None:
    if round.closed_at:
        raise Refused(f"{round}已经关闭，请先重新开放")


# ------------------------------------------------------------------ opening


@dataclass(frozen=True)
class Terms:
    """What a round goes by, as its manager sets it."""

    opens: datetime.date
    deadline: datetime.date
    department_review: bool = False
    scan_required: bool = False


@transaction.atomic
def open_year(
    *,
    region: Region,
    by: User | None,
    year: int,
    departments: Iterable[Department],
    policy: str,
    template: str,
    terms: Terms,
    carry_over: bool = True,
) -> Round:
    """Open a year's round (布置自评任务) for these departments; :func:`begin_awaiting` then makes their reports.

    Raises :class:`Refused` for a year that is open already, impossible dates, an unknown policy or outline, and for a
    department of another region or out of use.
    """
    by = _may(by, region, "布置自评任务")
    region = Region.objects.select_for_update(no_key=True).get(
        pk=region.pk
    )  # one round a year, also for two clicks at once
    if year not in YEARS:
        raise Refused("评价年度应在2000年至2100年之间")
    if Round.objects.filter(region=region, year=year).exists():
        raise Refused(f"{region.name}{year}年度的自评任务已经建立，可以在任务页增加单位")
    _check_terms(terms)
    if terms.deadline < timezone.localdate():
        raise Refused("截止日期已经过去")
    try:
        labels = policy_named(policy, region).label, outline_named(template, region).label
    except (PolicyError, OutlineError) as error:
        raise Refused(str(error)) from None
    chosen = _chosen(region, departments)
    round = Round.objects.create(
        region=region,
        year=year,
        policy=policy,
        template=template,
        opens=terms.opens,
        deadline=terms.deadline,
        department_review=terms.department_review,
        scan_required=terms.scan_required,
        carry_over=carry_over,
        awaiting=chosen,
    )
    record(
        event="round-open",
        sentence=f"{_name(by)}布置{round}，{len(chosen)}个单位，截止{day(round.deadline)}，评分办法“{labels[0]}”，"
        f"报告模板“{labels[1]}”{_extras(terms)}，{'从上年度报告带入' if carry_over else '不从上年度报告带入'}",
        by=by,
        region=region,
        data={"round": round.pk, "departments": chosen},
    )
    return round


def _extras(terms: Terms) -> str:
    words = []
    if terms.department_review:
        words.append("先经主管部门审核")
    if terms.scan_required:
        words.append("须上传盖章扫描件")
    return "".join(f"，{word}" for word in words)


def _check_terms(terms: Terms) -> None:
    if terms.deadline < terms.opens:
        raise Refused("截止日期不能早于开始日期")
    if terms.deadline - max(terms.opens, timezone.localdate()) > services.LONGEST_EXTENSION:
        raise Refused("截止日期在一年以后，请核对年份")


def _chosen(region: Region, departments: Iterable[Department]) -> list[int]:
    """Keys of the departments, refused where one is not the region's or no longer in use."""
    wanted = {department.pk for department in departments}
    if not wanted:
        raise Refused("请至少选择一个单位")
    found = Department.objects.filter(pk__in=wanted, region=region, is_active=True)
    keys = list(found.order_by("pk").values_list("pk", flat=True))
    if len(keys) < len(wanted):
        raise Refused("选中的单位有的不属于本区县或者已经停用，请重新选择")
    return keys


@transaction.atomic
def add_departments(*, round: Round, by: User | None, departments: Iterable[Department]) -> list[int]:
    """Add units to an open round (增加单位); keys of those that had no report in it yet."""
    by = _may(by, round.region_id, "增加单位")
    round = _locked(round)
    _require_open(round)
    there = set(Report.objects.filter(round=round).values_list("profile__department", flat=True))
    there |= set(round.awaiting)
    new = [key for key in _chosen(round.region, departments) if key not in there]
    if not new:
        raise Refused("选中的单位都已在这次自评任务中")
    round.awaiting = [*round.awaiting, *new]
    round.save(update_fields=["awaiting"])
    names = "、".join(Department.objects.filter(pk__in=new[:10]).values_list("name", flat=True))
    record(
        event="round-add",
        sentence=f"{_name(by)}在{round}中增加{len(new)}个单位：{names}{'等' if len(new) > 10 else ''}",
        by=by,
        region=round.region,
        data={"round": round.pk, "departments": new},
    )
    return new


@dataclass
class Begun:
    """What :func:`begin_awaiting` made, and how many units still wait."""

    carried: int = 0
    empty: int = 0
    left: int = 0


def begin_awaiting(*, round: Round, by: User | None = None, seconds: float | None = None) -> Begun:
    """Make the reports that the round still waits for, one short transaction each; stop after ``seconds``.

    Can be called again at any time and by several at once: a unit that has been begun is no longer waited for.
    """
    found, until = Begun(), None if seconds is None else time.monotonic() + seconds
    while until is None or time.monotonic() < until:
        with transaction.atomic():
            current = _locked(round)
            if not current.awaiting:
                break
            key = current.awaiting[0]
            department = Department.objects.select_related("region").get(pk=key)
            _, carried = begin_report(department=department, round_=current, by=by, carry=current.carry_over)
            Round.objects.filter(pk=current.pk).update(awaiting=current.awaiting[1:])
        if carried:
            found.carried += 1
        else:
            found.empty += 1
    round.refresh_from_db(fields=["awaiting"])
    found.left = len(round.awaiting)
    return found


# ------------------------------------------------------------------ changing


@transaction.atomic
def change(*, round: Round, by: User, terms: Terms, reason: str = "") -> list[str]:
    """Other dates or requirements (修改任务); what changed, in words. Units that still owe are told.

    An extension that the new deadline overtakes is dropped: it would make the unit's day earlier than everybody's.
    """
    by = _may(by, round.region_id, "修改自评任务")
    round = _locked(round)
    _require_open(round)
    words = _changes(round, terms)
    if not words:
        return []
    if (terms.opens, terms.deadline) != (round.opens, round.deadline):
        _check_terms(terms)
    later = terms.deadline != round.deadline
    if later and terms.deadline < timezone.localdate():
        raise Refused("新的截止日期已经过去；要停止报送，请关闭任务")
    reports = _reports(round)
    for name in ("opens", "deadline", "department_review", "scan_required"):
        setattr(round, name, getattr(terms, name))
    round.save(update_fields=["opens", "deadline", "department_review", "scan_required"])
    overtaken = Report.objects.filter(round=round, extended_until__lte=round.deadline)
    if dropped := overtaken.update(extended_until=None):
        words.append(f"{dropped}份报告原批准的延期不晚于新的截止日期，一并按新的截止日期办理")
    sentence = (
        f"{by.name}修改{round}：{'；'.join(words)}{f'，理由：{reason.strip()}' if reason.strip() else ''}"
    )
    record(event="round-change", sentence=sentence, by=by, region=round.region, data={"round": round.pk})
    told = "；".join(_changes_for_units(words))
    owing = [report for report in reports if report.status in OWED]
    if told:
        _tell(owing, lambda report: f"财政局调整了自评任务：{told}")
    return words


def _changes(round: Round, terms: Terms) -> list[str]:
    words = []
    if round.opens != terms.opens:
        words.append(f"开始日期由{day(round.opens)}改为{day(terms.opens)}")
    if round.deadline != terms.deadline:
        words.append(f"截止日期由{day(round.deadline)}改为{day(terms.deadline)}")
    for name, label in (("department_review", "先经主管部门审核"), ("scan_required", "上传盖章扫描件")):
        if getattr(round, name) != getattr(terms, name):
            words.append(f"{'要求' if getattr(terms, name) else '不再要求'}{label}")
    return words


def _changes_for_units(words: Sequence[str]) -> list[str]:
    """The opening day is the bureau's own matter."""
    return [word for word in words if not word.startswith("开始日期")]


def _tell(reports: Sequence[Report], text_of: Callable[[Report], str]) -> int:
    """A notice to the people of each unit; one query for the people, however many units."""
    people = unit_people(reports)
    return send_all(
        [
            Notice(
                user_id=user,
                report=report,
                text=f"{report.department.name}{report.year}年度自评报告：{text_of(report)}",
            )
            for report in reports
            for user in people[report.profile.department_id]
        ]
    )


def unit_people(reports: Iterable[Report]) -> dict[int, list[int]]:
    """Keys of the active fillers and heads by department."""
    found: dict[int, set[int]] = defaultdict(set)
    held = RoleAssignment.objects.filter(
        department__in={report.profile.department_id for report in reports},
        role__in=[party.role for party in UNIT],
        is_active=True,
        user__is_active=True,
    )
    for department, user in held.order_by().values_list("department_id", "user_id"):
        found[department].add(user)
    return defaultdict(list, {department: sorted(users) for department, users in found.items()})


# ------------------------------------------------------------------ several reports at once


@dataclass(frozen=True)
class Outcome:
    """What became of one of several chosen reports."""

    report: Report
    done: bool
    text: str


def leave_out(*, reports: Iterable[Report], by: User, reason: str) -> list[Outcome]:
    """Leave units out of the round (取消): the workflow's own step for each, in a transaction of its own."""
    return [
        _each(
            report, lambda report=report: workflow.apply(report, Step.CANCEL, by=by, reason=reason), "已取消"
        )
        for report in reports
    ]


def extend(*, reports: Iterable[Report], by: User, until: datetime.date, reason: str) -> list[Outcome]:
    """A later deadline for several units (批量延期)."""
    return [
        _each(
            report,
            lambda report=report: services.extend(report=report, by=by, until=until, reason=reason),
            f"已延期至{day(until)}",
        )
        for report in reports
    ]


def _each(report: Report, doing: Callable[[], object], done: str) -> Outcome:
    try:
        doing()
    except (Refused, NotAllowed) as refusal:
        return Outcome(report, False, str(refusal))
    return Outcome(report, True, done)


# ------------------------------------------------------------------ reminders


@dataclass
class Reminded:
    """Whom a reminder reached."""

    sent: list[Report] = field(default_factory=list)
    today_already: list[Report] = field(default_factory=list)
    """Reminded today; nothing was sent to them again."""
    nobody: list[Report] = field(default_factory=list)
    """No active account that could be told; to be telephoned."""
    not_owing: list[Report] = field(default_factory=list)


def default_reminder(round: Round) -> str:
    """The prefilled text; each unit's own deadline is added behind it."""
    return f"请抓紧完成{round.year}年度部门整体支出绩效自评，经单位负责人确认后按时报送。"


@transaction.atomic
def remind(
    *,
    round: Round,
    reports: Iterable[Report],
    by: User | None,
    text: str,
    again: bool = False,
    today: datetime.date | None = None,
) -> Reminded:
    """Remind units that still owe their report (催报), each with its own deadline; others of the list are passed over.

    A unit is reminded once a day unless ``again`` says that the second time is meant.
    """
    by = _may(by, round.region_id, "催报")
    round = _locked(round)  # two clicks at once: the second sees what the first has sent
    _require_open(round)
    text = " ".join(text.split())
    if not text:
        raise Refused("请填写催报内容")
    if len(text) > LONGEST_REMINDER:
        raise Refused(f"催报内容不超过{LONGEST_REMINDER}字")
    today = today or timezone.localdate()
    wanted = {report.pk for report in reports}
    chosen = list(
        Report.objects.with_context().filter(round=round, pk__in=wanted).order_by("profile__department_id")
    )
    reminded = set(Reminder.objects.filter(report__in=chosen, day=today).values_list("report", flat=True))
    people, found, made = unit_people(chosen), Reminded(), []
    for report in chosen:
        report.round = round
        if report.status not in OWED:
            found.not_owing.append(report)
        elif report.pk in reminded and not again:
            found.today_already.append(report)
        elif not people[report.profile.department_id]:
            found.nobody.append(report)
        else:
            found.sent.append(report)
            count = len(people[report.profile.department_id])
            words = f"{text}{due_words(report, today)}"
            made.append(Reminder(report=report, day=today, text=words, people=count, by=by))
    Reminder.objects.bulk_create(made)
    told = {item.report_id: item.text for item in made}
    _tell(found.sent, lambda report: f"{'催报' if by else '自动提醒'}：{told[report.pk]}")
    for report in found.sent:
        record(
            event="remind",
            sentence=f"{_name(by)}{'催报' if by else '自动催报'}：{told[report.pk]}",
            by=by,
            profile=report.profile,
            data={"report": report.pk},
        )
    return found


def due_words(report: Report, today: datetime.date) -> str:
    """The unit's own last day, the extension counted in, and how far it is."""
    left = (report.due - today).days
    distance = f"还有{left}天" if left > 0 else "今天截止" if left == 0 else f"已逾期{-left}天"
    return f"（{'延期后' if report.extended_until else ''}截止日期{day(report.due)}，{distance}）"


MARKS = (-7, -3, -1, 1, 3, 7)
"""Days before and after the last day on which units are reminded by the clock."""
REMINDED_UNTIL = 14
"""Days after the last day from which on the clock is silent: then it is for people to telephone."""


def remind_by_clock(*, today: datetime.date | None = None) -> list[tuple[Round, Reminded]]:
    """Automatic reminders (自动催报) 7, 3 and 1 days before and after each unit's last day, for every open round.

    Can run several times a day and after days on which it did not run: a unit is due once for the newest mark that has
    been passed, and a reminder sent by hand since then counts.
    """
    today = today or timezone.localdate()
    done = []
    for round in Round.objects.filter(closed_at=None).select_related("region").order_by("pk"):
        due = _due_by_clock(round, today)
        if due:
            done.append(
                (round, remind(round=round, reports=due, by=None, text=default_reminder(round), today=today))
            )
    return done


def _due_by_clock(round: Round, today: datetime.date) -> list[Report]:
    if today < round.opens:
        return []
    owed = list(Report.objects.with_context().filter(round=round).owed())
    last: dict[int, datetime.date] = {}
    for report, date in Reminder.objects.filter(report__in=owed).values_list("report", "day"):
        last[report] = max(date, last.get(report, date))
    found = []
    for report in owed:
        passed = [mark for mark in MARKS if (today - report.due).days >= mark]
        if not passed or (today - report.due).days > REMINDED_UNTIL:
            continue
        since = report.due + datetime.timedelta(days=passed[-1])
        if report.pk not in last or last[report.pk] < since:
            found.append(report)
    return found


# ------------------------------------------------------------------ closing


TREATMENT = {
    "owed": "未报送：关闭后不能再报送，按未完成自评登记；已填内容保留",
    "reviewing": "已报送待审：关闭后仍可审核通过或取消，不能再退回修改",
    "approved": "已审核未公开：关闭后仍可公开，不能重新打开",
}
"""How what is still open is treated when a round is closed; shown before closing, and it is what the workflow does."""

OPEN_STATES = {
    "owed": OWED,
    "reviewing": (Status.DEPARTMENT_REVIEW, Status.SUBMITTED),
    "approved": (Status.APPROVED,),
}


@transaction.atomic
def close(*, round: Round, by: User, note: str = "") -> Round:
    """Close the round (关闭任务): nothing can be submitted, returned or opened again until it is reopened."""
    by = _may(by, round.region_id, "关闭自评任务")
    round = _locked(round)
    _require_open(round)
    if round.awaiting:
        raise Refused(f"还有{len(round.awaiting)}个单位的报告正在建立，请稍后再关闭")
    reports = _reports(round)
    counts = {
        name: sum(report.status in states for report in reports) for name, states in OPEN_STATES.items()
    }
    round.closed_at = timezone.now()
    round.save(update_fields=["closed_at"])
    note = " ".join(note.split())
    record(
        event="round-close",
        sentence=f"{by.name}关闭{round}：未报送{counts['owed']}份，待审核{counts['reviewing']}份，"
        f"已审核未公开{counts['approved']}份{f'，说明：{note}' if note else ''}",
        by=by,
        region=round.region,
        data={"round": round.pk, **counts},
    )
    _tell(
        [report for report in reports if report.status in OWED],
        lambda report: "自评任务已经关闭，报告没有报送，如需补报请联系财政局绩效股",
    )
    return round


@transaction.atomic
def reopen(*, round: Round, by: User, reason: str) -> Round:
    """Open a closed round again (重新开放), with a reason; units that owe are told."""
    by = _may(by, round.region_id, "重新开放自评任务")
    round = _locked(round)
    if not round.closed_at:
        raise Refused(f"{round}没有关闭，不用重新开放")
    reason = " ".join(reason.split())
    if not reason:
        raise Refused("请写明重新开放的理由")
    reports = _reports(round)
    round.closed_at = None
    round.save(update_fields=["closed_at"])
    record(
        event="round-reopen",
        sentence=f"{by.name}重新开放{round}，理由：{reason}",
        by=by,
        region=round.region,
        data={"round": round.pk},
    )
    _tell(
        [report for report in reports if report.status in OWED],
        lambda report: f"自评任务已重新开放，理由：{reason}{due_words(report, timezone.localdate())}",
    )
    return round


def valid_scan(report: Report) -> StampedScan | None:
    """The stamped scan that counts for the present certification, with who uploaded it."""
    return StampedScan.objects.filter(report=report, voided_at=None).select_related("uploaded_by").first()
