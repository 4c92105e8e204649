"""没有量化: effect and cost indicators without anything measurable, and words that praise themselves
without proof.
"""

from __future__ import annotations

from collections.abc import Iterator

from budgets.tables import Column
from indicators.dossier import Indicator
from indicators.values import fold
from reports.checks.registry import Check, Context, check
from reports.checks.support.sheets import SheetView, is_cost, is_effect, sheets
from reports.checks.support.values import actual_of, blank, has_figure, target_of
from reports.checks.support.words import holds
from reports.dossier import Covers
from reports.findings import Evidence, Finding, Level

SHORT = 4
"""Characters of a mark such as 高, 好, 健全, 显著提升."""


@check(
    "unquantified",
    kind="unquantified",
    level=Level.WARNING,
    title="效益、成本指标没有可衡量的目标值和完成值；目标、完成同为“高”“好”的自述满分；其他定性自述满分而无佐证的为提示",
    source="财预〔2020〕10号：指标应清晰、可衡量；不能量化的采用定性分级并有依据",
    needs=(Covers.INDICATORS,),
)
def unquantified(rule: Check, context: Context) -> Iterator[Finding]:
    tabular = context.dossier.covers(Covers.TARGETS)
    for view in sheets(context):
        praised = [item for item in view.active if _praises_itself(item)]
        if praised:
            yield _self_praise(rule, view, praised)
        for item in view.active:
            if any(item is one for one in praised):
                continue
            where = view.of(item, "actual")
            if blank(item.target) and blank(item.actual):
                if tabular and (is_effect(item) or is_cost(item)) and not _told_by_accounts(item, context):
                    yield rule.finding(
                        where,
                        f"{view.call(item)}没有可衡量的目标值和完成值",
                        evidence=_facts(view, item),
                        fix="改为可以量化的指标，或设定性分级标准并附佐证",
                    )
            elif _only_words(item) and _full(item) and not item.evidence.strip():
                yield rule.finding(
                    where,
                    f"{view.call(item)}目标“{item.target}”、完成“{item.actual}”，只有自述，"
                    "没有可衡量的数值和佐证，按满分计",
                    evidence=_facts(view, item),
                    fix="补充佐证材料，或改为可以量化的指标",
                    level=Level.HINT,
                )
            elif is_effect(item) and _bare_figure(item):
                yield rule.finding(
                    where,
                    f"{view.call(item)}目标值{item.target}、完成值{item.actual}，没有计量单位，也看不出怎样计算",
                    evidence=_facts(view, item),
                    fix="写明计量单位和计算方法",
                )


def _told_by_accounts(item: Indicator, context: Context) -> bool:
    """«“三公”经费控制在预算以内»: budget and final accounts of the report itself are the measure."""
    table = context.dossier.money.three_public
    known = table.total(Column.FULL_BUDGET) or table.total(Column.INITIAL_BUDGET)
    return "三公" in item.name and known is not None and table.total(Column.ACTUAL) is not None


def _facts(view: SheetView, item: Indicator) -> list[Evidence]:
    return [
        Evidence(value=item.target or "未填", where=view.of(item, "target")),
        Evidence(value=item.actual or "未填", where=view.of(item, "actual")),
    ]


def _praises_itself(item: Indicator) -> bool:
    """A mark as target and the same mark as actual (高/高, 好/好): nobody can check it."""
    if item.self_score is None:
        return False
    target, actual = fold(item.target or ""), fold(item.actual or "")
    same = target == actual and len(target) <= SHORT
    return same and _only_words(item) and _full(item) and not item.evidence.strip()


def _self_praise(rule: Check, view: SheetView, items: list[Indicator]) -> Finding:
    said = "、".join(f"“{item.name}”（{item.target}/{item.actual}）" for item in items)
    where = view.place("indicators")
    return rule.finding(
        where,
        f"{view.name}{len(items)}项指标的目标和完成都只是自述：{said}，没有依据，全部计满分",
        evidence=[Evidence(value=item.actual or "", where=view.of(item, "actual")) for item in items],
        fix="写明评分要点和佐证材料，或改为可以量化的指标",
    )


def _only_words(item: Indicator) -> bool:
    return not blank(item.actual) and not has_figure(item.target) and not has_figure(item.actual)


def _full(item: Indicator) -> bool:
    return item.weight is not None and item.self_score is not None and item.self_score >= item.weight


def _bare_figure(item: Indicator) -> bool:
    target, actual = target_of(item), actual_of(item)
    if target.number is None or actual.number is None or target.unit or actual.unit or item.formula:
        return False
    return not holds(item.name, "speaks_of_figures")
