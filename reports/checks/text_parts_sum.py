"""文字里的分项与合计: amounts told one by one, and the total told beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from reports.checks.registry import Check, Context, check
from reports.checks.support.sheets import sheets
from reports.checks.support.statements import decimal
from reports.checks.support.text import compact
from reports.findings import Evidence, Finding, Level

AMOUNT = re.compile(r"(?P<number>\d[\d,]*(?:\.\d+)?)(?P<unit>万元|亿元|元)")
TOTAL_BEFORE = re.compile(
    r"(?:合计|总计|共计|总共|总额|共支付|共支出|共拨付|共使用|共完成|累计)(?:支付|支出|拨付|使用|完成|为|：|资金|经费|投入)*$"
)
OTHER = re.compile(
    r"比|较|增加|减少|增长|下降|上年|去年|结余|结转|预算数|人均|每|占|差额|追加|年初|计划|目标"
)
CLOSE = Decimal("0.02")
"""A sum further off than 2 % belongs to other things than the total."""
CENT = Decimal("0.01")


@check(
    "text-parts-sum",
    kind="sum",
    level=Level.WARNING,
    title="文字里逐项写的金额之和与所写合计不等",
)
def text_parts_sum(rule: Check, context: Context) -> Iterator[Finding]:
    seen: set[str] = set()
    for where, label, sentence in _sentences(context):
        found = _difference(sentence)
        if found is None or sentence in seen:
            continue
        seen.add(sentence)
        parts, total, unit = found
        added = sum(parts, Decimal(0))
        yield rule.finding(
            where,
            f"{label}写的{'、'.join(map(str, parts))}{unit}相加为{added}{unit}，所写合计为{total}{unit}，"
            f"相差{abs(added - total)}{unit}",
            evidence=[
                Evidence(value=sentence[:80], where=where),
                Evidence(value=str(added), unit=unit, where="相加"),
                Evidence(value=str(total), unit=unit, where="所写合计"),
            ],
            fix="核对各项金额和合计",
        )


def _sentences(context: Context) -> Iterator[tuple[str, str, str]]:
    for view in sheets(context):
        for number, goal in enumerate(view.sheet.goals):
            for field, label in (("expected", "预期目标"), ("actual", "实际完成情况")):
                for sentence in re.split(r"[。；;]", compact(getattr(goal, field))):
                    yield (
                        view.place("goals", str(number), field),
                        f"{view.name}年度总体目标的{label}",
                        sentence,
                    )
    for sentence in context.text.printed:
        yield sentence.where, f"“{sentence.title}”", sentence.text


def _difference(sentence: str) -> tuple[list[Decimal], Decimal, str] | None:
    """Parts and total where they nearly, but not quite, agree."""
    if sentence.count("元") < 3:
        return None
    amounts = list(AMOUNT.finditer(sentence))
    if len(amounts) < 3 or len({match["unit"] for match in amounts}) > 1:
        return None
    totals = [
        number for number, match in enumerate(amounts) if TOTAL_BEFORE.search(sentence[: match.start()])
    ]
    if len(totals) != 1 or totals[0] not in (0, len(amounts) - 1):
        return None
    rest = amounts[:-1] if totals[0] else amounts[1:]
    if not totals[0] and "其中" not in sentence:
        return None
    start = 0
    for match in rest:
        if OTHER.search(sentence[start : match.start()]):
            return None
        start = match.end()
    parts, total = [decimal(match["number"]) for match in rest], decimal(amounts[totals[0]]["number"])
    gap = abs(sum(parts, Decimal(0)) - total)
    rounded = sum(1 for match in rest if "." in match["number"])
    if gap <= CENT * max(1, rounded) or gap > total * CLOSE:
        return None
    return parts, total, amounts[0]["unit"]
