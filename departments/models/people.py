"""People and the roles they hold (人员与角色)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q

from departments.choices import REGION_READERS, UNIT_ROLES, Role
from departments.models.organisation import Department, Region


@dataclass(frozen=True)
class Access:
    """What a person's roles reach, as sets of primary keys, read once a request."""

    roles: frozenset[tuple[str, int | None, int | None]]
    """(role, department, region) of every active assignment."""

    def departments(self, *roles: Role) -> frozenset[int]:
        """Departments in which one of these roles is held."""
        return frozenset(department for role, department, _ in self.roles if role in roles and department)

    def regions(self, *roles: Role) -> frozenset[int]:
        """Regions in which one of these roles is held."""
        return frozenset(region for role, _, region in self.roles if role in roles and region)

    def holds(self, *roles: Role) -> bool:
        """Whether one of these roles is held anywhere."""
        return any(role in roles for role, _, _ in self.roles)

    @property
    def unit_departments(self) -> frozenset[int]:
        return self.departments(Role.FILLER, Role.UNIT_HEAD)

    @property
    def main_departments(self) -> frozenset[int]:
        return self.departments(Role.MAIN_REVIEWER)

    @property
    def read_regions(self) -> frozenset[int]:
        return self.regions(*REGION_READERS)

    @property
    def administered_regions(self) -> frozenset[int]:
        return self.regions(Role.ADMINISTRATOR)

    @property
    def secured_regions(self) -> frozenset[int]:
        return self.regions(Role.SECURITY)


class User(AbstractUser):
    """A person who signs in (账号)."""

    first_name = None
    last_name = None
    name = models.CharField("姓名", max_length=50)
    phone = models.CharField("联系电话", max_length=30, blank=True)
    is_demo = models.BooleanField("演示账号", default=False, editable=False)
    must_change_password = models.BooleanField("登录后须修改密码", default=False)
    password_expires_at = models.DateTimeField("初始密码有效期至", null=True, blank=True)
    password_changed_at = models.DateTimeField("密码修改时间", null=True, blank=True, editable=False)

    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = verbose_name_plural = "账号"
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @cached_property
    def access(self) -> Access:
        """What this person's active roles reach; one query, kept for the life of the object."""
        return Access(
            roles=frozenset(
                self.role_assignments.filter(is_active=True).values_list("role", "department_id", "region_id")
            )
        )


class RoleAssignment(models.Model):
    """One role of one person, in a department (unit roles) or in a region (bureau roles)."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="role_assignments", verbose_name="账号"
    )
    role = models.CharField("角色", max_length=20, choices=Role.choices)
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="role_assignments",
        verbose_name="单位",
    )
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="role_assignments",
        verbose_name="区县",
    )
    is_active = models.BooleanField("有效", default=True)
    is_requested = models.BooleanField("待授予", default=False)
    """Asked for by who keeps the account, and not given yet by the security officer (:attr:`Region.officers_apart`)."""

    class Meta:
        verbose_name = verbose_name_plural = "角色"
        ordering = ["user", "role"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(role__in=sorted(UNIT_ROLES), department__isnull=False, region__isnull=True)
                    | Q(
                        role__in=sorted(set(Role.values) - UNIT_ROLES),
                        department__isnull=True,
                        region__isnull=False,
                    )
                ),
                name="role_in_its_place",
                violation_error_message="填报人、单位负责人、主管部门审核要指定单位；财政、管理和审计角色要指定区县",
            ),
            models.CheckConstraint(
                condition=Q(is_active=False) | Q(is_requested=False),
                name="role_given_or_requested",
                violation_error_message="角色已经有效，不再是待授予",
            ),
            models.UniqueConstraint(
                fields=("user", "role", "department"),
                condition=Q(department__isnull=False),
                name="role_once_a_department",
                violation_error_message="此人在该单位已有这个角色",
            ),
            models.UniqueConstraint(
                fields=("user", "role", "region"),
                condition=Q(region__isnull=False),
                name="role_once_a_region",
                violation_error_message="此人在该区县已有这个角色",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()} {self.department or self.region}"
