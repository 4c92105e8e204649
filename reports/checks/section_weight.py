"""一级指标分值与评分办法不符: 产出, 效益, 满意度 against the policy's own weights."""

from __future__ import annotations

from collections.abc import Iterator

from budgets.money import plain
from reports.checks.registry import Check, Context, check
from reports.checks.support.sheets import sheets
from reports.checks.support.weights import added_weights, class_weights
from reports.dossier import Covers
from reports.findings import Evidence, Finding, Level


@check(
    "section-weight",
    kind="weight-sum",
    level=Level.WARNING,
    title="一级指标的分值与评分办法规定的不一致",
    source="财预〔2020〕10号：预算执行率10、产出50、效益30、满意度10，特殊情况可以调整",
    needs=(Covers.WEIGHTS,),
)
def section_weight(rule: Check, context: Context) -> Iterator[Finding]:
    view = next(sheets(context))
    added = added_weights(view, context)
    if added is None or any(item.weight is None for item in view.sheet.indicators):
        return
    # Another place's table may follow another policy; where its own total fails, the classes show why.
    if not context.complete and added <= context.policy.total:
        return
    found = class_weights(view, context)
    differing = [
        (section, found[section.name])
        for section in context.policy.sections
        if section.weight is not None and found.get(section.name, section.weight) != section.weight
    ]
    if not differing:
        return
    said = "；".join(
        f"{section.name}分值合计{plain(points)}分，评分办法规定{plain(section.weight)}分"
        for section, points in differing
    )
    yield rule.finding(
        view.place("indicators"),
        said,
        evidence=[
            Evidence(value=plain(points), unit="分", where=section.name) for section, points in differing
        ],
        fix="按评分办法调整，或说明调整分值的依据",
    )
