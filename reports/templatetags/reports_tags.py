"""Small pieces of every page of this floor: badges, amounts, scores, the main navigation."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from budgets import money
from departments.choices import REGION_READERS, Role
from reports.choices import Status
from reports.dossier import Dossier
from reports.findings import LEVEL_LABELS, Level
from reports.models import Notice, Report
from reports.places import place

register = template.Library()
KEEPING = ("person", "role-", "handover", "unit", "account", "office", "classified")
"""Addresses below the entry of people and departments begin so."""


@register.simple_tag
def status_badge(status: str) -> SafeString:
    """State of a report as a coloured word."""
    return format_html('<span class="status status-{}">{}</span>', status, Status(status).label)


@register.simple_tag
def nil_badge(report: Report) -> SafeString:
    """Says that a report is a nil one (零报告), beside its state; nothing for an ordinary report."""
    return mark_safe('<span class="status status-nil">零报告</span>') if report.nil else mark_safe("")


@register.simple_tag
def level_badge(level: str) -> SafeString:
    """Level of a finding as a coloured word."""
    return format_html('<span class="level level-{}">{}</span>', level, LEVEL_LABELS[Level(level)])


@register.filter
def wan(yuan: Decimal | None) -> str:
    """Amount in 元 shown in 万元."""
    return money.wan(yuan)


@register.filter
def points(score: Decimal | None, missing: str = "—") -> str:
    """A score without needless zeros; what is not computable is said so."""
    return missing if score is None else money.plain(score)


@register.filter
def rate(fraction: Decimal | None) -> str:
    """A rate as a percentage with two places."""
    return money.percent(fraction, "—")


@register.filter
def percent_of(share: Decimal) -> str:
    """A share of a line's weight as a short percentage: ``0.3`` → ``30%``."""
    return f"{money.plain(share * 100)}%"


@register.filter
def two_places(score: Decimal | None, missing: str = "—") -> str:
    """A score for a column of a list, where figures stand under each other."""
    return missing if score is None else f"{money.round_half_up(score):f}"


@register.filter
def place_name(where: str, dossier: Dossier) -> str:
    """Chinese name of a place that a finding's evidence points at."""
    return place(where, dossier).label


@register.inclusion_tag("components/finding.html", takes_context=True)
def finding(context: dict[str, Any], item: Any) -> dict[str, Any]:
    """One finding with evidence, remedy and explanation (a :class:`reports.views.report.FindingRow`)."""
    return {
        "item": item,
        "report": context["report"],
        "may_waive": context.get("may_waive"),
        "request": context["request"],
    }


@register.simple_tag(takes_context=True)
def navigation(context: dict[str, Any]) -> list[dict[str, Any]]:
    """Entries of the main navigation for the roles that the person holds, the current one marked."""
    request = context["request"]
    access, user = request.user.access, request.user
    entries = [("home", reverse("home"), "首页")]
    if access.holds(Role.REVIEWER, Role.ROUND_MANAGER, Role.MAIN_REVIEWER):
        entries.append(("queue", reverse("queue"), "报告审核"))
    elif access.holds(Role.AUDITOR):
        entries.append(("queue", reverse("queue"), "报告查询"))
    if access.holds(*REGION_READERS):
        entries.append(("rounds", reverse("rounds"), "自评任务"))
    if access.read_regions:
        entries.append(("spot-checks", reverse("spot-checks"), "抽查整改"))
    elif access.holds(Role.MAIN_REVIEWER):
        entries.append(("rectifications", reverse("rectifications"), "整改"))
    if access.holds(Role.REVIEWER, Role.ROUND_MANAGER, Role.AUDITOR, Role.MAIN_REVIEWER):
        entries.append(("overview", reverse("overview"), "总览"))
    if access.holds(Role.ROUND_MANAGER, Role.AUDITOR):
        entries.append(("audit", reverse("audit"), "操作日志"))
    if access.holds(Role.REVIEWER, Role.ROUND_MANAGER, Role.AUDITOR):
        entries.append(("targets", reverse("targets"), "批复目标"))
        entries.append(("publication", reverse("publication"), "信息公开"))
        entries.append(("checks", reverse("checks"), "核对规则"))
        entries.append(("exports", reverse("exports"), "批量导出"))
    entries.append(("policies", reverse("policies"), "评分办法"))
    if access.holds(Role.ROUND_MANAGER, Role.AUDITOR):
        entries.append(("templates", reverse("templates"), "报告模板"))
    entries.append(("inbox", reverse("inbox"), "通知"))
    if access.holds(Role.ADMINISTRATOR):
        entries.append(("people", reverse("people"), "单位和人员"))
    elif access.holds(Role.UNIT_HEAD):
        entries.append(("people", reverse("people"), "本单位人员"))
    current = getattr(getattr(request, "resolver_match", None), "url_name", "")
    unread = Notice.objects.filter(user=user, read_at=None).count()
    return [
        {
            "url": url,
            "label": label,
            "current": name == current
            or (name == "checks" and current.startswith(("check-level", "lexicon")))
            or (name == "people" and current.startswith(KEEPING))
            or (name == "rounds" and (current == "round" or current.startswith("round-")))
            or (name == "exports" and current.startswith("export"))
            or (name == "overview" and current.startswith("overview-"))
            or (name == "targets" and current.startswith("targets-")),
            "count": unread if name == "inbox" else 0,
        }
        for name, url, label in entries
    ]
