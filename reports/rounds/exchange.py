"""What a round goes by (评分办法、报告模板): exchanged by its manager only, and only while nothing is settled in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from django.db import transaction

from departments.choices import Role
from departments.models import Region, User
from departments.services import record
from reports.choices import EDITABLE, Status
from reports.evaluation import evaluate, remember
from reports.models import Report, Round, Submission
from reports.workflow import NotAllowed, Refused


def manages(user: User, region: Region | int) -> bool:
    """Whether the person is round manager (绩效股) of the region."""
    key = region.pk if isinstance(region, Region) else region
    return key in user.access.regions(Role.ROUND_MANAGER)


def require_manager(by: User, region: Region | int, act: str) -> None:
    """Refuse everyone but the round manager of the region with :class:`NotAllowed`."""
    if not (by.is_active and manages(by, region)):
        raise NotAllowed(f"没有“{act}”的权限")


@transaction.atomic
def exchange(
    *,
    round: Round,
    by: User,
    title: str,
    field: Literal["policy", "template"],
    thing: str,
    label_of: Callable[[str, int], str],
) -> Round:
    """Let a round go by another policy or template, as long as nothing was submitted or certified in it.

    ``label_of(title, region)`` gives the Chinese name of what is chosen, or raises :class:`Refused`. All open reports are
    evaluated anew. Raises :class:`NotAllowed` and :class:`Refused`.
    """
    by = User.objects.get(pk=by.pk)
    round = Round.objects.select_for_update(no_key=True).get(pk=round.pk)
    require_manager(by, round.region_id, f"选用{thing}")
    before = getattr(round, field)
    if before == title:
        return round
    label = label_of(title, round.region_id)
    # Holding every report keeps a certification or submission out until this is done.
    reports = list(
        Report.objects.select_for_update(of=("self",), no_key=True)
        .with_context()
        .filter(round=round)
        .order_by("pk")
    )
    if count := Submission.objects.filter(report__round=round).count():
        raise Refused(f"{round}已有{count}份报送，不能再更换{thing}")
    settled = sum(report.status not in EDITABLE and report.status != Status.CANCELLED for report in reports)
    if settled:
        raise Refused(f"{round}有{settled}份报告已经负责人确认，请先解锁这些报告再更换{thing}")
    setattr(round, field, title)
    round.save(update_fields=[field])
    record(
        event=f"{field}-choose",
        sentence=f"{by.name}为{round}选用{thing}“{label}”（{title}），此前为{before}",
        by=by,
        region=round.region,
        data={"round": round.pk, field: title, "before": before},
    )
    for report in reports:
        report.round = round
        if report.status != Status.CANCELLED:
            remember(report, evaluate(report))
    return round
