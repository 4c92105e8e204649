"""Writing beside the workflow's steps: withheld parts, the date of 决算批复, classified units. Each leaves an audit entry."""

from __future__ import annotations

import datetime

from django.db import transaction

from departments.choices import Role
from departments.models import Department, User
from departments.services import record
from reports import workflow
from reports.choices import Status
from reports.models import PublicationMark, Report, Round
from reports.publication import freeze
from reports.publication.view import places
from reports.workflow import NotAllowed, Party, Refused

MARKABLE = frozenset({Status.SUBMITTED, Status.APPROVED})
"""States in which the bureau prepares a publication: the content is frozen and not public yet."""


def may_prepare(user: User, report: Report) -> bool:
    """The round manager decides what is published."""
    return Party.MANAGER.includes(user, report)


def may_read(user: User, report: Report) -> bool:
    """The bureau's pages of publication: for whoever reads the whole region."""
    return report.department.region_id in user.access.read_regions


def may_classify(user: User, region: int) -> bool:
    """Classified units are named by the region's administrator or round manager."""
    return user.is_active and region in user.access.regions(Role.ADMINISTRATOR, Role.ROUND_MANAGER)


def _require(allowed: bool, act: str) -> None:
    if not allowed:
        raise NotAllowed(f"没有“{act}”的权限")


def _written(text: str, otherwise: str) -> str:
    if not text.strip():
        raise Refused(otherwise)
    return text.strip()


# ------------------------------------------------------------------ withheld parts


@transaction.atomic
def mark(*, report: Report, by: User, where: str, reason: str) -> PublicationMark:
    """Withhold a part of a report from publication (标记不公开), with a reason that stays inside the bureau."""
    report = Report.objects.locked(report.pk)
    _require(may_prepare(by, report), "标记不公开的内容")
    _require_markable(report)
    reason = _written(reason, "请写明不公开的理由")
    source = freeze.source_of(report)
    if source is None:
        raise Refused("报告没有报送过的版本，还不能标记")
    place = next((item for item in places(source.dossier, source.outline) if item.where == where), None)
    if place is None:
        raise Refused("报告中没有这个部分，请重新选择")
    if PublicationMark.objects.filter(report=report, where=where).exists():
        raise Refused(f"“{place.label}”已经标记为不公开")
    label = f"{place.group}：{place.label}"[:200]
    made = PublicationMark.objects.create(report=report, where=where, label=label, reason=reason, by=by)
    record(
        event="publication-mark",
        sentence=f"{by.name}把“{label}”标记为不公开，理由：{reason}",
        by=by,
        profile=report.profile,
        data={"report": report.pk, "where": where},
    )
    return made


@transaction.atomic
def unmark(*, mark: PublicationMark, by: User) -> Report:
    """Take a mark back; the second click changes nothing."""
    report = Report.objects.locked(mark.report_id)
    _require(may_prepare(by, report), "取消不公开标记")
    _require_markable(report)
    if PublicationMark.objects.filter(pk=mark.pk).delete()[0]:
        record(
            event="publication-unmark",
            sentence=f"{by.name}取消了“{mark.label}”的不公开标记（原理由：{mark.reason}）",
            by=by,
            profile=report.profile,
            data={"report": report.pk, "where": mark.where},
        )
    return report


def _require_markable(report: Report) -> None:
    if report.status == Status.PUBLISHED:
        raise Refused("报告已经公开，请先撤下再修改不公开的内容")
    if report.status not in MARKABLE:
        raise Refused(f"报告现为“{report.get_status_display()}”，报送之后、公开之前才能标记不公开的内容")


# ------------------------------------------------------------------ the date that starts the clock


@transaction.atomic
def set_round_date(*, round: Round, by: User, date: datetime.date | None) -> Round:
    """决算批复日期 of a round; ``None`` takes it back."""
    round = (
        Round.objects.select_for_update(of=("self",), no_key=True).select_related("region").get(pk=round.pk)
    )
    _require(by.is_active and round.region_id in by.access.regions(Role.ROUND_MANAGER), "填写决算批复日期")
    _check_date(date, round.year)
    if round.accounts_approved_on == date:
        return round
    round.accounts_approved_on = date
    round.save(update_fields=["accounts_approved_on"])
    record(
        event="accounts-approved",
        sentence=f"{by.name}把{round}的决算批复日期{_told(date)}",
        by=by,
        region=round.region,
        data={"round": round.pk, "date": date and date.isoformat()},
    )
    return round


@transaction.atomic
def set_report_date(*, report: Report, by: User, date: datetime.date | None) -> Report:
    """决算批复日期 of one unit where it differs from the round's; ``None`` goes back to the round's."""
    report = Report.objects.locked(report.pk)
    _require(may_prepare(by, report), "填写决算批复日期")
    _check_date(date, report.year)
    if report.accounts_approved_on == date:
        return report
    report.accounts_approved_on = date
    report.save(update_fields=["accounts_approved_on"])
    record(
        event="accounts-approved",
        sentence=f"{by.name}把本单位的决算批复日期{_told(date)}",
        by=by,
        profile=report.profile,
        data={"report": report.pk, "date": date and date.isoformat()},
    )
    return report


def _told(date: datetime.date | None) -> str:
    return f"填为{date.year}年{date.month}月{date.day}日" if date else "清空"


def _check_date(date: datetime.date | None, year: int) -> None:
    """Final accounts of a year are approved after it has ended."""
    if date and not year < date.year <= year + 3:
        raise Refused(f"{year}年度决算的批复日期应在{year + 1}年至{year + 3}年之间，请核对年份")


# ------------------------------------------------------------------ classified units


def classify(*, department: Department, by: User, classified: bool, reason: str) -> Department:
    """Name a unit classified (涉密), which withdraws all that is public of it; or lift it. Both need a reason."""
    _require(may_classify(by, department.region_id), "认定涉密单位")
    reason = _written(reason, "请写明理由")
    with transaction.atomic():
        department = (
            Department.objects.select_for_update(of=("self",), no_key=True)
            .select_related("region")
            .get(pk=department.pk)
        )
        if department.classified == classified:
            return department
        department.classified = classified
        department.classified_reason = reason if classified else ""
        department.save(update_fields=["classified", "classified_reason"])
        record(
            event="classify",
            sentence=f"{by.name}{'认定' if classified else '取消认定'}{department.name}为涉密单位，理由：{reason}",
            by=by,
            department=department,
            data={"classified": classified},
        )
        if classified:
            _withdraw_all(department, by)
    return department


def _withdraw_all(department: Department, by: User) -> None:
    """Every published report of the unit goes back to 已审核, by whoever named it classified."""
    reports = Report.objects.filter(profile__department=department, status=Status.PUBLISHED)
    for report in reports.with_context():
        workflow.take_down_classified(report, by=by)
