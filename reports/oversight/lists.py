"""Reading of lists: spot checks of a round, rectifications by filter, and what waits for a person (待办)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.urls import reverse
from django.utils import timezone

from budgets.money import percent, plain
from departments.choices import Role
from departments.models import User
from reports.documents.model import Annex, Cell, ReportDocument, Row, Table
from reports.models import (
    Conclusion,
    Rectification,
    RectificationState,
    Round,
    SpotCheck,
)
from reports.prepared import MARK, Prepared
from reports.reach import ByReader

State = RectificationState
SHORT_LIST = 5


# ------------------------------------------------------------------ spot checks of a round


@dataclass(frozen=True)
class Progress:
    """How far the spot checks of a round are."""

    total: int
    done: int
    unassigned: int
    late: int
    true: int
    mostly: int
    untrue: int

    @property
    def conclusions(self) -> list[tuple[str, int]]:
        return list(zip(Conclusion.labels, (self.true, self.mostly, self.untrue), strict=True))


def progress(round: Round, user: User) -> Progress:
    """Counts of a round's spot checks, withdrawn ones left out; one query."""
    checks = SpotCheck.objects.visible_to(user).filter(report__round=round, withdrawn_at=None)
    waiting = Q(recorded_at=None)
    return Progress(
        **checks.aggregate(
            total=Count("pk"),
            done=Count("pk", filter=~waiting),
            unassigned=Count("pk", filter=waiting & Q(reviewer=None)),
            late=Count("pk", filter=waiting & Q(due__lt=timezone.localdate())),
            **{name: Count("pk", filter=Q(conclusion=name)) for name in Conclusion.values},
        )
    )


def checks_of(round: Round, user: User):
    """A round's spot checks: what waits first, then by department."""
    return (
        SpotCheck.objects.visible_to(user)
        .filter(report__round=round)
        .with_context()
        .order_by(F("withdrawn_at").asc(nulls_first=True), F("recorded_at").asc(nulls_first=True), "pk")
    )


def deviation(check: SpotCheck) -> str:
    """偏离度 = (自评得分 − 抽查得分) ÷ 自评得分, as the review sheet states it."""
    if not check.self_score or check.score is None:
        return ""
    return percent((check.self_score - check.score) / check.self_score)


def workbook(round: Round, checks: Iterable[SpotCheck]) -> ReportDocument:
    """The list of a round's spot checks as one sheet for the Excel printer."""
    heads = (
        "序号", "单位", "主管部门", "抽取方式", "抽取理由", "抽查人", "完成期限", "进度",
        "自评得分", "抽查得分", "偏离度", "抽查结论", "抽查发现", "登记时间",
    )  # fmt: skip
    rows = [Row(cells=tuple(Cell(text=text, bold=True) for text in heads))]
    for number, check in enumerate(checks, 1):
        department = check.report.department
        recorded = timezone.localtime(check.recorded_at) if check.recorded_at else None
        rows.append(
            Row(
                cells=(
                    Cell(text=str(number), number=str(number), format="integer"),
                    Cell(text=department.name, align="left"),
                    Cell(text=department.parent.name if department.parent else "", align="left"),
                    Cell(text=check.draw.get_method_display()),
                    Cell(text=check.why, align="left"),
                    Cell(text=check.reviewer.name if check.reviewer else ""),
                    Cell(text=check.due.isoformat() if check.due else ""),
                    Cell(text="已完成" if check.recorded_at else check.state),
                    _score(check.self_score),
                    _score(check.score),
                    Cell(text=deviation(check)),
                    Cell(text=check.get_conclusion_display()),
                    Cell(text=check.findings or check.withdrawn_reason, align="left"),
                    Cell(text=f"{recorded:%Y-%m-%d %H:%M}" if recorded else ""),
                )
            )
        )
    title = f"{round.region.name}{round.year}年度自评报告抽查复核情况表"
    table = Table(
        widths=(6, 22, 18, 16, 24, 12, 20, 12, 13, 13, 12, 14, 44, 28), header_rows=1, rows=tuple(rows)
    )
    return ReportDocument(
        title=title,
        author=f"{round.region.name}财政局",
        annexes=(Annex(mark="", title=title, blocks=(table,), sheet="抽查复核"),),
    )


def _score(value: Decimal | None) -> Cell:
    return Cell(
        text="" if value is None else plain(value),
        number=None if value is None else plain(value),
        format="score",
    )


# ------------------------------------------------------------------ rectifications

FILTERS = {
    "open": ("未销号", Q(status__in=[State.WAITING, State.ANSWERED])),
    "late": ("已逾期", None),
    State.WAITING.value: (State.WAITING.label, Q(status=State.WAITING)),
    State.ANSWERED.value: (State.ANSWERED.label, Q(status=State.ANSWERED)),
    State.CLOSED.value: (State.CLOSED.label, Q(status=State.CLOSED)),
    State.WITHDRAWN.value: (State.WITHDRAWN.label, Q(status=State.WITHDRAWN)),
}


