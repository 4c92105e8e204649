"""文字里逐项写的数量与合计不等: “主体班12期，专题班8期，合计21期”."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from reports.checks.registry import Check, Context, check
from reports.checks.support.statements import Figure, figures
from reports.findings import Evidence, Finding, Level

NOT_COUNTED = ("元", "万元", "亿元", "%", "‰", "天", "月", "小时")
TOTAL = re.compile(r"(?:合计|共计|总计)[一-龥]{0,6}$")
OTHER = re.compile(r"目标|计划|任务|上年|去年|同比|比|较|增加|减少|其中|累计|以上|实际|完成|满意|合格")
CLOSE = Decimal("0.2")
"""A sum further off belongs to other things than the total."""


@check(
    "text-count-sum",
    kind="sum",
    level=Level.WARNING,
    title="文字里逐项写的数量之和与所写合计不等",
)
def text_count_sum(rule: Check, context: Context) -> Iterator[Finding]:
    for paragraph in context.text.paragraphs_once:
        for part in paragraph.text.split("。"):
            if not any(word in part for word in ("合计", "共计", "总计")):
                continue
            known = figures(part)
            for place, total in enumerate(known):
                if total.unit in NOT_COUNTED or not TOTAL.search(part[: total.start]):
                    continue
                parts = [item for item in known[:place] if item.unit == total.unit]
                added = sum((item.number for item in parts), Decimal(0))
                if (
                    len(parts) < 2
                    or added == total.number
                    or abs(added - total.number) > total.number * CLOSE
                ):
                    continue
                if OTHER.search(part[: total.start]) or any(
                    TOTAL.search(part[: item.start]) for item in parts
                ):
                    continue
                yield rule.finding(
                    paragraph.where,
                    f"“{paragraph.title}”写的{_shown(parts)}相加为{added}{total.unit}，所写合计为{total}",
                    evidence=[
                        Evidence(value=part[:100], where=paragraph.where),
                        Evidence(value=str(added), unit=total.unit, where="相加"),
                    ],
                    fix="核对各项数量和合计",
                )


def _shown(parts: list[Figure]) -> str:
    return "、".join(f"{item.label}{item}" for item in parts)
