"""The home page (首页): for each role that the person holds, what to do next."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from departments import lockout
from departments.choices import Role
from departments.models import AuditEntry, Department, Region, User
from departments.people import Keeper, requested
from reports.choices import DONE, OWED, Status
from reports.models import Notice, Report, Round
from reports.prepared import MARK, Prepared, PreparedObjects, filled, marks, size_for
from reports.querysets import LATE, ReportQuerySet, StateCount
from reports.reach import ByReader
from reports.rounds import reading

SHORT_LIST = 5
LONG_LIST = 10
OPEN_COMMENTS = Count("comments", filter=Q(comments__answer="", comments__resolved_at=None))


UNREAD = PreparedObjects([MARK], lambda user: Notice.objects.filter(user=user, read_at=None)[:SHORT_LIST])
STATE = "\ue000"
"""Stands for a state."""
LONGEST = Prepared(
    [MARK, STATE],
    lambda round_, status: (
        Report.objects.filter(round=round_, status=status)
        .order_by("status_since", "pk")
        .values_list("status_since", "pk")[:LONG_LIST]
    ),
)
"""The reports of a round longest in a state."""


def _shown(user: User) -> PreparedObjects:
    visible = Report.objects.visible_to(user).for_home()
    return PreparedObjects(marks(LONG_LIST), lambda *keys: visible.filter(pk__in=keys).order_by())


SHOWN = ByReader(_shown)


@dataclass
class Card:
    """One role's card: a sentence that says what to do next, and what belongs to it."""

    kind: str
    title: str
    sentence: str
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def template(self) -> str:
        return f"reports/home/{self.kind}.html"


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Cards of all roles held, and the newest unread notices."""
    user = request.user
    access = user.access
    reports = Report.objects.visible_to(user)
    cards = []
    if access.unit_departments:
        cards += unit_cards(user, reports)
    if access.holds(Role.MAIN_REVIEWER):
        cards.append(main_department_card(user, reports))
    if access.holds(Role.REVIEWER):
        cards.append(reviewer_card(user))
    if access.holds(Role.ROUND_MANAGER):
        cards.append(manager_card(user))
    if access.holds(Role.AUDITOR):
        cards.append(auditor_card(user))
    if access.holds(Role.ADMINISTRATOR):
        cards.append(administrator_card(user))
    if access.holds(Role.SECURITY):
        cards.append(security_card(user))
    unread = UNREAD.all(user.pk)
    return render(request, "reports/home.html", {"cards": cards, "unread": unread})


# ------------------------------------------------------------------ the unit


@dataclass
class OwnReport:
    """A report of the own unit with what is left to do."""

    report: Report
    open_comments: int
    today: datetime.date

    @property
    def days_left(self) -> int:
        return (self.report.due - self.today).days

    @property
    def owed(self) -> bool:
        return self.report.status in OWED

    @property
    def due_words(self) -> str:
        """Days until the deadline, as people say it."""
        if self.days_left < 0:
            return f"已逾期{-self.days_left}天"
        return "今天截止" if self.days_left == 0 else f"还有{self.days_left}天"


def unit_cards(user: User, reports: ReportQuerySet) -> list[Card]:
    """The filler's and the head's card: this year's reports of the own units; earlier ones below."""
    access = user.access
    own = reports.filter(profile__department__in=access.unit_departments).with_context()
    found = list(
        own.annotate(to_answer=OPEN_COMMENTS).order_by("-profile__year", "profile__department_id")[:50]
    )
    today = timezone.localdate()
    latest = max((report.year for report in found), default=None)
    current = [OwnReport(item, item.to_answer, today) for item in found if item.year == latest]
    earlier = [item for item in found if item.year != latest][:LONG_LIST]
    cards = []
    if access.holds(Role.UNIT_HEAD):
        headed = access.departments(Role.UNIT_HEAD)
        mine = [item for item in current if item.report.profile.department_id in headed]
        cards.append(
            Card(
                "unit",
                "单位负责人",
                _head_sentence(mine),
                {"current": mine, "earlier": earlier, "head": True},
            )
        )
        earlier = []
    if access.holds(Role.FILLER):
        filled = access.departments(Role.FILLER)
        mine = [item for item in current if item.report.profile.department_id in filled]
        cards.append(
            Card(
                "unit", "填报人", _filler_sentence(mine), {"current": mine, "earlier": earlier, "head": False}
            )
        )
    return cards


