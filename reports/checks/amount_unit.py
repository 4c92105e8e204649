"""金额单位混用: amounts of one row that differ ten-thousandfold, as 元 stands beside 万元."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from budgets.money import wan
from budgets.tables import TABLES, TOTAL
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import column_label, money_fact, money_path, row_label
from reports.findings import Finding, Level

LEAST, MOST = Decimal(3000), Decimal(30000)


@check(
    "amount-unit",
    kind="unit",
    level=Level.WARNING,
    title="同一行的金额相差约一万倍，元和万元混用",
)
def amount_unit(rule: Check, context: Context) -> Iterator[Finding]:
    for spec in TABLES.values():
        table = context.dossier.money.table(spec.key)
        lines = [(row.key, row) for row in table.rows]
        if table.stated_total:
            lines.append((TOTAL, table.stated_total))
        for key, line in lines:
            stated = [(column, amount) for column in spec.columns if (amount := getattr(line, column))]
            if len(stated) < 2:
                continue
            sizes = [abs(amount) for _, amount in stated]
            if max(sizes) < LEAST * min(sizes):
                continue
            (low, small), (high, large) = (
                min(stated, key=lambda pair: abs(pair[1])),
                max(stated, key=lambda pair: abs(pair[1])),
            )
            if not LEAST <= abs(large / small) <= MOST:
                continue
            where = money_path(spec.key, key, high)
            yield rule.finding(
                where,
                f"{row_label(spec.key, key, table)}的{column_label(high)}{wan(large)}万元，"
                f"是{column_label(low)}{wan(small)}万元的约一万倍，疑把元当作万元",
                evidence=[money_fact(large, where), money_fact(small, money_path(spec.key, key, low))],
                fix="核对金额单位",
            )
