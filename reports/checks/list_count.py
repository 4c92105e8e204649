"""数量与列举不符: “内设5个股室为：…” against the items that follow."""

from __future__ import annotations

import re
from collections.abc import Iterator

from indicators.values import chinese_number
from reports.checks.registry import Check, Context, check
from reports.findings import Evidence, Finding, Level

LISTED = re.compile(
    r"(?P<number>\d{1,2}|[一二两三四五六七八九十]{1,3})个(?P<what>[一-龥]{0,8}?)"
    r"(?:[，,])?(?:具体)?(?:分别是|分别为|为：|即：|是：|：|:)：?(?P<items>[^。；：:]{4,})"
)
BRACKETS = re.compile(r"[（(][^）)]*[）)]")
OPEN_END = re.compile(r"等$|等(?:\d+|[一二三四五六七八九十]+)?个|其中|以及其他|包括")


@check(
    "list-count",
    kind="count",
    level=Level.WARNING,
    title="所写个数与后面列举的不一致",
)
def list_count(rule: Check, context: Context) -> Iterator[Finding]:
    for sentence in context.text.printed:
        for match in LISTED.finditer(BRACKETS.sub("", sentence.text)):
            items = re.split(r"[，,]", match["items"])[0] if "、" in match["items"] else match["items"]
            listed = [item for item in re.split(r"、|和(?=[一-龥]{2,6}$)", items) if item]
            written = match["number"]
            stated = int(written) if written.isdigit() else int(chinese_number(written) or 0)
            # A list that does not claim to be complete, nests or explains is none to count.
            if len(listed) < 2 or stated < 2 or OPEN_END.search(match["items"]):
                continue
            if stated == len(listed) or any(len(item) > 16 or re.search(r"\d", item) for item in listed):
                continue
            yield rule.finding(
                sentence.where,
                f"“{sentence.title}”写{written}个{match['what']}，后面列出{len(listed)}个：{'、'.join(listed)}",
                evidence=[
                    Evidence(value=str(stated), unit="个", where=sentence.where),
                    Evidence(value="、".join(listed), where=sentence.where),
                ],
                fix="核对个数和名单",
            )
