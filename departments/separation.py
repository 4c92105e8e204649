"""Who may not hold what (岗位分离): the administrator is not the auditor, and nobody gives roles to oneself.

After the three roles (三员) of GB/T 22239-2019: whoever makes accounts is not whoever reads the log of it. Every place that
gives a role asks here first; accounts that broke the rule before are reported by ``manage.py check --database default``.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from departments.choices import Role
from departments.models import RoleAssignment, User

APART = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
"""Roles of which a person holds at most one, in whatever regions."""
OWN_ROLES = "不能给自己授予角色，请由其他管理员办理"


def mixture(roles: Iterable[str]) -> str:
    """Why these roles may not be together with one person, in Chinese; empty if they may."""
    if set(roles) >= APART:
        return f"同一人不能既是{Role.ADMINISTRATOR.label}又是{Role.AUDITOR.label}，请分开设置"
    return ""


def refusal(*, person: User, role: str) -> str:
    """Why this role may not be added to the person's active ones, in Chinese; empty if the rule does not forbid it."""
    held = RoleAssignment.objects.filter(user=person, is_active=True).values_list("role", flat=True)
    return mixture({*held, role})


def mixed_accounts() -> QuerySet[User]:
    """Active accounts that break the rule: they were made before it, or past the application."""
    found = User.objects.filter(is_active=True)
    for role in APART:
        held = RoleAssignment.objects.filter(role=role, is_active=True)
        found = found.filter(pk__in=held.values("user"))
    return found.order_by("username")
