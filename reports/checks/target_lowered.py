"""目标值、分值比上年放宽: the same indicator with an easier target, or another weight, than last year."""

from __future__ import annotations

from collections.abc import Iterator

from budgets.money import plain
from reports.checks.registry import Check, Context, check
from reports.checks.support.approved import pairs, same_target
from reports.checks.support.sheets import level2_of, sheets
from reports.checks.support.values import lower_is_better, target_of
from reports.findings import Evidence, Finding, Level

LEAST_POINTS = 5


@check(
    "target-lowered",
    kind="low-target",
    level=Level.HINT,
    title="同一指标的目标值比上年放宽，或分值变动5分以上",
    source="核对惯例：指标和分值与批复、与上年一致，变动的说明理由",
)
def target_lowered(rule: Check, context: Context) -> Iterator[Finding]:
    if context.prior is None:
        return
    before = {(level2_of(item), item.name): item for item in context.prior.indicators.indicators}
    view = next(sheets(context))
    approved = {item.key: line for line, item in pairs(context)}
    for item in view.active:
        last = before.get((level2_of(item), item.name))
        if last is None:
            continue
        now, then = target_of(item), target_of(last)
        line = approved.get(item.key)
        changes = []
        as_approved = line is not None and bool(line.target) and same_target(line, item)
        if not as_approved and now.number is not None and then.number is not None and now.unit == then.unit:
            easier = now.number > then.number if lower_is_better(item) else now.number < then.number
            if easier:
                changes.append(f"年度指标值由上年“{last.target}”改为“{item.target}”")
        if (
            item.weight is not None
            and (line is None or line.weight != item.weight)
            and last.weight is not None
            and abs(item.weight - last.weight) >= LEAST_POINTS
        ):
            changes.append(f"分值由{plain(last.weight)}分改为{plain(item.weight)}分")
        if not changes:
            continue
        where = view.of(item, "target")
        yield rule.finding(
            where,
            f"{view.call(item)}的{'，'.join(changes)}",
            evidence=[
                Evidence(value=item.target or "", where=where),
                Evidence(value=last.target or "", where="上年年度指标值"),
            ],
            fix="与批复的绩效目标核对，或说明调整的理由",
        )
