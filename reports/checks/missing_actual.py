"""没有实际完成值: an indicator with a target or a weight, and nothing measured."""

from __future__ import annotations

from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.checks.support.sheets import is_cost, is_effect, sheets
from reports.checks.support.values import blank
from reports.dossier import Covers
from reports.findings import Evidence, Finding, Level

FIX = "填写实际完成值，并写明取得的办法和佐证材料"


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
        # A name alone, read from a text, does not prove that the row of a table was left blank.
        open_rows = [
            item
            for item in view.active
            if blank(item.actual)
            and view.of(item, "actual") not in doubted
            and (tabular or not blank(item.target) or item.weight is not None)
        ]
        # In a form each blank field is shown where it stands; lines of words in a report in prose are one remark.
        words = [item for item in open_rows if blank(item.target) and (is_effect(item) or is_cost(item))]
        joined = words if not context.complete and len(words) > 1 else []
        if joined:
            yield rule.finding(
                view.of(joined[0], "actual"),
                f"{'、'.join(view.call(item) for item in joined)}没有实际完成值",
                evidence=[Evidence(value=item.name, where=view.of(item, "actual")) for item in joined],
                fix=FIX,
            )
        for item in open_rows:
            if item not in joined:
                where = view.of(item, "actual")
                yield rule.finding(
                    where,
                    f"{view.call(item)}没有实际完成值",
                    evidence=[Evidence(value=item.name, where=where)],
                    fix=FIX,
                )