def notices(user: User, *, state: str = "", words: str = "", year: str = ""):
    """Rectification notices that the person may read: unanswered ones first, the oldest date on top."""
    found = Rectification.objects.visible_to(user).with_context().annotate(item_count=Count("items"))
    if state == "late":
        found = found.overdue()
    elif state in FILTERS:
        found = found.filter(FILTERS[state][1])
    if words:
        found = found.filter(report__profile__department__name__icontains=words)
    if year.isascii() and year.isdecimal() and len(year) == 4:
        found = found.filter(round__year=int(year))
    return found.order_by(F("closed_at").asc(nulls_first=True), "due", "pk")


def years(user: User) -> list[int]:
    """Years that have notices, the newest first."""
    rows = Rectification.objects.visible_to(user).order_by("-round__year")
    return list(rows.values_list("round__year", flat=True).distinct())


# ------------------------------------------------------------------ what waits for whom


@dataclass(frozen=True)
class Task:
    """One line of the home page: what waits, and where to do it."""

    text: str
    url: str
    late: bool = False


def _own_checks(user: User) -> Prepared:
    """The person's own spot checks that are not done, the most urgent first."""
    visible = SpotCheck.objects.visible_to(user).open()
    urgent = (F("due").asc(nulls_last=True), "pk")
    return Prepared(
        [MARK], lambda by: visible.filter(reviewer=by).order_by(*urgent).values_list("pk")[:SHORT_LIST]
    )


def _open_notices(user: User) -> Prepared:
    """How many notices of each region are waiting or answered, by their day."""
    visible = Rectification.objects.visible_to(user).filter(status__in=(State.ANSWERED, State.WAITING))
    counted = visible.order_by().values("round__region", "status", "due").annotate(count=Count("pk"))
    return Prepared([], lambda: counted.values_list("round__region", "status", "due", "count"))


def _unassigned(user: User) -> Prepared:
    """How many spot checks of each region nobody has been given."""
    region = "report__profile__department__region"
    visible = SpotCheck.objects.visible_to(user).open().filter(reviewer=None)
    counted = visible.order_by().values(region).annotate(count=Count("pk"))
    return Prepared([], lambda: counted.values_list(region, "count"))


OWN_CHECKS, OPEN_NOTICES, UNASSIGNED = ByReader(_own_checks), ByReader(_open_notices), ByReader(_unassigned)


def tasks(user: User) -> list[Task]:
    """What waits for the person in spot checks and rectification; at most eight queries, however many rows."""
    access, today = user.access, timezone.localdate()
    found: list[Task] = []
    if units := access.unit_departments:
        mine = Rectification.objects.visible_to(user).filter(
            report__profile__department__in=units, status=State.WAITING
        )
        for notice in _few(mine, F("due").asc()):
            late = f"已逾期{notice.days_late}天" if notice.late else f"请于{notice.due:%Y-%m-%d}前反馈"
            found.append(
                Task(
                    f"{notice.report.department.name}{notice.report.year}年度报告有整改通知（{notice.code}），{late}",
                    reverse("rectification", args=[notice.pk]),
                    notice.late,
                )
            )
    if access.main_departments:
        late = Rectification.objects.visible_to(user).overdue(today)
        if count := late.filter(report__profile__department__parent__in=access.main_departments).count():
            found.append(
                Task(
                    f"所属单位有{count}份整改通知逾期未反馈", f"{reverse('rectifications')}?state=late", True
                )
            )
    bureau = access.regions(Role.REVIEWER, Role.ROUND_MANAGER)
    if not bureau:
        return found
    keys = [pk for (pk,) in OWN_CHECKS(user)(user.pk)]
    own = SpotCheck.objects.visible_to(user).open().filter(reviewer=user)
    for check in _with_context(own, keys):
        due = f"，{'已过期限' if check.late else '期限'}{check.due:%Y-%m-%d}" if check.due else ""
        found.append(
            Task(
                f"抽查{check.report.department.name}{check.report.year}年度报告{due}",
                reverse("spot-check", args=[check.pk]),
                check.late,
            )
        )
    answered = late = 0
    for region, status, due, count in OPEN_NOTICES(user)():
        if region in bureau:
            answered += count * (status == State.ANSWERED)
            late += count * (status == State.WAITING and due < today)
    if answered:
        found.append(Task(f"{answered}份整改反馈等待审核销号", f"{reverse('rectifications')}?state=answered"))
    if late:
        found.append(Task(f"{late}份整改通知逾期未反馈", f"{reverse('rectifications')}?state=late", True))
    if managed := access.regions(Role.ROUND_MANAGER):
        unassigned = sum(count for region, count in UNASSIGNED(user)() if region in managed)
        if unassigned:
            found.append(Task(f"{unassigned}项抽查还没有指派抽查人", reverse("spot-checks")))
    return found


def _few(rows: QuerySet, order: OrderBy) -> list[Any]:
    """The first five with their context. Mostly there are none: the keys alone cost a third of asking for everything."""
    return _with_context(rows, list(rows.order_by(order, "pk").values_list("pk", flat=True)[:SHORT_LIST]))


def _with_context(rows: QuerySet, keys: list[int]) -> list[Any]:
    found = rows.with_context().in_bulk(keys) if keys else {}
    return [found[key] for key in keys if key in found]
