"""文字里的分项得分表: a chapter with more points than it can have."""

from __future__ import annotations

from collections.abc import Iterator

from budgets.money import plain
from reports.checks.registry import Check, Context, check
from reports.checks.support.score_table import score_tables
from reports.findings import Evidence, Finding, Level


@check(
    "chapter-over-weight",
    kind="score",
    level=Level.ERROR,
    title="分项得分表里得分超过分值",
    source="财预〔2020〕10号自评表：得分不超过分值",
)
def chapter_over_weight(rule: Check, context: Context) -> Iterator[Finding]:
    for table in score_tables(context):
        for row in (*table.rows, *((table.total,) if table.total else ())):
            if row.own > row.weight:
                yield rule.finding(
                    table.where,
                    f"“{table.title}”分项得分表“{row.name}”分值{plain(row.weight)}分，得分{plain(row.own)}分，超过分值",
                    evidence=[Evidence(value=f"{row.name} {row.weight} {row.own}", where=table.where)],
                    fix="得分改为不超过分值",
                )
