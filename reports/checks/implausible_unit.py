"""单位写错: a department's expense of a few 元 in a text whose amounts are in 万元."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.checks.support.statements import NUMBER, decimal
from reports.findings import Evidence, Finding, Level

EXPENSE = re.compile(
    rf"(?:机关运行经费|“三公”经费|三公经费)(?:支出|决算|预算|数|总额|合计|为|共|：)*(?P<number>{NUMBER})元"
)
MOST = 10_000
LEAST_IN_WAN = 3


@check(
    "implausible-unit",
    kind="unit",
    level=Level.WARNING,
    title="全文用万元，而某项经费只写了几十几百元（单位疑误）",
)
def implausible_unit(rule: Check, context: Context) -> Iterator[Finding]:
    if sum(sentence.text.count("万元") for sentence in context.text.sentences_once) < LEAST_IN_WAN:
        return
    for sentence in context.text.sentences_once:
        for match in EXPENSE.finditer(sentence.text):
            if not 0 < decimal(match["number"]) < MOST or "均" in sentence.text:
                continue
            yield rule.finding(
                sentence.where,
                f"“{sentence.title}”写“{match[0]}”，全文的金额以万元为单位，这里的单位疑应为万元",
                evidence=[Evidence(value=sentence.excerpt(match[0]), where=sentence.where)],
                fix="核对金额单位",
            )
