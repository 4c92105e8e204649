"""Steps on many reports (批量办理): the same acts as on one report's page, each row in a transaction of its own.

A row is done and marked done in one transaction, under a lock: whoever goes on with a run — a second worker, or the
next one after a kill — does what is left and nothing twice.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from departments.choices import Role
from departments.models import User
from reports import rechecking, services, workflow
from reports.models import BulkRow, BulkRun, Report
from reports.queue.services import assign_by_office
from reports.rounds import services as round_services
from reports.workflow import Refused, Step, WorkflowRefused

logger = logging.getLogger(__name__)

AT_ONCE = 20
"""Up to so many rows are done while the person waits; more go to the worker."""
MOST = 1000
STALLED_AFTER = datetime.timedelta(seconds=60)
"""Without progress for so long, the worker is taken to have died."""
LISTED = 3
"""Of a refusal's reasons so many are named in the result list."""

Doing = Callable[[Report, User, dict[str, Any]], str]


@dataclass(frozen=True)
class Act:
    """One thing to do with many reports; ``fields`` of the form it needs: ``to``, ``reason``, ``until``,
    ``message``."""

    key: str
    label: str
    roles: frozenset[Role]
    do: Doing
    fields: tuple[str, ...] = ()
    look: str = "outline-primary"


def _step(step: Step) -> Doing:
    def do(report: Report, by: User, params: dict[str, Any]) -> str:
        return workflow.apply(report, step, by=by, reason=params.get("reason", "")).sentence

    return do


def _claim(report: Report, by: User, params: dict[str, Any]) -> str:
    services.claim(report=report, by=by)
    return "已认领"


def _assign(report: Report, by: User, params: dict[str, Any]) -> str:
    to = User.objects.get(pk=params["to"])
    services.assign(report=report, by=by, to=to)
    return f"已分派给{to.name}"


def _assign_by_office(report: Report, by: User, params: dict[str, Any]) -> str:
    return f"已分派给{assign_by_office(report=report, by=by).name}"


def _extend(report: Report, by: User, params: dict[str, Any]) -> str:
    until = datetime.date.fromisoformat(params["until"])
    services.extend(report=report, by=by, until=until, reason=params["reason"])
    return f"已延期至{until:%Y-%m-%d}"


def _remind(report: Report, by: User, params: dict[str, Any]) -> str:
    found = round_services.remind(round=report.round, reports=[report], by=by, text=params["message"])
    if found.not_owing:
        raise Refused(f"报告现为“{report.get_status_display()}”，不用催报")
    if found.today_already:
        raise Refused("今天已经催报过")
    if found.nobody:
        raise Refused("单位没有可以收到通知的账号，请电话联系")
    return "已催报"


def _check_again(report: Report, by: User, params: dict[str, Any]) -> str:
    rechecking.check_again(report=report, by=by)
    return rechecking.told(report)


_BUREAU = frozenset({Role.REVIEWER, Role.ROUND_MANAGER})
_MANAGER = frozenset({Role.ROUND_MANAGER})
_MAIN = frozenset({Role.MAIN_REVIEWER})
ACTS = {
    act.key: act
    for act in (
        Act("claim", "认领", _BUREAU, _claim),
        Act("office", "按股室分派", _MANAGER, _assign_by_office),
        Act("assign", "分派", _MANAGER, _assign, ("to",)),
        Act("approve", "审核通过", _BUREAU, _step(Step.APPROVE)),
        Act("return", "退回修改", _BUREAU, _step(Step.RETURN), ("reason",)),
        Act("department_pass", "审核通过，转财政局", _MAIN, _step(Step.DEPARTMENT_PASS)),
        Act("department_return", "主管部门退回", _MAIN, _step(Step.DEPARTMENT_RETURN), ("reason",)),
        Act("recheck", "重新核对", _BUREAU, _check_again),
        Act("publish", "公开", _MANAGER, _step(Step.PUBLISH)),
        Act("extend", "延期", _MANAGER, _extend, ("until", "reason")),
        Act("remind", "催报", _MANAGER, _remind, ("message",)),
    )
}


