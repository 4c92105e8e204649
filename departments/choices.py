"""Closed lists of the departments floor."""

from __future__ import annotations

from django.db import models


class Role(models.TextChoices):
    """What a person may come for (角色). A person may hold several."""

    FILLER = "filler", "填报人"
    UNIT_HEAD = "unit_head", "单位负责人"
    MAIN_REVIEWER = "main_reviewer", "主管部门审核"
    REVIEWER = "reviewer", "财政局业务股室"
    ROUND_MANAGER = "round_manager", "绩效股"
    ADMINISTRATOR = "administrator", "系统管理员"
    SECURITY = "security_officer", "安全管理员"
    AUDITOR = "auditor", "审计监察"


UNIT_ROLES = frozenset({Role.FILLER, Role.UNIT_HEAD, Role.MAIN_REVIEWER})
"""Roles held in a department; the others are held in a region."""

REGION_READERS = frozenset({Role.REVIEWER, Role.ROUND_MANAGER, Role.AUDITOR})
"""Region roles that may read the dossiers of the whole region. The administrator is not one of them."""

SIGN_IN_EVENTS = (
    "sign-",
    "account.locked",
    "account.unlock",
    "account.sessions",
    "account.password",
    "second-factor",
)
"""How the names of audit events about signing in begin."""

SECURITY_EVENTS = (*SIGN_IN_EVENTS, "role-")
"""What the security officer reads of the audit log: signing in, and who got which role."""
