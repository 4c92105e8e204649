"""Small pieces of the oversight pages."""

from __future__ import annotations

from django import template

from departments.models import User
from reports.oversight.lists import Task, deviation, tasks

register = template.Library()
register.filter("deviation", deviation)


@register.filter
def reads_a_region(user: User) -> bool:
    """Whether the person reads the reports of a whole region: such people see the spot checks of a round."""
    return bool(user.access.read_regions)


@register.simple_tag
def oversight_tasks(user: User) -> list[Task]:
    """What waits for the person in spot checks and rectification (待办)."""
    return tasks(user)
