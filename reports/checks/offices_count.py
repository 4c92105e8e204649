"""内设机构数: the number that the text claims against the offices listed."""

from __future__ import annotations

from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.dossier import Covers
from reports.findings import Evidence, Finding, Level


@check(
    "offices-count",
    kind="count",
    level=Level.WARNING,
    title="所写内设机构、直属单位数与列出的不一致",
    needs=(Covers.OFFICES,),
)
def offices_count(rule: Check, context: Context) -> Iterator[Finding]:
    profile = context.dossier.profile
    stated, names = profile.offices_stated, profile.internal_offices
    listed = len(names) if names else profile.offices_listed
    if stated is None or listed is None or stated == listed:
        return
    yield rule.finding(
        "profile.internal_offices",
        f"称机构{stated}个，列出{listed}个" + (f"：{'、'.join(names)}" if names else ""),
        evidence=[
            Evidence(value=str(stated), unit="个", where="profile.offices_stated"),
            Evidence(value=str(listed), unit="个", where="profile.internal_offices"),
        ],
        fix="核对机构的数量和名称",
    )
