"""“以上4个项目年初预算合计460万元” against the four items told right before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from indicators.values import chinese_number
from reports.checks.registry import Check, Context, check
from reports.checks.support.statements import Figure, figures
from reports.checks.support.text import Paragraph
from reports.findings import Evidence, Finding, Level

TOTAL = re.compile(
    r"(?:以上|上述|这|前述)?(?P<count>\d{1,2}|[一二两三四五六七八九十]{1,2})[个项](?:专项|重点|主要)*(?:项目|资金|经费|补助)*"
    r"(?P<rest>[^。；;]*?合计[^。；;]*)"
)
MONEY = ("元", "万元")
KINDS = {"预算": re.compile(r"预算"), "支出": re.compile(r"支出|执行|拨付|使用")}
CENT = Decimal("0.01")


@check(
    "items-total",
    kind="sum",
    level=Level.WARNING,
    title="“以上几个项目合计”与前面逐项的金额之和不等",
)
def items_total(rule: Check, context: Context) -> Iterator[Finding]:
    paragraphs = context.text.paragraphs_once
    for place, paragraph in enumerate(paragraphs):
        found = TOTAL.search(paragraph.text) if "合计" in paragraph.text else None
        if found is None:
            continue
        count = int(found["count"]) if found["count"].isdigit() else int(chinese_number(found["count"]) or 0)
        items = _items(paragraphs, place, found.start(), count)
        if count < 2 or len(items) != count:
            continue
        for total in figures(paragraph.text):
            if not found.start("rest") <= total.start < found.end() or total.unit not in MONEY:
                continue
            kind = next(
                (name for name, words in KINDS.items() if words.search(_words(paragraph.text, total))), ""
            )
            parts = [_amount(words, kind, total.unit) for words in items]
            if None in parts:
                continue
            known = [part for part in parts if part is not None]
            added = sum(known, Decimal(0))
            if abs(added - total.number) <= CENT * count:
                continue
            yield rule.finding(
                paragraph.where,
                f"“{paragraph.title}”写{count}项{kind}合计{total}，前面逐项为{'、'.join(map(str, known))}{total.unit}，"
                f"相加为{added}{total.unit}，相差{abs(added - total.number)}{total.unit}",
                evidence=[
                    Evidence(value=found[0][:80], where=paragraph.where),
                    Evidence(value=str(added), unit=total.unit, where="相加"),
                ],
                fix="核对各项目金额和合计",
            )


def _items(paragraphs: tuple[Paragraph, ...], place: int, start: int, count: int) -> list[str]:
    """The items before: sentences of the same paragraph, else the paragraphs above it."""
    same = [part for part in re.split(r"[。；;]", paragraphs[place].text[:start]) if "元" in part]
    if same:
        return same[-count:]
    above = paragraphs[max(0, place - count) : place]
    return [item.text for item in above if item.key == paragraphs[place].key and "元" in item.text]


def _words(text: str, figure: Figure) -> str:
    """The words of the clause before a figure."""
    return re.split(r"[，,、。；;]", text[: figure.start])[-1]


def _amount(words: str, kind: str, unit: str) -> Decimal | None:
    """The item's only amount of that kind."""
    found = [
        item.number
        for item in figures(words)
        if item.unit == unit
        and (not kind or (KINDS[kind].search(item.label) and not _other(item.label, kind)))
    ]
    return found[0] if len(found) == 1 else None


def _other(label: str, kind: str) -> bool:
    return kind == "支出" and label.endswith("预算")
