"""Small pieces of every page of this floor: badges, amounts, scores, the main navigation."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from budgets import money
from reports.choices import Status
from reports.dossier import Dossier
from reports.findings import LEVEL_LABELS, Level
from reports.menu import Entry, Group, menu_of
from reports.models import Notice, Report
from reports.places import place

register = template.Library()


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
    """The main menu for the roles that the person holds, the current entry (and its group) marked."""
    request = context["request"]
    current = getattr(getattr(request, "resolver_match", None), "url_name", "") or ""
    unread = Notice.objects.filter(user=request.user, read_at=None).count()

    def shown(entry: Entry) -> dict[str, Any]:
        return {
            "url": reverse(entry.route),
            "label": entry.label,
            "current": entry.is_current(current),
            "count": unread if entry.route == "inbox" else 0,
        }

    made = []
    for item in menu_of(request.user.access):
        if isinstance(item, Group):
            entries = [shown(entry) for entry in item.entries]
            made.append(
                {
                    "label": item.label,
                    "entries": entries,
                    "current": any(entry["current"] for entry in entries),
                }
            )
        else:
            made.append(shown(item))
    return made
