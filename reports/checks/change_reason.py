"""增减与原因相反: “比上年增加0.80万元，增加原因是压减了公务用车运行费”."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.checks.support.statements import DOWNS, NUMBER, UNIT, UPS
from reports.findings import Evidence, Finding, Level

BETWEEN = r"[^。；;]{0,24}?(?:主要)?原因(?:是|为|在于|：|:)"
ROSE = re.compile(
    rf"(?:{UPS})了?{NUMBER}(?:{UNIT}){BETWEEN}[^，,。；;]{{0,8}}?(?P<why>压减|压缩|厉行节约|严格控制|从严控制|减少了?)"
)
FELL = re.compile(
    rf"(?:{DOWNS})了?{NUMBER}(?:{UNIT}){BETWEEN}[^，,。；;]{{0,8}}?(?P<why>人员增加|业务量?增加|工作量增加|新增人员|工资上调|物价上涨|提标)"
)
OTHER = re.compile(r"上年|去年|基数|收回|收入|项目")
"""A reason that lies in the former year, or in another amount."""


@check(
    "change-reason",
    kind="reason-direction",
    level=Level.WARNING,
    title="文字里写的增减与所写原因相反",
)
def change_reason(rule: Check, context: Context) -> Iterator[Finding]:
    for sentence in context.text.sentences_once:
        if "原因" not in sentence.text:
            continue
        for pattern, other, way in ((ROSE, DOWNS, "增加"), (FELL, UPS, "减少")):
            match = pattern.search(sentence.text)
            # Where both ways are told, which of them the reason means is not sure.
            if match is None or re.search(rf"(?:{other})了?\d", sentence.text[: match.end()]):
                continue
            if OTHER.search(match[0].partition("原因")[2]):
                continue
            yield rule.finding(
                sentence.where,
                f"“{sentence.title}”写“{match[0]}”，数字是{way}的，而原因写的是{match['why']}，方向相反",
                evidence=[Evidence(value=match[0], where=sentence.where)],
                fix="核对增减方向，按实际写原因",
            )
