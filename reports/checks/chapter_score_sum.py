"""文字里的分项得分表: scores of the chapters against the line 合计 and the score that the report tells."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from budgets.money import plain
from reports.checks.registry import Check, Context, check
from reports.checks.support.score_table import score_tables
from reports.findings import Evidence, Finding, Level

CENT = Decimal("0.01")


@check(
    "chapter-score-sum",
    kind="score-sum",
    level=Level.WARNING,
    title="分项得分表的得分之和与合计、自评总分不等",
)
def chapter_score_sum(rule: Check, context: Context) -> Iterator[Finding]:
    told = context.dossier.indicators.assessment.score
    for table in score_tables(context):
        added = sum((row.own for row in table.rows), Decimal(0))
        slack = CENT * len(table.rows)
        # Without a total nobody knows that these lines are all.
        if table.total is None:
            continue
        stated = [(f"表中合计{plain(table.total.own)}分", table.total.own)]
        if told is not None and told != table.total.own:
            stated.append((f"自评总分{plain(told)}分", told))
        wrong = [words for words, points in stated if abs(points - added) > slack]
        if not wrong:
            continue
        yield rule.finding(
            table.where,
            f"“{table.title}”分项得分表各行{'、'.join(plain(row.own) for row in table.rows)}相加为{plain(added)}分，"
            f"而{'、'.join(wrong)}",
            evidence=[Evidence(value=plain(added), unit="分", where="相加")]
            + [Evidence(value=plain(points), unit="分", where=words[:4]) for words, points in stated],
            fix="核对各项得分、合计和自评总分，三处写一致",
        )