def _filler_sentence(current: list[OwnReport]) -> str:
    if not current:
        return "本单位还没有需要填报的自评报告；财政局绩效股布置任务后会显示在这里。"
    if len(current) > 1:
        owed = sum(item.owed for item in current)
        return (
            f"您负责{len(current)}份报告，还有{owed}份没有报送。"
            if owed
            else f"您负责的{len(current)}份报告都已报送。"
        )
    item = current[0]
    report, year = item.report, item.report.year
    match report.status:
        case Status.DRAFT | Status.RETURNED if report.nil:
            return f"已申报{year}年度零报告，请负责人确认。"
        case Status.RETURNED:
            return f"{year}年度报告被退回，请按审核意见修改后由负责人重新确认。"
        case Status.DRAFT if report.open_errors or report.open_warnings:
            return f"请继续填报{year}年度报告：还有{report.open_errors}处错误、{report.open_warnings}处疑点待处理。"
        case Status.DRAFT:
            return f"{year}年度报告没有待处理的错误和疑点，填完后请负责人确认。"
        case Status.CERTIFIED:
            return f"负责人已确认{year}年度报告，请报送。"
    return _waiting_sentence(report)


def _head_sentence(current: list[OwnReport]) -> str:
    if not current:
        return "本单位还没有需要确认的自评报告。"
    if len(current) > 1:
        waiting = sum(item.report.status in (Status.DRAFT, Status.RETURNED) for item in current)
        return f"有{waiting}份报告等您确认。" if waiting else "没有等您确认的报告。"
    item = current[0]
    report, year = item.report, item.report.year
    match report.status:
        case Status.DRAFT | Status.RETURNED if report.nil:
            return f"填报人申报了{year}年度零报告，请核实理由后确认。"
        case Status.DRAFT | Status.RETURNED if report.open_errors or report.open_warnings:
            return f"{year}年度报告还不能确认：填报人有{report.open_errors}处错误、{report.open_warnings}处疑点待处理。"
        case Status.DRAFT | Status.RETURNED:
            return f"{year}年度报告可以确认，请先通读全文。"
        case Status.CERTIFIED:
            return f"您已确认{year}年度报告，还没有报送。"
    return _waiting_sentence(report)


def _waiting_sentence(report: Report) -> str:
    year = report.year
    return {
        Status.DEPARTMENT_REVIEW: f"{year}年度报告正在由主管部门审核，暂时不用办理。",
        Status.SUBMITTED: f"{year}年度报告已报送，财政局正在审核，暂时不用办理。",
        Status.APPROVED: f"{year}年度报告已审核通过。",
        Status.PUBLISHED: f"{year}年度报告已公开。",
        Status.CANCELLED: f"{year}年度报告已取消，如有疑问请联系财政局绩效股。",
    }[Status(report.status)]


# ------------------------------------------------------------------ main department and bureau


def counted(reports: ReportQuerySet, **conditions: Q) -> dict[str, int]:
    """Several counts in one query."""
    return reports.as_of().aggregate(
        **{name: Count("pk", filter=condition) for name, condition in conditions.items()}
    )


def main_department_card(user: User, reports: ReportQuerySet) -> Card:
    """How far the units are, and which wait for this main department."""
    units = reports.filter(profile__department__parent__in=user.access.main_departments)
    counts = counted(
        units,
        waiting=Q(status=Status.DEPARTMENT_REVIEW),
        owed=Q(status__in=OWED),
        late=LATE,
    )
    waiting = list(
        units.filter(status=Status.DEPARTMENT_REVIEW)
        .with_context()
        .order_by("-status_since", "-id")[:SHORT_LIST]
    )
    if counts["waiting"]:
        sentence = f"所属单位有{counts['waiting']}份报告等您审核。"
    elif counts["owed"]:
        sentence = f"没有等您审核的报告；所属单位还有{counts['owed']}份没有报送。"
    else:
        sentence = "没有等您审核的报告。"
    return Card("main_department", "主管部门审核", sentence, {"counts": counts, "waiting": waiting})


