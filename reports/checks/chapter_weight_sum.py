"""文字里的分项得分表: points of the chapters against the line 合计."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from budgets.money import plain
from reports.checks.registry import Check, Context, check
from reports.checks.support.score_table import score_tables
from reports.findings import Evidence, Finding, Level


@check(
    "chapter-weight-sum",
    kind="weight-sum",
    level=Level.WARNING,
    title="分项得分表的分值之和与合计不等",
)
def chapter_weight_sum(rule: Check, context: Context) -> Iterator[Finding]:
    for table in score_tables(context):
        added = sum((row.weight for row in table.rows), Decimal(0))
        if table.total is None or added == table.total.weight:
            continue
        yield rule.finding(
            table.where,
            f"“{table.title}”分项得分表各行分值{'、'.join(plain(row.weight) for row in table.rows)}相加为{plain(added)}分，"
            f"合计写{plain(table.total.weight)}分",
            evidence=[
                Evidence(value=plain(added), unit="分", where="相加"),
                Evidence(value=plain(table.total.weight), unit="分", where="合计"),
            ],
            fix="核对各项分值，合计应为100分",
        )
