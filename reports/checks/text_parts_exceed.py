"""其中数大于总数: “清扫面积86万平方米，其中机械52万平方米，人工38万平方米”, of things other than money and people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from reports.checks.registry import Check, Context, check
from reports.checks.support.statements import Figure, figures
from reports.findings import Evidence, Finding, Level

NOT_COUNTED = ("人", "名", "元", "万元", "亿元", "%", "‰", "天", "月", "小时")
OVERLAP = re.compile(
    r"以上|以下|女|党员|少数民族|学历|职称|本科|研究生|残疾|脱贫|低收入|累计|新增|含|包括|重复|同时|小微|中小|上年|去年|目标|计划|满意|回收|收回|合格|完成"
)
"""Parts that may hold the same thing twice, and figures that are no parts."""
OPENS = re.compile(r"^[，,：:（(]?(?:其中|分别为|分为)")
GOES_ON = re.compile(r"^[、，,；;]?[一-龥“”]{1,12}$")


@check(
    "text-parts-exceed",
    kind="count",
    level=Level.WARNING,
    title="文字里其中各项的数量之和大于总数",
)
def text_parts_exceed(rule: Check, context: Context) -> Iterator[Finding]:
    for sentence in context.text.sentences_once:
        if "其中" not in sentence.text and "分" not in sentence.text:
            continue
        known = figures(sentence.text)
        for place, total in enumerate(known):
            parts = _parts(sentence.text, total, known[place + 1 :])
            added = sum((item.number for item in parts), Decimal(0))
            if len(parts) < 2 or added <= total.number or any(OVERLAP.search(item.label) for item in parts):
                continue
            shown = "、".join(f"{item.label}{item}" for item in parts)
            yield rule.finding(
                sentence.where,
                f"“{sentence.title}”写{total.label}{total}，其中{shown}，相加为{added}{total.unit}，大于总数",
                evidence=[
                    Evidence(value=sentence.text[total.start : parts[-1].end], where=sentence.where),
                    Evidence(value=str(added), unit=total.unit, where="相加"),
                ],
                fix="核对总数和其中各项",
            )


def _parts(text: str, total: Figure, following: tuple[Figure, ...]) -> list[Figure]:
    """Figures of the same unit right behind 其中, one after the other."""
    if total.unit in NOT_COUNTED or not OPENS.match(text[total.end :]):
        return []
    parts, end = [], total.end
    for item in following:
        between = OPENS.sub("", text[end : item.start]) if not parts else text[end : item.start]
        if item.unit != total.unit or not GOES_ON.match(between.lstrip("：:")):
            break
        if "其中" in between:
            break
        parts.append(item)
        end = item.end
    return parts