@cache
def _counted(size: int) -> Prepared:
    """How many reports of so many rounds are alike in all that a home page counts: an index alone answers it."""
    return Prepared(
        marks(size),
        lambda *rounds: (
            Report.objects.filter(round__in=rounds)
            .order_by()
            .values("round", "status", "extended_until", "assigned_to")
            .annotate(count=Count("round"))
            .values_list("round", "status", "extended_until", "assigned_to", "count")
        ),
    )


def state_counts(user: User, rounds: Iterable[Round]) -> list[StateCount]:
    """Counts of whole rounds by state; of those regions only that the person reads as a whole.

    How many are extended, past their extension, claimed by nobody and by this person is added up here: the database counts
    in half the time what it need not look at row by row, and there are few different days and reviewers.
    """
    keys = [item.pk for item in rounds if item.region_id in user.access.read_regions]
    if not keys:
        return []
    today = timezone.localdate()
    size = size_for(keys)
    found: dict[tuple[int, str], StateCount] = {}
    for round_, status, until, claimed_by, count in _counted(size)(*filled(keys, size)):
        before = found.get((round_, status), StateCount(round_, status, 0, 0, 0, 0, 0))
        found[round_, status] = StateCount(
            round_,
            status,
            count=before.count + count,
            extended=before.extended + count * (until is not None),
            past_extension=before.past_extension + count * (until is not None and until < today),
            unclaimed=before.unclaimed + count * (claimed_by is None),
            mine=before.mine + count * (claimed_by == user.pk),
        )
    return list(found.values())


def late(rows: Iterable[StateCount], rounds: Iterable[Round]) -> int:
    """How many reports of these rounds are past their last day."""
    today, deadlines = timezone.localdate(), {item.pk: item.deadline for item in rounds}
    return sum(row.late(deadlines[row.round], today) for row in rows)


@cache
def _rounds_of(size: int) -> PreparedObjects:
    rounds = Round.objects.select_related("region").order_by("region_id", "-year")
    return PreparedObjects(marks(size), lambda *regions: rounds.filter(region__in=regions))


def _rounds(regions: Iterable[int]) -> list[Round]:
    """The rounds of these regions, the newest first."""
    keys = sorted(regions)
    return _rounds_of(size := size_for(keys)).all(*filled(keys, size)) if keys else []


def reviewer_card(user: User) -> Card:
    """The reviewer's queue in numbers and its newest five."""
    regions = user.access.regions(Role.REVIEWER)
    rounds = _rounds(regions)
    rows = state_counts(user, rounds)
    submitted = [row for row in rows if row.status == Status.SUBMITTED]
    counts = {
        "waiting": sum(row.count for row in submitted),
        "mine": sum(row.mine for row in submitted),
        "unclaimed": sum(row.unclaimed for row in submitted),
        "late": late(rows, rounds),
    }
    newest = _newest(user, rounds) if counts["waiting"] else []
    if counts["mine"]:
        sentence = f"您认领的报告还有{counts['mine']}份待审核。"
    elif counts["waiting"]:
        sentence = f"有{counts['waiting']}份报告待审核，其中{counts['unclaimed']}份还没有人认领。"
    else:
        sentence = "没有待审核的报告。"
    return Card("reviewer", "财政局业务股室", sentence, {"counts": counts, "newest": newest})


def _rows(user: User, keys: list[int]) -> dict[int, Report]:
    """Of these reports, at most :data:`LONG_LIST`, those that the person may read, by key."""
    return {row.pk: row for row in SHOWN(user).all(*filled(keys, LONG_LIST))} if keys else {}


def _newest(user: User, rounds: Iterable[Round]) -> list[Report]:
    """The reports submitted last. Their keys come from an index of the reports alone, however many there are; the rows
    themselves are asked for as what the person may read."""
    submitted = Report.objects.filter(round__in=rounds, status=Status.SUBMITTED)
    keys = list(submitted.order_by("-status_since", "-id").values_list("pk", flat=True)[:SHORT_LIST])
    rows = _rows(user, keys)
    return [rows[pk] for pk in keys if pk in rows]


