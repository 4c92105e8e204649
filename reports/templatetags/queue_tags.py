"""The list of the queue with its filter, written by the faster of the two template engines (:mod:`evalsite.jinja`)."""

from __future__ import annotations

from functools import cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.safestring import SafeString, mark_safe

from reports.choices import Status
from reports.templatetags.reports_tags import status_badge

register = template.Library()
PLACE = 9_999_999_999
"""Stands for a key in an address that is asked for once and used for every row."""
PAGES = ("queue", "offices", "bulk-runs", "bulk-start", "queue-view-save")
PAGES_OF_ROWS = ("report", "report-claim", "queue-view-default", "queue-view-delete")


@register.simple_tag(takes_context=True)
def queue_list(context: dict[str, Any]) -> SafeString:
    """Filter, saved views and rows (``templates/jinja2/queue/list.html``)."""
    urls = _urls(get_script_prefix(), get_urlconf())
    given = context.flatten() | {"urls": urls, "badges": _badges()}
    made = render_to_string("queue/list.html", given, request=context["request"], using="jinja2")
    return mark_safe(made)  # noqa: S308 (escaped by the template)


@cache
def _badges() -> dict[str, SafeString]:
    """The badge of each state: there are few states and many rows."""
    return {status.value: status_badge(status) for status in Status}


@cache
def _urls(prefix: str, conf: str | None) -> dict[str, str | list[str]]:
    """Addresses of the page, those with a key as what stands before and behind it; resolved once for each way in which
    addresses are resolved."""
    fixed: dict[str, str | list[str]] = {route: reverse(route) for route in PAGES}
    return fixed | {route: reverse(route, args=[PLACE]).split(str(PLACE)) for route in PAGES_OF_ROWS}
