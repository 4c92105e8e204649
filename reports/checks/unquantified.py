"""没有量化: effect and cost indicators without anything measurable, and words that praise themselves
without proof.
"""

from __future__ import annotations

from collections.abc import Iterator

from indicators.dossier import Indicator
from reports.checks.registry import Check, Context, check
from reports.checks.support.sheets import is_cost, is_effect, sheets
from reports.checks.support.values import actual_of, blank, has_figure, target_of
from reports.checks.support.words import LANGUAGE
from reports.dossier import Covers
from reports.findings import Evidence, Finding, Level


@check(
    "unquantified",
    kind="unquantified",
    level=Level.WARNING,
    title="效益、成本指标没有可衡量的目标值和完成值；定性自述满分而无佐证的为提示",
    source="财预〔2020〕10号：指标应清晰、可衡量；不能量化的采用定性分级并有依据",
    needs=(Covers.INDICATORS,),
)
def unquantified(rule: Check, context: Context) -> Iterator[Finding]:
    tabular = context.dossier.covers(Covers.TARGETS)
    for view in sheets(context):
        for item in view.active:
            where = view.of(item, "actual")
            facts = [
                Evidence(value=item.target or "未填", where=view.of(item, "target")),
                Evidence(value=item.actual or "未填", where=where),
            ]
            if blank(item.target) and blank(item.actual):
                if tabular and (is_effect(item) or is_cost(item)):
                    yield rule.finding(
                        where,
                        f"{view.call(item)}没有可衡量的目标值和完成值",
                        evidence=facts,
                        fix="改为可以量化的指标，或设定性分级标准并附佐证",
                    )
            elif _only_words(item) and _full(item) and not item.evidence.strip():
                yield rule.finding(
                    where,
                    f"{view.call(item)}目标“{item.target}”、完成“{item.actual}”，只有自述，"
                    "没有可衡量的数值和佐证，按满分计",
                    evidence=facts,
                    fix="补充佐证材料，或改为可以量化的指标",
                    level=Level.HINT,
                )
            elif is_effect(item) and _bare_figure(item):
                yield rule.finding(
                    where,
                    f"{view.call(item)}目标值{item.target}、完成值{item.actual}，没有计量单位，也看不出怎样计算",
                    evidence=facts,
                    fix="写明计量单位和计算方法",
                    level=Level.HINT,
                )


def _only_words(item: Indicator) -> bool:
    return not blank(item.actual) and not has_figure(item.target) and not has_figure(item.actual)


def _full(item: Indicator) -> bool:
    return item.weight is not None and item.self_score is not None and item.self_score >= item.weight


def _bare_figure(item: Indicator) -> bool:
    target, actual = target_of(item), actual_of(item)
    if target.number is None or actual.number is None or target.unit or actual.unit or item.formula:
        return False
    return not any(word in item.name for word in LANGUAGE["speaks_of_figures"])
