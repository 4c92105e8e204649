"""未执行的预算没有去向: the budget was not used up, while the carry-over rate is said to be 0."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from budgets.money import percent
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import rate_fact
from reports.checks.support.sheets import sheets
from reports.checks.support.values import read_percentage
from reports.checks.support.words import LANGUAGE
from reports.findings import Evidence, Finding, Level

UNUSED = Decimal("0.05")


@check(
    "execution-carryover-gap",
    kind="ratio",
    level=Level.WARNING,
    title="预算未执行完而结转结余率为0",
    source="财预〔2013〕53号：结转结余率＝结转结余总额÷支出预算数",
)
def execution_carryover_gap(rule: Check, context: Context) -> Iterator[Finding]:
    view = next(sheets(context))
    left = [item for item in view.active if any(name in item.name for name in LANGUAGE["carryover_names"])]
    executed = context.dossier.money.execution_rate
    if executed is None:
        stated = read_percentage(view.sheet.assessment.execution_rate)
        executed = stated.fraction if stated else None
    if executed is None or 1 - executed <= UNUSED:
        return
    for item in left:
        stated = read_percentage(item.actual)
        if stated is None or stated.fraction != 0:
            continue
        where = view.of(item, "actual")
        yield rule.finding(
            where,
            f"预算执行率{percent(executed)}，还有{percent(1 - executed)}没有执行，而结转结余率写0，"
            "未执行的预算去向没有说明",
            evidence=[
                rate_fact(executed, "预算执行率"),
                Evidence(value=item.actual or "", where=where),
            ],
            fix="核对结转结余率；预算已收回或调减的，在预算调整中列明",
        )
