"""文字里的合计与分项: “总支出…，其中：基本支出…，项目支出…” whose parts are more than the whole, or are all of it and less."""

from __future__ import annotations

from collections.abc import Iterator

from budgets.money import from_wan
from budgets.tables import TABLES, Column
from reports.checks.registry import Check, Context, check
from reports.checks.support.partitions import Told, wrong_totals
from reports.findings import Evidence, Finding, Level


@check(
    "text-partition",
    kind="sum",
    level=Level.WARNING,
    title="文字里写的合计与其中各项之和不等",
)
def text_partition(rule: Check, context: Context) -> Iterator[Finding]:
    for paragraph, item in wrong_totals(context, "sum"):
        if _in_tables(item, context):
            continue
        yield rule.finding(
            paragraph.where,
            f"“{paragraph.title}”写{item}",
            evidence=[
                Evidence(value=item.passage[:120], where=paragraph.where),
                Evidence(value=str(item.added), unit=item.total.unit, where="相加"),
            ],
            fix="核对合计和各项",
        )


def _in_tables(item: Told, context: Context) -> bool:
    """Whether a table holds the same total over the same sum: the rule on tables tells it."""
    if item.total.unit != "万元":
        return False
    # A total with carry-over is the rule on grand totals' matter.
    if item.carried and any(
        row.actual == from_wan(item.total.number) for row in context.dossier.money.carryover.rows
    ):
        return True
    for name in TABLES:
        table = getattr(context.dossier.money, name)
        stated, added = table.total(Column.ACTUAL), table.computed_total(Column.ACTUAL)
        if stated == from_wan(item.total.number) and added == from_wan(item.added):
            return True
    return False
