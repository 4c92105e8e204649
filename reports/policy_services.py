"""Writing policies (评分办法): a new version, and which one a round uses. Each act leaves one audit entry."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from departments.models import Region, User
from departments.services import record
from indicators.models import PolicyVersion
from indicators.policy import Policy, PolicyError, build_policy, policy_names
from reports.models import Round
from reports.policies import SEPARATOR, policy_named
from reports.rounds.exchange import exchange, require_manager
from reports.workflow import Refused

UNCOMPARED = {"version", "label", "note", "source", "evidence"}


@transaction.atomic
def save_version(
    *, region: Region, by: User, policy: Policy, based_on: str, change: str, base: Policy | None = None
) -> PolicyVersion:
    """Keep a policy as the next version of its name (保存为新版本); nothing that exists is changed.

    ``base`` is what was copied: an unchanged copy is refused. Raises :class:`NotAllowed`, :class:`Refused`.
    """
    by = User.objects.get(pk=by.pk)
    require_manager(by, region, "制定评分办法")
    change = " ".join(change.split())
    if not change:
        raise Refused("请写明修改说明：改了什么，依据是什么")
    if policy.name in policy_names():
        raise Refused(f"“{policy.name}”是系统自带办法的代号，请换一个代号")
    region = Region.objects.select_for_update(no_key=True).get(pk=region.pk)  # one version number at a time
    rows = list(PolicyVersion.objects.filter(region=region, name=policy.name))
    content = policy.model_dump(mode="json")
    for row in rows:
        if _essence(row.content) == _essence(content) and row.label == policy.label:
            raise Refused(f"内容与“{row}”完全相同，没有保存")
    if base is not None and _unchanged(policy, base):
        raise Refused(f"内容与所复制的“{policy.label}”完全相同，没有保存；请先修改")
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


def _unchanged(policy: Policy, base: Policy) -> bool:
    """Whether a copy is still what was copied, its code aside."""
    before, after = (_essence(one.model_dump(mode="json")) | {"name": ""} for one in (base, policy))
    return before == after and base.label == policy.label


def _essence(content: dict) -> dict:
    return {key: value for key, value in content.items() if key not in UNCOMPARED}


def choose(*, round: Round, by: User, title: str) -> Round:
    """Let a round be scored by another policy (选用评分办法); see :func:`reports.rounds.exchange.exchange`."""
    return exchange(round=round, by=by, title=title, field="policy", thing="评分办法", label_of=_label)


def _label(title: str, region: int) -> str:
    try:
        return policy_named(title, region).label
    except PolicyError as error:
        raise Refused(str(error)) from None


def suggested_name(policy_name: str, region: Region) -> str:
    """Name for a copy: a version of the region keeps its name, a preset gets the region's code behind it."""
    if policy_name not in policy_names():
        return policy_name
    return f"{policy_name}-{region.code}"[:40].replace(SEPARATOR, "-")
