"""Who may read which rows: one method, ``visible_to``, from which every query that a user can cause starts."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from departments.choices import SECURITY_EVENTS

if TYPE_CHECKING:
    from departments.models import User


class DepartmentScoped(models.QuerySet):
    """Rows that belong to a department; ``path`` is how the model reaches it."""

    path = "department"

    def visible_to(self, user: User) -> Self:
        """Rows this person may read: the own unit's, its units' for a 主管部门, the region's for the bureau.

        Nothing for anyone without a role (无角色即无数据), and no exception for a superuser.
        """
        return self.filter(readable_by(user, self.path)) if _active(user) else self.none()


class ProfileScoped(DepartmentScoped):
    """Rows that hang on an :class:`~departments.models.AnnualProfile`."""

    path = "profile__department"


class RegionScoped(models.QuerySet):
    """Rows that belong to a whole region: for whoever reads the region."""

    def visible_to(self, user: User) -> Self:
        return self.filter(region__in=user.access.read_regions) if _active(user) else self.none()


class DepartmentQuerySet(DepartmentScoped):
    """Departments themselves; administrator and security officer see the region's, since accounts are tied to them."""

    path = ""

    def visible_to(self, user: User) -> Self:
        if not _active(user):
            return self.none()
        keeps = user.access.administered_regions | user.access.secured_regions
        return self.filter(readable_by(user, "") | Q(region__in=keeps))


class RegionQuerySet(models.QuerySet):
    """Rows of a region's bureau: for who reads the region and for its administrator."""

    def visible_to(self, user: User) -> Self:
        if not _active(user):
            return self.none()
        return self.filter(region__in=user.access.read_regions | user.access.administered_regions)


class AuditQuerySet(DepartmentScoped):
    """Audit entries: those of a department as its rows, those of a whole region for whoever reads the region."""

    def visible_to(self, user: User) -> Self:
        if not _active(user):
            return self.none()
        of_region = Q(department=None, region__in=user.access.read_regions)
        readable = readable_by(user, self.path) | of_region
        return self.filter(readable | of_signing_in(user) if user.access.secured_regions else readable)


class BannerQuerySet(models.QuerySet):
    """Notices on every page (维护公告)."""

    def shown_to(self, user: User | None, at: datetime.datetime) -> Self:
        """Those that run now, of the person's regions; before signing in nobody's region is known, so all of them."""
        running = self.filter(starts__lte=at, ends__gt=at).select_related("region")
        roles = user.access.roles if user is not None and _active(user) else frozenset()
        if not roles:
            return running
        regions = {region for _, _, region in roles if region}
        departments = {department for _, department, _ in roles if department}
        return running.filter(Q(region__in=regions) | Q(region__departments__in=departments)).distinct()


def of_signing_in(user: User) -> Q:
    """Condition for the audit entries that a security officer watches: signing in, and who got which role."""
    events = Q(pk__in=())
    for beginning in SECURITY_EVENTS:
        events |= Q(event__startswith=beginning)
    return Q(region__in=user.access.secured_regions) & events


def readable_by(user: User, path: str) -> Q:
    """Condition for rows that reach their department by ``path`` (empty: the department itself).

    Only what the person has is asked for: each further condition costs every query of every page.
    """
    prefix = f"{path}__" if path else ""
    access = user.access
    departments = access.unit_departments | access.main_departments
    readable = Q(**{f"{prefix}pk__in": departments}) if departments else Q()
    if access.main_departments:
        readable |= Q(**{f"{prefix}parent__in": access.main_departments})
    if access.read_regions:
        readable |= Q(**{f"{prefix}region__in": access.read_regions})
    return readable or Q(pk__in=())


def _active(user: User) -> bool:
    return bool(user.is_authenticated and user.is_active)
