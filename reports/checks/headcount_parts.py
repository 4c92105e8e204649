"""编制、在职人数与分项: “编制86人，其中行政编制28人，事业编制56人”, added up again."""

from __future__ import annotations

from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.checks.support.partitions import wrong_totals
from reports.findings import Evidence, Finding, Level


@check(
    "headcount-parts",
    kind="headcount",
    level=Level.WARNING,
    title="文字里写的编制数、在职人数与其中各类人数之和不等",
)
def headcount_parts(rule: Check, context: Context) -> Iterator[Finding]:
    for paragraph, item in wrong_totals(context, "headcount"):
        yield rule.finding(
            paragraph.where,
            f"“{paragraph.title}”写{item}",
            evidence=[
                Evidence(value=item.passage[:80], where=paragraph.where),
                Evidence(value=str(item.added), unit=item.total.unit, where="相加"),
            ],
            fix="核对人数，以编制部门和人事部门的数据为准",
        )
