"""没有实际完成值: an indicator with a target or a weight, and nothing measured."""

from __future__ import annotations

from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.checks.support.sheets import is_cost, is_effect, sheets
from reports.checks.support.values import blank
from reports.dossier import Covers
from reports.findings import Evidence, Finding, Level


@check(
    "missing-actual",
    kind="missing-actual",
    level=Level.ERROR,
    title="指标没有实际完成值",
    source="财预〔2020〕10号自评表：全年完成值为必填",
    needs=(Covers.INDICATORS,),
)
def missing_actual(rule: Check, context: Context) -> Iterator[Finding]:
    doubted = {item.where for item in context.dossier.origins}
    tabular = context.dossier.covers(Covers.TARGETS)
    for view in sheets(context):
        for item in view.active:
            where = view.of(item, "actual")
            if not blank(item.actual) or where in doubted:
                continue
            # A name alone, read from a text, does not prove that the row of a table was left blank.
            if not tabular and blank(item.target) and item.weight is None:
                continue
            # Of a line of words alone one rule tells that nothing in it can be measured.
            if not context.complete and tabular and blank(item.target) and (is_effect(item) or is_cost(item)):
                continue
            yield rule.finding(
                where,
                f"{view.call(item)}没有实际完成值",
                evidence=[Evidence(value=item.name, where=where)],
                fix="填写实际完成值，并写明取得的办法和佐证材料",
            )
