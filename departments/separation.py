"""Who may not hold what (岗位分离, 三员): administrator, security officer and auditor are three people.

Nobody gives roles to oneself. After GB/T 22239-2019: whoever makes accounts is not whoever reads the log of it.
Where a region has set 三员分立 (:attr:`Region.officers_apart`), it is not whoever gives roles either.
Every place that gives a role asks here first; accounts that broke the rule before are reported by
``manage.py check --database default``.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from departments.choices import Role
from departments.models import Region, RoleAssignment, User

APART = (Role.ADMINISTRATOR, Role.SECURITY, Role.AUDITOR)
"""Roles of which a person holds at most one, in whatever regions."""
OWN_ROLES = "不能给自己授予角色，请由其他管理员办理"


def mixture(roles: Iterable[str]) -> str:
    """Why these roles may not be together with one person, in Chinese; empty if they may."""
    found = set(roles)
    held = [role.label for role in APART if role in found]
    return f"同一人不能既是{held[0]}又是{held[1]}，请分开设置" if len(held) > 1 else ""


def refusal(*, person: User, role: str) -> str:
    """Why this role may not be added to the person's active ones, in Chinese; empty if the rule does not forbid it."""
    held = RoleAssignment.objects.filter(user=person, is_active=True).values_list("role", flat=True)
    return mixture({*held, role})


def mixed_accounts() -> QuerySet[User]:
    """Active accounts that break the rule: they were made before it, or past the application."""
    apart = Q(role_assignments__role__in=APART, role_assignments__is_active=True)
    kinds = Count("role_assignments__role", filter=apart, distinct=True)
    return User.objects.filter(is_active=True).annotate(kinds=kinds).filter(kinds__gt=1).order_by("username")


def regions_without_officer() -> QuerySet[Region]:
    """Regions that set 三员分立 and have no active security officer: nobody could give a role there."""
    officers = RoleAssignment.objects.filter(
        role=Role.SECURITY, region=OuterRef("pk"), is_active=True, user__is_active=True
    )
    return Region.objects.filter(~Exists(officers), officers_apart=True)