def acts_of(user: User) -> list[Act]:
    """What the person may do with many reports, by the roles held somewhere; each row asks again."""
    return [act for act in ACTS.values() if user.access.holds(*act.roles)]


@transaction.atomic
def start(*, by: User, act: Act, reports: Iterable[int], params: dict[str, Any]) -> BulkRun:
    """Write down what is to be done; few rows are done by :func:`carry_on` at once, many by the worker."""
    keys = list(dict.fromkeys(reports))
    run = BulkRun.objects.create(by=by, act=act.key, params=params)
    BulkRow.objects.bulk_create(
        (BulkRow(run=run, report_id=key, position=position) for position, key in enumerate(keys)),
        batch_size=500,
    )
    if len(keys) > AT_ONCE:
        transaction.on_commit(lambda: go_on.enqueue(run.pk))
    return run


@task()
def go_on(run: int) -> None:
    """The worker's part: what is left of a run, and of those that a killed worker has left behind."""
    carry_on(run)
    for other in stalled_runs():
        carry_on(other)


def stalled_runs() -> list[int]:
    """Runs with rows left and no progress for a while."""
    since = timezone.now() - STALLED_AFTER
    return list(
        BulkRun.objects.filter(finished_at=None, beat_at__lt=since)
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def wake(run: BulkRun) -> bool:
    """Queue a stalled run again; of several who ask at once, one does it."""
    since = timezone.now() - STALLED_AFTER
    if BulkRun.objects.filter(pk=run.pk, finished_at=None, beat_at__lt=since).update(beat_at=timezone.now()):
        go_on.enqueue(run.pk)
        return True
    return False


def carry_on(run: int) -> None:
    """Do every row that waits, in order; safe to call again at any time."""
    while row := (BulkRow.objects.filter(run=run, state=BulkRow.State.WAITING).order_by("position").first()):
        _do(row.pk)
    BulkRun.objects.filter(pk=run, finished_at=None).update(finished_at=timezone.now())


@transaction.atomic
def _do(pk: int) -> None:
    row = BulkRow.objects.select_for_update(of=("self",), no_key=True).select_related("run").get(pk=pk)
    if row.state != BulkRow.State.WAITING:
        return
    by = User.objects.get(pk=row.run.by_id)  # the roles held now, not those of when it was asked for
    try:
        with transaction.atomic():
            report = Report.objects.visible_to(by).with_context().filter(pk=row.report_id).first()
            if report is None:
                raise Refused("没有查看这份报告的权限")
            row.text = ACTS[row.run.act].do(report, by, row.run.params)[:500]
        row.state = BulkRow.State.DONE
    except (Refused, PermissionDenied) as refusal:
        row.state, row.text = BulkRow.State.REFUSED, _why(refusal)[:500]
    except Exception:
        logger.exception("bulk run %s failed on report %s", row.run_id, row.report_id)
        row.state = BulkRow.State.REFUSED
        row.text = "系统没有办成，请打开报告单独办理；仍不行请联系系统管理员"
    row.save(update_fields=["state", "text"])
    BulkRun.objects.filter(pk=row.run_id).update(beat_at=timezone.now())


def _why(refusal: Exception) -> str:
    if isinstance(refusal, WorkflowRefused) and len(refusal.refusals) > 1:
        named = "；".join(item.text for item in refusal.refusals[:LISTED])
        return f"有{len(refusal.refusals)}处需要处理：{named}{'……' if len(refusal.refusals) > LISTED else ''}"
    return str(refusal)


@dataclass(frozen=True)
class Progress:
    """How far a run has come."""

    total: int
    done: int
    refused: int
    stalled: bool

    @property
    def settled(self) -> int:
        return self.done + self.refused

    @property
    def waiting(self) -> int:
        return self.total - self.done - self.refused


def progress(run: BulkRun) -> Progress:
    """Counted from the rows themselves, in one query."""
    states = list(BulkRow.objects.filter(run=run).values_list("state", flat=True))
    return Progress(
        total=len(states),
        done=states.count(BulkRow.State.DONE),
        refused=states.count(BulkRow.State.REFUSED),
        stalled=run.finished_at is None and timezone.now() - run.beat_at > STALLED_AFTER,
    )
