"""Writing for the work at the queue: saved views, business offices, who is looking just now."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from departments.choices import Role
from departments.models import BusinessOffice, Department, Region, User
from departments.services import record
from reports import services
from reports.choices import REVIEWABLE, Status
from reports.models import Presence, Report, SavedView
from reports.workflow import BUREAU, NotAllowed, Party, Refused, parties

MOST_VIEWS = 20
PRESENT_FOR = datetime.timedelta(seconds=75)
"""A page renews its presence every 30 seconds; two missed renewals and the person has gone."""
OFFICE_KEEPERS = (Role.ROUND_MANAGER, Role.ADMINISTRATOR)


# ------------------------------------------------------------------ saved views


@transaction.atomic
def save_view(*, user: User, name: str, query: str, default: bool) -> SavedView:
    """Keep a filter under a name (保存的筛选); the same name again replaces it."""
    name = " ".join(name.split())
    if not name:
        raise Refused("请给这个筛选起个名称")
    if len(name) > SavedView._meta.get_field("name").max_length:
        raise Refused("名称不超过20字")
    own = SavedView.objects.select_for_update(no_key=True).filter(user=user)
    if own.count() >= MOST_VIEWS and not own.filter(name=name).exists():
        raise Refused(f"最多保存{MOST_VIEWS}个筛选，请先删除不用的")
    if default:
        own.update(is_default=False)
    return SavedView.objects.update_or_create(
        user=user, name=name, defaults={"query": query, "is_default": default}
    )[0]


@transaction.atomic
def toggle_default(*, view: SavedView) -> SavedView:
    """Open the queue with this view (or, if it was so, with all reports again)."""
    was = view.is_default
    SavedView.objects.filter(user=view.user_id).update(is_default=False)
    view.is_default = not was
    view.save(update_fields=["is_default"])
    return view


# ------------------------------------------------------------------ business offices


def offices_kept_by(user: User) -> frozenset[int]:
    """Regions whose business offices the person keeps."""
    return user.access.regions(*OFFICE_KEEPERS)


def possible_members(region: Region | int) -> Iterable[User]:
    """Who reviews in the region and can belong to an office."""
    return User.objects.filter(
        role_assignments__region=region,
        role_assignments__role__in=[party.role for party in BUREAU],
        role_assignments__is_active=True,
        is_active=True,
    ).distinct()


@transaction.atomic
def keep_office(
    *,
    office: BusinessOffice | None,
    region: Region,
    by: User,
    name: str,
    members: Iterable[User],
    departments: Iterable[Department],
) -> BusinessOffice:
    """Make or change a business office (业务股室) with its people and departments; a department moves from another one."""
    _require_keeper(by, region.pk)
    name = " ".join(name.split())
    if BusinessOffice.objects.filter(region=region, name=name).exclude(pk=office and office.pk).exists():
        raise Refused(f"本区县已有“{name}”")
    made = office is None
    office = office or BusinessOffice(region=region)
    office.name = name
    office.save()
    office.members.set(members)
    wanted = {item.pk for item in departments}
    Department.objects.filter(office=office).exclude(pk__in=wanted).update(office=None)
    Department.objects.filter(pk__in=wanted, region=region).update(office=office)
    record(
        event="office",
        sentence=f"{by.name}{'设立' if made else '调整'}业务股室“{name}”："
        f"审核人员{'、'.join(person.name for person in members) or '暂无'}，归口单位{len(wanted)}个",
        by=by,
        region=region,
        data={"office": office.pk, "departments": sorted(wanted)},
    )
    return office


@transaction.atomic
def remove_office(*, office: BusinessOffice, by: User) -> None:
    """Take a business office away; its departments then belong to none."""
    _require_keeper(by, office.region_id)
    record(event="office", sentence=f"{by.name}撤销业务股室“{office.name}”", by=by, region=office.region)
    office.delete()


def _require_keeper(by: User, region: int) -> None:
    if region not in offices_kept_by(by):
        raise NotAllowed("只有绩效股和系统管理员可以设置业务股室")


@transaction.atomic
def assign_by_office(*, report: Report, by: User) -> User:
    """Give a report to the reviewer of its department's office who has the fewest reports to review (按股室分派)."""
    report = Report.objects.locked(report.pk)
    services.require_manager(by, report)
    if report.status not in REVIEWABLE:
        raise Refused(f"报告现为“{report.get_status_display()}”，不用分派")
    if report.assigned_to_id:
        raise Refused(f"这份报告已由{report.assigned_to.name}审核，没有改派")
    office = report.department.office
    if office is None:
        raise Refused(f"{report.department.name}还没有归口股室，请先在“业务股室”中设置")
    people = parties(report)
    waiting = Count("assigned_reports", filter=Q(assigned_reports__status=Status.SUBMITTED))
    person = (
        office.members.filter(pk__in=people[Party.REVIEWER] | people[Party.MANAGER])
        .annotate(waiting=waiting)
        .order_by("waiting", "pk")
        .first()
    )
    if person is None:
        raise Refused(f"{office.name}还没有审核人员，请先在“业务股室”中设置")
    services.assign(report=report, by=by, to=person)
    return person


# ------------------------------------------------------------------ who is looking just now


def be_present(*, report: Report, user: User) -> list[User]:
    """Renew that the person has the report open (正在查看), and say who else has."""
    now = timezone.now()
    Presence.objects.update_or_create(report=report, user=user, defaults={"seen_at": now})
    Presence.objects.filter(report=report, seen_at__lt=now - PRESENT_FOR).delete()
    others = Presence.objects.filter(report=report).exclude(user=user).select_related("user")
    return [item.user for item in others.order_by("user__name", "user_id")]