def manager_card(user: User) -> Card:
    """Progress of the newest round of each region, and who still owes a report."""
    regions = user.access.regions(Role.ROUND_MANAGER)
    rounds = _rounds(regions)
    newest = list({item.region_id: item for item in reversed(rounds)}.values())
    rows = state_counts(user, newest)
    by_state = {(row.round, row.status): row.count for row in rows}
    nil = reading.nil_reports(newest)
    progress = [_progress(item, by_state, nil.get(item.pk, 0)) for item in newest]
    counts = {
        "owed": sum(row.count for row in rows if row.status in OWED),
        "late": late(rows, newest),
        "approved": sum(row.count for row in rows if row.status == Status.APPROVED),
    }
    owing = _owing(user, newest) if counts["owed"] else []
    if not newest:
        sentence = "还没有自评任务，请先布置。"
    elif counts["late"]:
        sentence = f"有{counts['late']}份报告逾期未报，请催报或办理延期。"
    elif counts["owed"]:
        sentence = f"还有{counts['owed']}份报告没有报送。"
    elif counts["approved"]:
        sentence = f"报告已全部报送，有{counts['approved']}份审核通过、可以公开。"
    else:
        sentence = "本年度报告已全部报送。"
    return Card(
        "manager",
        "绩效股",
        sentence,
        {"progress": progress, "counts": counts, "owing": owing, "today": timezone.localdate()},
    )


def _owing(user: User, rounds: Iterable[Round]) -> list[Report]:
    """Some reports still to come, those of the earliest deadline and longest in their state first.

    A state at a time, so that an index gives each list in its order, however many reports owe.
    """
    found: list[Report] = []
    for item in sorted(rounds, key=lambda round_: (round_.deadline, round_.pk)):
        firsts = [pair for status in OWED for pair in LONGEST(item.pk, status.value)]
        rows = _rows(user, [pk for _, pk in sorted(firsts)[: LONG_LIST - len(found)]])
        found += [rows[pk] for _, pk in sorted(firsts) if pk in rows]
        if len(found) >= LONG_LIST:
            break
    return found


def _progress(item: Round, by_state: dict[tuple[int, str], int], nil: int) -> dict[str, Any]:
    states = [(status, by_state.get((item.pk, status.value), 0)) for status in Status]
    return {
        "round": item,
        "states": [(status, count) for status, count in states if count],
        "total": sum(count for status, count in states if status != Status.CANCELLED),
        "done": sum(count for status, count in states if status in DONE),
        "nil": nil,
    }


def auditor_card(user: User) -> Card:
    """Where the auditor reads."""
    rounds = Round.objects.filter(region__in=user.access.regions(Role.AUDITOR)).values_list("pk", flat=True)
    reports = Report.objects.filter(round__in=list(rounds)).order_by()
    by_state = dict(reports.values_list("status").annotate(Count("round")))
    counts = {
        "all": sum(by_state.values()),
        "done": sum(count for status, count in by_state.items() if status in DONE),
    }
    sentence = (
        f"可查阅本区县{counts['all']}份报告（已审核{counts['done']}份）和全部操作日志；查阅会留下记录。"
    )
    return Card("auditor", "审计监察", sentence, {"counts": counts})


def administrator_card(user: User) -> Card:
    """What the administrator keeps: departments and accounts, no dossier."""
    regions = user.access.administered_regions
    departments = Department.objects.filter(region__in=regions, is_active=True).count()
    accounts = Keeper.of(user).people().count()
    sentence = f"请按需维护单位、账号和角色：现有{departments}个在用单位、{accounts}个账号。"
    return Card("administrator", "系统管理员", sentence)


def security_card(user: User) -> Card:
    """What the security officer looks after: roles that wait, accounts that are locked, wrong passwords of the last week."""
    regions = Region.objects.filter(pk__in=user.access.secured_regions)
    waiting = requested(user).count()
    locked = sum(len(lockout.locked_accounts(user, region)) for region in regions)
    week = timezone.now() - datetime.timedelta(days=7)
    failed = AuditEntry.objects.visible_to(user).filter(
        region__in=user.access.secured_regions, at__gte=week, event__in=("sign-in.failed", "sign-in.code")
    )
    sentence = (
        f"现有{waiting}个角色待授予、{locked}个账号暂停登录；最近七天输错密码或动态码{failed.count()}次。"
    )
    return Card("security", "安全管理员", sentence, {"waiting": waiting})
