"""原因与偏差方向相反: a reason for falling short where the target was exceeded, and the other way round."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from budgets.money import percent
from reports.checks.registry import Check, Context, check
from reports.checks.support.sheets import sheets
from reports.checks.support.values import completion, lower_is_better
from reports.checks.support.words import LANGUAGE, says_nothing
from reports.findings import Evidence, Finding, Level

NINETY = Decimal("0.90")


@check(
    "reason-direction",
    kind="reason-direction",
    level=Level.WARNING,
    title="所写原因与偏差的方向相反",
)
def reason_direction(rule: Check, context: Context) -> Iterator[Finding]:
    money = context.dossier.money
    yield from _compare(
        rule,
        "money.execution_explanation",
        "预算执行率",
        money.execution_rate,
        money.execution_explanation,
        NINETY,
        ("spent_less", "spent_more"),
    )
    for view in sheets(context):
        for item in view.active:
            # Where less is better, both words may be right.
            if says_nothing(item.deviation_reason) or lower_is_better(item):
                continue
            where = view.of(item, "deviation_reason")
            yield from _compare(
                rule, where, view.call(item), completion(item), item.deviation_reason, Decimal(1)
            )


def _compare(
    rule: Check,
    where: str,
    label: str,
    done: Decimal | None,
    reason: str,
    short_below: Decimal,
    lists: tuple[str, str] = ("says_less", "says_more"),
) -> Iterator[Finding]:
    if done is None or says_nothing(reason):
        return
    less = [word for word in LANGUAGE[lists[0]] if word in reason]
    more = [word for word in LANGUAGE[lists[1]] if word in reason]
    if done > 1 and less and not more:
        wrong, said = "超过目标", less[0]
    elif done < short_below and more and not less:
        wrong, said = "低于目标", more[0]
    else:
        return
    yield rule.finding(
        where,
        f"{label}完成率{percent(done)}，{wrong}，而所写原因是“{said}”，方向相反",
        evidence=[Evidence(value=reason, where=where)],
        fix="核对完成值和原因",
    )
