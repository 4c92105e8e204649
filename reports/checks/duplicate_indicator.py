"""指标重复: the same fact scored twice. 管理制度健全性 stands in two second-level classes of the framework
and is right.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from indicators.dossier import Indicator
from reports.checks.registry import Check, Context, check
from reports.checks.support.sheets import sheets
from reports.checks.support.text import compact
from reports.findings import Evidence, Finding, Level

TWICE_IN_THE_FRAMEWORK = ("管理制度健全性", "制度健全性")


@check(
    "duplicate-indicator",
    kind="duplicate-text",
    level=Level.WARNING,
    title="同一个指标列了两次，重复计分",
    source="核对惯例：同一事实不重复计分",
)
def duplicate_indicator(rule: Check, context: Context) -> Iterator[Finding]:
    for view in sheets(context):
        groups: dict[str, list[Indicator]] = defaultdict(list)
        for item in view.active:
            groups[compact(item.name)].append(item)
        for name, items in groups.items():
            classes = {item.level2 for item in items}
            if len(items) < 2 or (name in TWICE_IN_THE_FRAMEWORK and len(classes) == len(items)):
                continue
            where = view.of(items[1], "name")
            kinds = "、".join(dict.fromkeys(item.level2 or item.level1 or "未分类" for item in items))
            yield rule.finding(
                where,
                f"{view.name}指标“{items[0].name}”列了{len(items)}次（{kinds}），重复计分",
                evidence=[Evidence(value=item.name, where=view.of(item, "name")) for item in items],
                fix="保留一处，另一处换成别的指标",
            )
