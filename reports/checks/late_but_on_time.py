"""实际晚于时限却说按期: “完成时间2022年12月31日前，实际完成时间2023年3月15日，按期完成”."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.findings import Evidence, Finding, Level

DAY = r"(20\d\d)年(\d{1,2})月(?:(\d{1,2})日|底|末)?"
DONE = re.compile(
    rf"(?:时间|时限|期限|工期|目标值?|计划)[^，,。；;\d]{{0,8}}{DAY}(?:底|末)?之?前?[，,；;][^，,。；;\d]{{0,4}}(?:实际|于)[^，,。；;\d]{{0,8}}{DAY}"
    r"[^。；;]{0,12}?(?P<claim>按期|按时|如期|及时|提前|完成目标|目标完成)"
)
LAST = 31


@check(
    "late-but-on-time",
    kind="direction",
    level=Level.WARNING,
    title="实际完成时间晚于规定时间，却写按期完成",
)
def late_but_on_time(rule: Check, context: Context) -> Iterator[Finding]:
    for sentence in context.text.sentences_once:
        for match in DONE.finditer(sentence.text):
            due = (int(match[1]), int(match[2]), int(match[3] or LAST))
            done = (int(match[4]), int(match[5]), int(match[6] or 1))
            if done <= due:
                continue
            yield rule.finding(
                sentence.where,
                f"“{sentence.title}”写“{match['claim']}”，而规定时间是{_shown(match, 1)}，实际是{_shown(match, 4)}，晚于规定时间",
                evidence=[Evidence(value=match[0], where=sentence.where)],
                fix="核对时间；晚了的写明原因，不写按期完成",
            )


def _shown(match: re.Match[str], first: int) -> str:
    day = match[first + 2]
    return f"{match[first]}年{match[first + 1]}月" + (f"{day}日" if day else "")
