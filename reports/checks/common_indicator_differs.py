"""共性指标的完成值与本报告数据不符: common indicators whose value follows from figures of the same dossier.

A value by another reading that is in use (年初预算 as the denominator) is no contradiction, and neither is one that differs
only in the digits shown. Where the unit writes a formula of its own (计算方法), the finding only informs.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from budgets.money import percent, plain
from indicators.common import Computed, compute, find
from indicators.dossier import Indicator
from indicators.values import read
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import rate_fact
from reports.checks.support.sheets import sheets
from reports.checks.support.values import Percentage, read_percentage
from reports.findings import Evidence, Finding, Level


@check(
    "common-indicator-differs",
    kind="ratio",
    level=Level.WARNING,
    title="共性指标的完成值与本报告的数据算出的不一致",
    source="财预〔2013〕53号共性指标的计算公式",
)
def common_indicator_differs(rule: Check, context: Context) -> Iterator[Finding]:
    dossier, prior = context.dossier, context.prior
    view = next(sheets(context))
    for item in view.active:
        entry = find(item.name, item.level1, item.level2)
        stated = read_percentage(item.actual)
        if entry is None or stated is None:
            continue
        found = compute(entry, dossier.profile, dossier.money, prior.money if prior else None)
        if found is None or found.value is None or _agrees(item, stated, found):
            continue
        where = view.of(item, "actual")
        own = bool(item.formula.strip())
        tail = "；本指标另写了计算方法，请核对两者的口径" if own else ""
        yield rule.finding(
            where,
            f"{view.call(item)}的完成值写{item.actual}，按本报告数据计算为{percent(found.value)}（{found.basis}）{tail}",
            evidence=[
                Evidence(value=plain(stated.fraction * 100), unit="%", where=where),
                rate_fact(found.value, found.inputs[0]),
            ],
            fix="核对完成值和所用的数据",
            level=Level.HINT if own else None,
        )


def _agrees(item: Indicator, stated: Percentage, found: Computed) -> bool:
    """Whether what is typed is the value, by one of the readings in use; a fall may be written without its sign."""
    falls = read(item.actual).trend == "下降"
    fraction = -stated.fraction if falls and stated.fraction > 0 else stated.fraction
    values = [value for value in (found.value, *found.others) if value is not None]
    return any(_same(Percentage(fraction, stated.step), value) for value in values)


def _same(stated: Percentage, exact: Decimal) -> bool:
    if exact >= 0:
        return stated.agrees(exact)
    return Percentage(-stated.fraction, stated.step).agrees(-exact)
