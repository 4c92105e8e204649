"""文字里的原因与偏差相反: spending that fell short explained by more work, or by having been early."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.findings import Evidence, Finding, Level

SHORT = re.compile(
    r"(?:未完成|没有完成|未达到|未达标|(?:执行率|完成率|进度|支付率)(?:偏低|较低|不高|偏慢|滞后)|决算数?(?:小于|低于)[^，。；]{0,8}预算数?)"
    r"[^。；]{0,20}?原因(?:是|为|在于|：)[^。；]{0,40}?(?P<why>提前完成|提前竣工|超额完成|超过计划|超出预期|(?<!预算)(?<!资金)(?<!指标)大幅增加|追加|提标)"
)
OVER = re.compile(
    r"(?:超额完成|超过目标|决算数?(?:大于|高于)[^，。；]{0,8}预算数?)"
    r"[^。；]{0,20}?原因(?:是|为|在于|：)[^。；]{0,40}?(?P<why>压减|厉行节约|严格控制|未能支付|没有支付|进度滞后|推进缓慢|项目取消)"
)
FELL = re.compile(
    r"(?:减少|下降|降低)\d[^。；]{0,30}?原因(?:是|为|在于|：)[^。；]{0,24}?(?P<why>(?:批次|人次|任务|业务量|次数|车辆)[^，。；]{0,6}(?:增多|增加|上升))"
)
RATE = re.compile(r"(?:执行率|完成率|支付率|进度)[^，。；]{0,4}(?:偏低|较低|不高|偏慢|滞后)")
BOTH = re.compile(r"不足|不到位|未及时|未下达|收回|结转|未支付|基数|上年")
"""A second half of the reason that explains the other way."""


@check(
    "told-reason",
    kind="reason-direction",
    level=Level.WARNING,
    title="文字里未完成（超额、减少）的原因与偏差方向相反",
)
def told_reason(rule: Check, context: Context) -> Iterator[Finding]:
    for sentence in context.text.sentences_once:
        if "原因" not in sentence.text:
            continue
        for pattern in (SHORT, OVER, FELL):
            match = pattern.search(sentence.text)
            if match is None or BOTH.search(sentence.text[sentence.text.find("原因", match.start()) :]):
                continue
            # Money added during the year lowers what was spent of it.
            if match["why"] == "追加" and RATE.search(match[0]):
                continue
            yield rule.finding(
                sentence.where,
                f"“{sentence.title}”写“{match[0]}”，所写原因“{match['why']}”与结果方向相反",
                evidence=[Evidence(value=match[0], where=sentence.where)],
                fix="核对结果，按实际写原因",
            )
