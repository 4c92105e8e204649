"""Writing policies (评分办法); what is the same for templates is in :mod:`reports.version_services`."""

from __future__ import annotations

from departments.models import Region, User
from indicators.models import PolicyVersion
from indicators.policy import Policy
from reports import version_services
from reports.models import Round
from reports.policies import SHELF


def save_version(
    *, region: Region, by: User, policy: Policy, based_on: str, change: str, base: Policy | None = None
) -> PolicyVersion:
    """Keep a policy as the next version of its name; see :func:`reports.version_services.save_version`."""
    return version_services.save_version(
        SHELF, region=region, by=by, content=policy, based_on=based_on, change=change, base=base
    )


def choose(*, round: Round, by: User, title: str) -> Round:
    """Let a round be scored by another policy (选用评分办法)."""
    return version_services.choose(SHELF, round=round, by=by, title=title)


def suggested_name(policy_name: str, region: Region) -> str:
    """Name for a copy of the policy of that name."""
    return version_services.suggested_name(SHELF, policy_name, region)
