"""满意度对象不同: the text sets a target for one group, the sheet reports another group's satisfaction."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.checks.support.sheets import is_satisfaction, sheets
from reports.checks.support.text import compact
from reports.dossier import Covers
from reports.findings import Evidence, Finding, Level

GROUP = re.compile(
    r"(社会公众|服务对象|受益群众|受益对象|群众|公众|干部职工|职工|学生|家长|企业|患者|游客|用户|居民)(?=满意度|的满意度|满意率)"
)
# 服务对象 names nobody in particular: it is the name of the class.
GENERIC = frozenset({"服务对象"})


@check(
    "satisfaction-groups",
    kind="basis",
    level=Level.HINT,
    title="满意度的目标与完成写的不是同一对象",
    needs=(Covers.INDICATORS,),
)
def satisfaction_groups(rule: Check, context: Context) -> Iterator[Finding]:
    for view in sheets(context):
        for item in view.active:
            if not is_satisfaction(item):
                continue
            named = GROUP.search(compact(item.name + "满意度"))
            inside = {
                field: GROUP.search(compact(getattr(item, field) or "")) for field in ("target", "actual")
            }
            for field, found in inside.items():
                if named is None or found is None or found[1] == named[1] or found[1] in GENERIC:
                    continue
                where = view.of(item, field)
                yield rule.finding(
                    where,
                    f"{view.call(item)}写的是{named[1]}，"
                    f"{'年度指标值' if field == 'target' else '实际完成值'}"
                    f"写的是{found[1]}，不是同一对象",
                    evidence=[Evidence(value=getattr(item, field) or "", where=where)],
                    fix="目标和完成写同一对象的满意度",
                )
