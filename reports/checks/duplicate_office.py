"""内设机构重复: the same office listed twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.dossier import Covers
from reports.findings import Evidence, Finding, Level


@check(
    "duplicate-office",
    kind="count",
    level=Level.WARNING,
    title="同一内设机构列了两次",
    needs=(Covers.OFFICES,),
)
def duplicate_office(rule: Check, context: Context) -> Iterator[Finding]:
    offices = Counter(office.strip() for office in context.dossier.profile.internal_offices or ())
    for office, times in offices.items():
        if times > 1:
            yield rule.finding(
                "profile.internal_offices",
                f"内设机构“{office}”列了{times}次",
                evidence=[Evidence(value=office, where="profile.internal_offices")],
                fix="删去重复的机构",
            )
