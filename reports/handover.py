"""Hand-over (交接): a person's roles and open work go to another one, in one transaction, with a receipt.

What was done before stays under the name of who did it. The receipt is the entry of the trail itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from departments.accounts import AccountRefused
from departments.models import AuditEntry, BusinessOffice, RoleAssignment, User
from departments.people import Keeper, deactivate, described, hand_roles, held_by
from departments.services import record
from reports.choices import DONE, Status
from reports.models import Notice, Rectification, RectificationState, Report, SpotCheck
from reports.notices import send_all
from reports.oversight import spot_checks
from reports.workflow import BUREAU

EVENT = "handover"
UNREAD = "未读通知"
CLOSED = (*DONE, Status.CANCELLED)
OPEN_RECTIFICATIONS = (RectificationState.WAITING, RectificationState.ANSWERED)


@dataclass(frozen=True)
class Work:
    """What a person has in hand: names for the page, rows for the act. The administrator learns names, no content."""

    roles: list[RoleAssignment]
    reports: list[Report]
    checks: list[SpotCheck]
    rectifications: list[Rectification]
    offices: list[BusinessOffice]
    notices: int
    returned: tuple[SpotCheck, ...] = ()
    """Spot checks that the receiver may not do, having certified or approved the report: they wait to be assigned."""

    @property
    def lines(self) -> list[tuple[str, list[str]]]:
        """Kind and names, for page and receipt; kinds without anything are left out."""
        kinds = [
            ("角色", [described(role) for role in self.roles]),
            ("分派审核的报告", [_called(report) for report in self.reports]),
            ("待抽查的报告", [_called(check.report) for check in self.checks]),
            ("退回待指派的抽查", [_called(check.report) for check in self.returned]),
            ("跟进中的整改通知", [f"{item.code} {item.report.department}" for item in self.rectifications]),
            ("所在业务股室", [office.name for office in self.offices]),
            (UNREAD, [f"{self.notices} 条"] if self.notices else []),
        ]
        return [(kind, names) for kind, names in kinds if names]

    @property
    def summary(self) -> str:
        """How much there is, as one line; empty when there is nothing."""
        counted = [f"{kind} {len(names)} 项" for kind, names in self.lines if kind != UNREAD]
        return "，".join(counted + ([f"{UNREAD} {self.notices} 条"] if self.notices else []))

    @property
    def assigned(self) -> bool:
        """Whether something is assigned to the person by name, which stays behind when only the account is switched off."""
        return bool(self.reports or self.checks or self.rectifications)


def _called(report: Report) -> str:
    return f"{report.department.name}{report.year}年度"


def _followed(person: User) -> QuerySet[Rectification]:
    mine = Q(follower=person) | Q(follower=None, issued_by=person)
    return Rectification.objects.filter(mine, status__in=OPEN_RECTIFICATIONS).with_context()


def open_work(person: User) -> Work:
    """Roles held now and everything that waits for this person by name."""
    return Work(
        roles=list(held_by(person)),
        reports=list(Report.objects.filter(assigned_to=person).exclude(status__in=CLOSED).with_context()),
        checks=list(SpotCheck.objects.filter(reviewer=person).open().with_context()),
        rectifications=list(_followed(person)),
        offices=list(person.business_offices.select_related("region")),
        notices=Notice.objects.filter(user=person, read_at=None).count(),
    )


@transaction.atomic
def hand_over(*, person: User, to: User, by: User, end: bool = False, sure: bool = False) -> AuditEntry:
    """Move roles, assigned reports, spot checks, rectifications, offices and unread notices (交接); the entry is the receipt.

    ``end`` switches the account of the giver off as well. Raises :class:`~departments.accounts.AccountRefused` when the
    receiver may not do what is handed over, :class:`~departments.people.LastHead` unless ``sure``.
    """
    given = hand_roles(person=person, to=to, by=by, sure=sure)
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    work = open_work(person)
    kept_roles = work.roles  # not this keeper's to move
    _require_able(work, to)
    barred = spot_checks.barred_from([check.report for check in work.checks])
    returned = tuple(check for check in work.checks if to.pk in barred[check.report_id])
    checks = [check for check in work.checks if check not in returned]
    moved = replace(work, roles=given, checks=checks, returned=returned)
    _move(moved, person, to, by)
    if not moved.lines:
        raise AccountRefused(f"{person.name}没有可以移交的角色和工作。")
    receipt = record(
        event=EVENT,
        sentence=_sentence(person, to, by, moved, end),
        by=by,
        **_place(moved, kept_roles),
        data={
            "from": [person.pk, person.name, person.username],
            "to": [to.pk, to.name, to.username],
            "lines": [[kind, names] for kind, names in moved.lines],
            "ended": end,
        },
    )
    send_all([Notice(user=to, text=f"{by.name}把{person.name}的工作移交给您：{moved.summary}")])
    if end:
        deactivate(person=person, by=by, reason=f"已与{to.name}办理交接", sure=True)
    return receipt


def _require_able(work: Work, to: User) -> None:
    reviewing = {role.value[0] for role in BUREAU}
    regions = set(
        RoleAssignment.objects.filter(user=to, role__in=reviewing, is_active=True).values_list(
            "region", flat=True
        )
    )
    rows = [*work.reports, *(one.report for one in (*work.checks, *work.rectifications))]
    if foreign := [row for row in rows if row.department.region_id not in regions]:
        raise AccountRefused(
            f"{to.name}不是财政局的审核人员，不能接手{_called(foreign[0])}等{len(foreign)}项工作。"
        )


def _move(work: Work, person: User, to: User, by: User) -> None:
    Report.objects.filter(pk__in=[one.pk for one in work.reports]).update(assigned_to=to)
    for report in work.reports:
        record(
            event="assign",
            sentence=f"{by.name}办理交接：审核人由{person.name}变更为{to.name}",
            by=by,
            profile=report.profile,
            data={"report": report.pk, "to": to.pk},
        )
    SpotCheck.objects.filter(pk__in=[one.pk for one in work.checks]).update(reviewer=to)
    SpotCheck.objects.filter(pk__in=[one.pk for one in work.returned]).update(reviewer=None)
    Rectification.objects.filter(pk__in=[one.pk for one in work.rectifications]).update(follower=to)
    for office in work.offices:
        office.members.remove(person)
        office.members.add(to)
    Notice.objects.filter(user=person, read_at=None).update(user=to, mail_due=None)


def _sentence(person: User, to: User, by: User, moved: Work, end: bool) -> str:
    told = "；".join(
        f"{kind}：{'、'.join(names[:5])}{'等' if len(names) > 5 else ''}" for kind, names in moved.lines
    )
    return f"{by.name}办理交接，{person.name}移交给{to.name}：{told}{'；原账号同时停用' if end else ''}"


def _place(moved: Work, kept: list[RoleAssignment]) -> dict[str, Any]:
    """Unit of a hand-over within one unit, else the region."""
    roles = [*moved.roles, *kept]
    departments = {role.department for role in roles if role.department}
    regions = {role.region or role.department.region for role in roles}
    reports = [
        *moved.reports,
        *(one.report for one in (*moved.checks, *moved.returned, *moved.rectifications)),
    ]
    if len(departments) == 1 and not reports and not any(role.region for role in roles):
        return {"department": departments.pop()}
    regions |= {report.department.region for report in reports}
    return {"region": sorted(regions, key=lambda region: region.code)[0] if regions else None}


def receipts(by: User) -> QuerySet[AuditEntry]:
    """Receipts that this person may see: the own ones, and those of the regions that the person administers."""
    keeper = Keeper.of(by)
    return AuditEntry.objects.filter(Q(actor=by) | Q(region__in=keeper.regions), event=EVENT)
