"""Amounts in running text: number, unit and the words before it. Everything comes out in 元."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from budgets.money import AmountError, parse_wan

_ASIDE = re.compile(r"(?<=[\u4e00-\u9fff])[（(](?!境)[^（()）\d]{1,30}[）)]$")
"""«事业收入（学费、住宿费）298.40万元»: what stands in brackets behind a label says only more of it."""
NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?![\d])|\d+)(?:\.\d+)?"
AMOUNT = re.compile(rf"(?<![\d.])(?P<number>-?{NUMBER})(?P<unit>亿元|万元|万|元)(?!平方|人|次|户|亩|/)")
_DELIMITERS = re.compile(r"[，。；;：:、,！？]|[（(](?!境)|(?<!境)[）)]|其中|包括|以及|分别")
_LEADING = re.compile(
    r"^(?:(?:我|本|该|全)(?:单位|部门|中心|机关|局|镇|乡|街道|校|院|馆|所|站|园)|(?:我|本|该|全)?(?:单位|部门|中心|机关|局|镇|乡|街道|校|院|馆|所|站)(?=[^\d])(?!支出|收入|预算|决算|整体)|我(?=\w)|和|及|与|其(?!他|它|余)|全部|是指|另有|另|有|即|主要|剩余)+"
)
_TRAILING = re.compile(
    r"(?:总额|数额|金额|资金|数)?(?:共计|合计|总计|共|累计)?(?:分别)?(?:为|是|达到|达|约|计|到|有|了)*$"
)
YEAR = re.compile(r"^(?P<year>20\d{2})年(?:度)?")
_VAGUE_BEFORE = re.compile(r"(?:约|近|将近|超过?|逾|不足|不到|不低于|不超过|控制在)(?:人民币)?$")
_VAGUE_BEHIND = re.compile(r"^(?:左右|上下|以上|以内|以下|多|余)")
_SHARED = re.compile(
    r"(?P<labels>[^，。；;：:（()）\d]{2,24}(?:(?:、|和|及|与)[^，。；;：:（()）\d、]{2,24})+?)"
    r"(?P<column>年初预算|全年预算|预算|决算)?数?(?:分别|各)(?:支出|安排|完成|达到?|为|是)*[：:]?$"
)
"""«基本支出、项目支出分别为…»: several labels before as many amounts."""
_SAME = re.compile(
    r"(?P<labels>[^，。；;：:\d]{2,24}(?:(?:、|和|及|与)[^，。；;：:\d、]{2,24})+?)(?:均|都)(?:为|是)$"
)
_BOTH_TOTALS = re.compile(r"收(?:入)?(?:、|和)支(?:出)?(?P<label>总计|合计|总额)(?:均|都|各)?(?:为|是)?$")
"""«收、支总计均为…»: one amount for both sides."""
_AND = re.compile(r"、|和|及|与|以及")
_BETWEEN = re.compile(r"^[、，和及]$")


@dataclass(frozen=True)
class Amount:
    """One amount with the words that say what it is."""

    value: Decimal
    """In 元."""
    label: str
    """Words before the number, without the year and without 共、合计、为."""
    raw_label: str
    year: int | None
    label_start: int
    start: int
    end: int
    clause: str
    """Everything since the last comma or full stop, the amount included."""
    lead: str
    """Words between the amount before (or the sentence's begin) and the label."""
    vague: bool = False
    """约、近、以上: no exact figure."""


def find_amounts(sentence: str) -> list[Amount]:
    """All amounts of a sentence. One finer than a fen or too large is left out (its words stay text)."""
    return list(_with_shared_labels(sentence, list(_amounts(sentence))))


def _with_shared_labels(sentence: str, amounts: list[Amount]) -> Iterator[Amount]:
    """Each amount under its own label where the sentence names them all before: 分别为, 均为."""
    index = 0
    while index < len(amounts):
        amount = amounts[index]
        before = sentence[amounts[index - 1].end if index else 0 : amount.start]
        if shared := _SHARED.search(before):
            labels = [f"{label}{shared['column'] or ''}" for label in _AND.split(shared["labels"])]
            group = amounts[index : index + len(labels)]
            pairs = pairwise(group)
            if len(group) == len(labels) and all(
                _BETWEEN.match(sentence[one.end : other.start]) for one, other in pairs
            ):
                yield from map(_labelled, group, labels)
                index += len(group)
                continue
        if both := _BOTH_TOTALS.search(before):
            yield from (_labelled(amount, f"{side}{both['label']}") for side in ("收入", "支出"))
        elif same := _SAME.search(before):
            yield from (_labelled(amount, label) for label in _AND.split(same["labels"]))
        else:
            yield amount
        index += 1


def _labelled(amount: Amount, raw: str) -> Amount:
    year = YEAR.match(_LEADING.sub("", raw))
    return replace(
        amount, label=clean_label(raw), raw_label=raw, year=int(year["year"]) if year else amount.year
    )


def _amounts(sentence: str) -> Iterator[Amount]:
    before = 0
    for match in AMOUNT.finditer(sentence):
        try:
            value = parse_wan(match["number"] + match["unit"])
        except AmountError:
            continue
        gap = sentence[before : match.start()]
        if aside := _ASIDE.search(gap):
            gap = gap[: aside.start()]
        cuts = [cut.end() for cut in _DELIMITERS.finditer(gap)]
        begin = before + (cuts[-1] if cuts else 0)
        raw = sentence[begin : before + len(gap)].strip()
        year = YEAR.match(_LEADING.sub("", raw))
        yield Amount(
            value=value,
            label=clean_label(raw),
            raw_label=raw,
            year=int(year["year"]) if year else None,
            label_start=begin,
            start=match.start(),
            end=match.end(),
            clause=sentence[begin : match.end()],
            lead=sentence[before:begin],
            vague=bool(_VAGUE_BEFORE.search(raw) or _VAGUE_BEHIND.match(sentence[match.end() :])),
        )
        before = match.end()


def clean_label(raw: str) -> str:
    """``2023年度支出合计`` → ``支出``; 总计 is kept, because it means more than the year."""
    label = YEAR.sub("", _LEADING.sub("", raw.strip()))
    label = _LEADING.sub("", label)
    stripped = _TRAILING.sub("", label)
    return (
        f"{stripped}总计"
        if label.rstrip("为是达到约有").endswith(("总计", "总额总计")) and stripped
        else stripped
    )
