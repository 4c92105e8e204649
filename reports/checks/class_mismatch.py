"""指标归类不当: words in the name that belong to another second-level class (rules are data)."""

from __future__ import annotations

from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.checks.support.sheets import level2_of, sheets
from reports.checks.support.values import blank
from reports.checks.support.words import class_rules
from reports.findings import Evidence, Finding, Level


@check(
    "class-mismatch",
    kind="category",
    level=Level.WARNING,
    title="三级指标与所属的二级指标类别不符",
    source="财预〔2021〕101号：各类指标的含义",
)
def class_mismatch(rule: Check, context: Context) -> Iterator[Finding]:
    for view in sheets(context):
        for item in view.active:
            # A name alone is no line of a table.
            if blank(item.target) and blank(item.actual) and item.weight is None:
                continue
            kind = level2_of(item)
            for entry in class_rules():
                if kind != entry.level2:
                    continue
                word = next((word for word in entry.words if word in item.name), "")
                if not word or any(word in item.name for word in entry.unless):
                    continue
                where = view.of(item, "level2")
                yield rule.finding(
                    where,
                    f"“{item.name}”列在{entry.level2}指标，“{word}”不属于{entry.level2}，应归入{entry.better}",
                    evidence=[Evidence(value=item.name, where=where)],
                    fix=f"归入{entry.better}，或改用符合类别的指标",
                    level=Level(entry.level) if entry.level != Level.WARNING else None,
                )
                break
