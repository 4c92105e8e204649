"""Writing policies (评分办法): a new version, and which one a round uses. Each act leaves one audit entry."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from departments.choices import Role
from departments.models import Region, User
from departments.services import record
from indicators.models import PolicyVersion
from indicators.policy import Policy, PolicyError, build_policy, policy_names
from reports.choices import EDITABLE, Status
from reports.evaluation import evaluate, remember
from reports.models import Report, Round, Submission
from reports.policies import SEPARATOR, policy_named
from reports.workflow import NotAllowed, Refused

UNCOMPARED = {"version", "label", "note", "source", "evidence"}


def manages(user: User, region: Region | int) -> bool:
    """Whether the person is round manager (绩效股) of the region."""
    key = region.pk if isinstance(region, Region) else region
    return key in user.access.regions(Role.ROUND_MANAGER)


@transaction.atomic
def save_version(*, region: Region, by: User, policy: Policy, based_on: str, change: str) -> PolicyVersion:
    """Keep a policy as the next version of its name (保存为新版本); nothing that exists is changed.

    Raises :class:`NotAllowed`, :class:`Refused`.
    """
    by = User.objects.get(pk=by.pk)
    _require(by, region, "制定评分办法")
    change = " ".join(change.split())
    if not change:
        raise Refused("请写明修改说明：改了什么，依据是什么")
    if policy.name in policy_names():
        raise Refused(f"“{policy.name}”是系统自带办法的代号，请换一个代号")
    region = Region.objects.select_for_update().get(pk=region.pk)  # one version number at a time
    rows = list(PolicyVersion.objects.filter(region=region, name=policy.name))
    content = policy.model_dump(mode="json")
    for row in rows:
        if _essence(row.content) == _essence(content) and row.label == policy.label:
            raise Refused(f"内容与“{row}”完全相同，没有保存")
    version = str(max((int(row.version) for row in rows), default=0) + 1)
    content["version"] = version
    try:
        build_policy(content)
    except PolicyError as error:
        raise Refused(str(error)) from None
    try:
        with transaction.atomic():
            made = PolicyVersion.objects.create(
                region=region,
                name=policy.name,
                version=version,
                label=policy.label,
                content=content,
                based_on=based_on,
                change=change,
                created_by=by,
            )
    except IntegrityError:
        raise Refused("另有人刚刚保存了同一版本，请重新打开再保存") from None
    record(
        event="policy-version",
        sentence=f"{by.name}制定评分办法“{made.label}”第{version}版（复制自{based_on}），说明：{change}",
        by=by,
        region=region,
        data={"policy": made.title, "based_on": based_on},
    )
    return made


def _essence(content: dict) -> dict:
    return {key: value for key, value in content.items() if key not in UNCOMPARED}


@transaction.atomic
def choose(*, round: Round, by: User, title: str) -> Round:
    """Let a round be scored by another policy (选用评分办法), as long as nothing was submitted or certified in it."""
    by = User.objects.get(pk=by.pk)
    round = Round.objects.select_for_update().get(pk=round.pk)
    _require(by, round.region_id, "选用评分办法")
    if round.policy == title:
        return round
    try:
        policy = policy_named(title, round.region_id)
    except PolicyError as error:
        raise Refused(str(error)) from None
    # Holding every report keeps a certification or submission out until this is done.
    reports = list(
        Report.objects.select_for_update(of=("self",)).with_context().filter(round=round).order_by("pk")
    )
    if count := Submission.objects.filter(report__round=round).count():
        raise Refused(f"{round}已有{count}份报送，不能再更换评分办法")
    settled = sum(report.status not in EDITABLE and report.status != Status.CANCELLED for report in reports)
    if settled:
        raise Refused(f"{round}有{settled}份报告已经负责人确认，请先解锁这些报告再更换评分办法")
    before, round.policy = round.policy, title
    round.save(update_fields=["policy"])
    record(
        event="policy-choose",
        sentence=f"{by.name}为{round}选用评分办法“{policy.label}”（{title}），此前为{before}",
        by=by,
        region=round.region,
        data={"round": round.pk, "policy": title, "before": before},
    )
    for report in reports:
        report.round = round
        if report.status != Status.CANCELLED:
            remember(report, evaluate(report))
    return round


def _require(by: User, region: Region | int, act: str) -> None:
    if not (by.is_active and manages(by, region)):
        raise NotAllowed(f"没有“{act}”的权限")


def suggested_name(policy_name: str, region: Region) -> str:
    """Name for a copy: a version of the region keeps its name, a preset gets the region's code behind it."""
    if policy_name not in policy_names():
        return policy_name
    return f"{policy_name}-{region.code}"[:40].replace(SEPARATOR, "-")
