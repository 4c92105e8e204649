"""主要职责数: the number stated against the duties listed."""

from __future__ import annotations

from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.dossier import Covers
from reports.findings import Evidence, Finding, Level


@check(
    "duties-count",
    kind="count",
    level=Level.WARNING,
    title="所写职责条数与列出的不一致",
    needs=(Covers.DUTIES,),
)
def duties_count(rule: Check, context: Context) -> Iterator[Finding]:
    profile = context.dossier.profile
    stated, listed = profile.duties_stated, profile.duties
    if stated is None or not listed or stated == len(listed):
        return
    yield rule.finding(
        "profile.duties",
        f"称主要职责{stated}项，列出{len(listed)}项",
        evidence=[
            Evidence(value=str(stated), unit="项", where="profile.duties_stated"),
            Evidence(value=str(len(listed)), unit="项", where="profile.duties"),
        ],
        fix="核对主要职责的条数",
    )
