"""Levels of the checks as a region decides them (规则级别): the one act that changes them."""

from __future__ import annotations

from django.db import transaction

from departments.choices import Role
from departments.models import Region, User
from departments.services import record
from reports.checks import all_checks
from reports.findings import LEVEL_LABELS, Level
from reports.models import CheckLevel
from reports.workflow import NotAllowed, Refused

EVENT = "check-level"


@transaction.atomic
def set_level(*, region: Region, code: str, level: Level | str, reason: str, by: User) -> Level:
    """Change the level of a rule for a region, with a reason; the registry's own level takes the row away.

    Raises :class:`~reports.workflow.NotAllowed` and :class:`~reports.workflow.Refused`.
    """
    if region.pk not in by.access.regions(Role.ROUND_MANAGER):
        raise NotAllowed("只有绩效股可以调整规则级别")
    rule = next((item for item in all_checks() if item.code == code), None)
    if rule is None or level not in set(Level):
        raise Refused("没有这条规则或这个级别，请刷新页面后重试")
    reason, level = reason.strip(), Level(level)
    if not reason:
        raise Refused("请写明调整的理由")
    own = CheckLevel.objects.select_for_update(no_key=True).filter(region=region, code=code).first()
    before = Level(own.level) if own else rule.level
    if level is before:
        raise Refused(f"这条规则已经是“{LEVEL_LABELS[level]}”")
    if level is rule.level:
        CheckLevel.objects.filter(region=region, code=code).delete()
    else:
        CheckLevel.objects.update_or_create(
            region=region, code=code, defaults={"level": level, "reason": reason, "by": by}
        )
    record(
        event=EVENT,
        sentence=f"{by.name}把核对规则“{rule.title}”由“{LEVEL_LABELS[before]}”调整为“{LEVEL_LABELS[level]}”，理由：{reason}",
        by=by,
        region=region,
        data={"code": code, "from": before, "to": level, "reason": reason},
    )
    return level
