"""The audit log as a list (操作日志): whose entries, how they are filtered, and the list as a workbook."""

from __future__ import annotations

import datetime
import io
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from openpyxl import Workbook

from departments.choices import SIGN_IN_EVENTS, Role
from departments.models import AuditEntry, AuditSeal, Region, User
from departments.querysets import of_signing_in
from departments.services import record
from reports.list_sheet import add_list
from reports.queue.paging import Order

AUDIT_ROLES = (Role.AUDITOR, Role.ROUND_MANAGER)
"""Who reads the whole log of a region; the security officer reads what :func:`of_signing_in` names."""
EXPORT_EVENT = "audit-export"
MOST_EXPORTED = 50_000
"""Rows of one workbook; whoever needs more narrows the days."""
NEWEST_FIRST = Order("newest", "最近的在前", "at", AuditEntry._meta.get_field("at"), descending=True)


@dataclass(frozen=True)
class Kind:
    """Events that people look for together: how their names begin, or end."""

    key: str
    label: str
    begins: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()

    @property
    def condition(self) -> Q:
        found = Q(pk__in=())
        for text in self.begins:
            found |= Q(event__startswith=text)
        for text in self.ends:
            found |= Q(event__endswith=text)
        return found


KINDS = (
    Kind("filling", "填报、上传和导入", ("section.", "attachment.", "import.", "report.import", "workbook.")),
    Kind(
        "steps",
        "报送与审核",
        ("step-", "comment-", "review-", "waive", "assign", "extend", "report-recheck", "classify"),
    ),
    Kind("reading", "查阅他人报告", ("report-read",)),
    Kind("exports", "导出与下载", ("export",), ("-export", "-workbook", ".download")),
    Kind("rounds", "任务布置与催报", ("round-", "remind", "report.begin", "scan-", "summary-")),
    Kind("oversight", "抽查与整改", ("spot-check-", "rectification-")),
    Kind(
        "rules",
        "办法、模板、目标和规则",
        ("policy-", "template-", "check-", "lexicon", "targets-", "indicator-"),
    ),
    Kind("publication", "公开", ("publication-",)),
    Kind("sign-ins", "登录与退出", SIGN_IN_EVENTS),
    Kind("accounts", "单位、账号、股室和公告", ("account", "person-", "role-", "unit-", "office", "banner-")),
    Kind("operation", "备份与恢复", ("backup", "restore")),
)
OTHER = "other"


class AuditFilter(forms.Form):
    """What of an address narrows the log."""

    q = forms.CharField(label="单位或内容", required=False, max_length=50)
    person = forms.CharField(label="操作人", required=False, max_length=50)
    kind = forms.ChoiceField(
        label="事项",
        required=False,
        choices=[("", "全部事项"), *((item.key, item.label) for item in KINDS), (OTHER, "其他")],
        error_messages={"invalid_choice": "没有这类事项，请重新选择"},
    )
    since = forms.DateField(
        label="起始日期", required=False, error_messages={"invalid": "请填写日期，如2024-04-18"}
    )
    until = forms.DateField(
        label="截止日期", required=False, error_messages={"invalid": "请填写日期，如2024-04-18"}
    )

    def clean_q(self) -> str:
        return self.cleaned_data["q"].strip()

    def clean_person(self) -> str:
        return self.cleaned_data["person"].strip()

    def clean(self) -> dict[str, Any]:
        stated = super().clean()
        since, until = stated.get("since"), stated.get("until")
        if since and until and until < since:
            self.add_error("until", "截止日期早于起始日期")
        return stated

    @property
    def used(self) -> dict[str, str]:
        """What is filtered by, as it goes into an address."""
        return {name: str(value) for name, value in self.cleaned_data.items() if value}

    @property
    def words(self) -> str:
        """The filter in words, for the entry about an export."""
        labels = dict(self.fields["kind"].choices)
        said = [
            f"{self.fields[name].label}“{labels[value] if name == 'kind' else value}”"
            for name, value in self.used.items()
        ]
        return "、".join(said) or "全部"


def entries_of(user: User, stated: AuditFilter) -> QuerySet[AuditEntry]:
    """The entries of the regions in which the person watches over the log (审计监察, 绩效股, in part 安全管理员), filtered.

    The region stands on each entry, so the index by region and time leads.
    """
    whole = Q(region__in=user.access.regions(*AUDIT_ROLES))
    found = AuditEntry.objects.visible_to(user)
    found = found.filter(whole | of_signing_in(user) if user.access.secured_regions else whole)
    data = stated.cleaned_data
    if words := data["q"]:
        found = found.filter(Q(sentence__icontains=words) | Q(department__name__icontains=words))
    if person := data["person"]:
        found = found.filter(actor_name__icontains=person)
    if data["kind"] == OTHER:
        for kind in KINDS:
            found = found.exclude(kind.condition)
    elif data["kind"]:
        found = found.filter(next(kind.condition for kind in KINDS if kind.key == data["kind"]))
    if since := data["since"]:
        found = found.filter(at__gte=_midnight(since))
    if until := data["until"]:
        found = found.filter(at__lt=_midnight(until + datetime.timedelta(days=1)))
    return found


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def newest_seal() -> AuditSeal | None:
    """Up to where the log is sealed (:mod:`departments.sealing`)."""
    return AuditSeal.objects.first()


def export(*, user: User, stated: AuditFilter) -> bytes:
    """The filtered log as a workbook, newest first, at most :data:`MOST_EXPORTED` rows; the export is logged itself."""
    entries = entries_of(user, stated).select_related("department", "profile").order_by("-at", "-pk")
    rows = [
        (
            f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M:%S}",
            entry.actor_name,
            entry.department.name if entry.department else "",
            entry.profile.year if entry.profile else "",
            entry.sentence,
            entry.event,
            entry.pk,
        )
        for entry in entries[:MOST_EXPORTED].iterator(2000)
    ]
    book = Workbook(write_only=True)
    columns = (
        ("时间", 20),
        ("操作人", 12),
        ("单位", 28),
        ("年度", 8),
        ("内容", 80),
        ("事件代码", 20),
        ("编号", 12),
    )
    add_list(book, "操作日志", f"操作日志（{stated.words}）", columns, rows)
    made = io.BytesIO()
    book.save(made)
    for region in sorted(user.access.regions(*AUDIT_ROLES) | user.access.secured_regions):
        record(
            event=EXPORT_EVENT,
            sentence=f"{user.name}导出操作日志{len(rows)}条（{stated.words}）",
            by=user,
            region=Region.objects.get(pk=region),
            data={"filter": stated.used, "rows": len(rows)},
        )
    return made.getvalue()
