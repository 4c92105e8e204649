"""目标定低: a rate whose full mark is 100 % by nature with a lower target of the unit's own, or below last
year's result.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from budgets.money import percent
from reports.checks.registry import Check, Context, check
from reports.checks.support.sheets import sheets
from reports.checks.support.values import (
    actual_of,
    comparable,
    lower_is_better,
    met,
    read_percentage,
    target_of,
)
from reports.checks.support.words import holds
from reports.findings import Evidence, Finding, Level

NATURAL = Decimal("0.9")
LOW = Decimal("0.7")
"""Below it even a rate that need not be 100 % is no aim, where far more was reached."""
FAR_ABOVE = Decimal("0.2")
FAR_BELOW_LAST_YEAR = Decimal("0.8")


@check(
    "low-target",
    kind="low-target",
    level=Level.WARNING,
    title="目标定低：本应100%的比率自定低于90%，或明显低于上年实际",
    source="财预〔2013〕53号：预算完成率等以100%为满分线；目标应有挑战性",
    version=2,
)
def low_target(rule: Check, context: Context) -> Iterator[Finding]:
    before = {}
    if context.prior is not None:
        before = {item.name: item for item in context.prior.indicators.indicators}
    view = next(sheets(context))
    for item in view.active:
        where = view.of(item, "target")
        target = read_percentage(item.target)
        natural = holds(item.name, "natural_hundred")
        if natural and target is not None and target.fraction < NATURAL and target_of(item).operator != "<=":
            again = ""
            if met(item) and holds(item.name, "execution_names"):
                again = "；预算执行率已单独计分，同一事实在这里按低目标得满分"
            yield rule.finding(
                where,
                f"{view.call(item)}以100%为满分线，自定年度指标值{item.target}，"
                f"完成{item.actual or '未填'}{again}",
                evidence=[Evidence(value=item.target or "", where=where)],
                fix="按100%设定目标，或说明定低的理由",
            )
            continue
        reached_rate = read_percentage(item.actual)
        if (
            holds(item.name, "high_rates")
            and target is not None
            and reached_rate is not None
            and target.fraction < LOW
            and target_of(item).operator not in ("<=", "<")
            and reached_rate.fraction - target.fraction >= FAR_ABOVE
        ):
            yield rule.finding(
                where,
                f"{view.call(item)}年度指标值只有{item.target}，实际完成{item.actual}，目标定得过低",
                evidence=[Evidence(value=item.target or "", where=where)],
                fix="参照历年水平和行业标准确定目标",
            )
            continue
        last = before.get(item.name)
        # A rate of growth swings from year to year.
        if last is None or "增长" in item.name or lower_is_better(item) or comparable(item) is None:
            continue
        aim, reached = target_of(item), actual_of(last)
        if aim.number is None or not reached.number or aim.unit != reached.unit:
            continue
        share = aim.number / reached.number
        if share < FAR_BELOW_LAST_YEAR:
            yield rule.finding(
                where,
                f"{view.call(item)}年度指标值{item.target}，只有上年实际完成{last.actual}的{percent(share)}",
                evidence=[
                    Evidence(value=item.target or "", where=where),
                    Evidence(value=last.actual or "", where="上年实际完成值"),
                ],
                fix="参照上年实际完成情况确定目标，或说明调低的原因",
            )
