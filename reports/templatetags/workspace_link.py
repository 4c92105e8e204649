"""Address of a report's workspace (填报), for pages that only link there."""

from __future__ import annotations

from django import template

from reports.models import Report
from reports.places import SECTIONS, section_url

register = template.Library()


@register.simple_tag
def workspace_url(report: Report) -> str:
    """Where the unit goes on typing."""
    return section_url(report.pk, SECTIONS[0].key)
