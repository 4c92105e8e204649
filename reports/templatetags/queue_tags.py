"""The rows of the queue, written by the faster of the two template engines (:mod:`evalsite.jinja`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
PLACE = 9_999_999_999
"""Stands for a key in an address that is asked for once and used for every row."""
GIVEN = ("rows", "acts", "today", "claimable_regions")


@register.simple_tag(takes_context=True)
def queue_rows(context: dict[str, Any]) -> SafeString:
    """One row a report (``templates/jinja2/queue/rows.html``)."""
    given = {name: context[name] for name in GIVEN}
    given |= {"report_url": _addresses("report"), "claim_url": _addresses("report-claim")}
    made = render_to_string("queue/rows.html", given, request=context["request"], using="jinja2")
    return mark_safe(made)  # noqa: S308 (escaped by the template)


def _addresses(route: str) -> Callable[[int], str]:
    """The route's address by key, resolved once."""
    before, after = reverse(route, args=[PLACE]).split(str(PLACE))
    return lambda key: f"{before}{key}{after}"
