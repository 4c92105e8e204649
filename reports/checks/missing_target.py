"""没有年度指标值: an indicator in a source that has the column of targets, and no target."""

from __future__ import annotations

from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.checks.support.sheets import sheets
from reports.checks.support.values import blank
from reports.dossier import Covers
from reports.findings import Evidence, Finding, Level

MANY = 3
"""Blank targets that make one remark of a report in prose."""
SHOWN = 6
LONGEST = 18


def short(name: str) -> str:
    """A name as a list shows it."""
    return name if len(name) <= LONGEST else f"{name[:LONGEST]}…"


@check(
    "missing-target",
    kind="missing-target",
    level=Level.ERROR,
    title="指标没有年度指标值",
    source="财预〔2020〕10号自评表：年度指标值为必填",
    needs=(Covers.INDICATORS, Covers.TARGETS),
)
def missing_target(rule: Check, context: Context) -> Iterator[Finding]:
    doubted = {item.where for item in context.dossier.origins}
    for view in sheets(context):
        open_rows = [
            item
            for item in view.active
            if blank(item.target) and view.of(item, "target") not in doubted and item.weight is None
        ]
        # In a form each blank field is shown where it stands; of a report in prose it is one remark.
        joined = open_rows if not context.complete and len(open_rows) >= MANY else []
        if joined:
            yield rule.finding(
                view.of(joined[0], "target"),
                f"{view.name}{len(view.active)}项指标中有{len(joined)}项没有年度指标值："
                f"{'、'.join(f'“{short(item.name)}”' for item in joined[:SHOWN])}{'等' if len(joined) > SHOWN else ''}",
                evidence=[Evidence(value=item.name, where=view.of(item, "target")) for item in joined],
                fix="逐项填写年初批复的年度指标值，如“≥95%”“12次”",
            )
        for item in view.active:
            where = view.of(item, "target")
            if not blank(item.target) or where in doubted or item in joined:
                continue
            claimed = item.self_score is not None and item.self_score > 0
            yield rule.finding(
                where,
                f"{view.call(item)}没有年度指标值" + (f"，却自评{item.self_score:f}分" if claimed else ""),
                evidence=[Evidence(value=item.name, where=where)],
                fix="填写年初批复的年度指标值，如“≥95%”“12次”",
            )
