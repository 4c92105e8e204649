"""元和万元写错: “三公”经费86.5元，其中用车83.20万元、接待3.30万元 — the numbers add up, the units do not."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from reports.checks.registry import Check, Context, check
from reports.checks.support.statements import figures
from reports.findings import Evidence, Finding, Level

MONEY = ("元", "万元", "亿元")
CENT = Decimal("0.01")


@check(
    "text-unit",
    kind="unit",
    level=Level.WARNING,
    title="合计与其中各项的数字对得上而金额单位不同（元、万元写错）",
)
def text_unit(rule: Check, context: Context) -> Iterator[Finding]:
    for sentence in context.text.sentences_once:
        if "其中" not in sentence.text:
            continue
        known = [item for item in figures(sentence.text) if item.unit in MONEY]
        for place, total in enumerate(known):
            if not sentence.text[total.end : total.end + 4].lstrip("，,：:（(").startswith("其中"):
                continue
            parts, added = [], Decimal(0)
            for item in known[place + 1 :]:
                parts.append(item)
                added += item.number
                if len(parts) > 1 and abs(added - total.number) <= CENT * len(parts):
                    break
            else:
                continue
            units = {item.unit for item in parts}
            if len(units) != 1 or units == {total.unit}:
                continue
            shown = "、".join(f"{item.label}{item}" for item in parts)
            yield rule.finding(
                sentence.where,
                f"“{sentence.title}”写{total.label}{total}，其中{shown}，数字相加正好相等，而单位一个是“{total.unit}”、"
                f"一个是“{parts[0].unit}”",
                evidence=[Evidence(value=sentence.excerpt(str(total.number), 40), where=sentence.where)],
                fix="核对金额单位",
            )
