"""说法与数字相反: “目标≤30%，实际31.2%，完成目标”, or a met target that the text calls missed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.checks.support.statements import outcomes
from reports.findings import Evidence, Finding, Level

MISSED = re.compile(r"(?:未能?|没有)(?:按时|如期|全部|全面)*(?:完成|达到|实现)|未达标|不达标")
REACHED = re.compile(
    r"(?:超额|全面|全部|圆满|按时|顺利|已|较好|均)*(?:完成|达到|实现)(?:了)?(?:年度|全年|年初|预期|既定|绩效)*(?:目标|任务|计划)"
    r"(?!值|率|数|的)(?!\d)|(?:目标|任务|计划)(?:已|均|都|全面|全部|圆满|顺利|如期)*(?:完成|达到|实现)(?!率|值|数|的)|超额完成|达标"
)


@check(
    "claimed-outcome",
    kind="direction",
    level=Level.WARNING,
    title="文字里说完成（未完成）目标，而同一句的数字相反",
)
def claimed_outcome(rule: Check, context: Context) -> Iterator[Finding]:
    seen: set[str] = set()
    for sentence in context.text.printed:
        for item in outcomes(sentence.text):
            if item.passage in seen:
                continue
            seen.add(item.passage)
            missed = MISSED.search(item.rest)
            claim = missed or REACHED.search(item.rest)
            if claim is None or item.met is (missed is None):
                continue
            verdict = "达到了" if item.met else "没有达到"
            yield rule.finding(
                sentence.where,
                f"“{sentence.title}”说“{claim[0]}”，而目标{item.wanted}、实际{item.actual}{item.unit}，{verdict}目标",
                evidence=[Evidence(value=f"{item.passage}{item.rest}"[:80], where=sentence.where)],
                fix="核对完成数，或改正说法",
            )
