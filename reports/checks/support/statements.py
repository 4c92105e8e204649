"""Figures told in sentences: each number with its unit and the words before it, and what is said of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import permutations

from budgets.money import rate
from reports.checks.support.values import Percentage
from reports.checks.support.words import holds

NUMBER = r"\d[\d,]*(?:\.\d+)?"
UNIT = (
    r"亿元|万元|元|%|‰|(?:万|千)?(?:人次|平方米|平方公里|立方米|公里|公顷|小时|批次"
    r"|[人名个件次户亩场家份台套条处期辆本册卷篇吨米项所座栋间张宗起例批天月村株棵头只幅部])"
)
UPS = "增加|增长|上升|提高|提升|增大"
DOWNS = "减少|下降|降低|缩减|压减|压缩"
"""Words of a change for more and for less."""
EITHER_WAY = ("天", "月", "小时", "元", "万元", "亿元")
"""Time and money: without a sign, less may be as good as more."""
_FIGURE = re.compile(rf"(?<![\d.])(?P<number>{NUMBER})(?P<unit>{UNIT})")
_LAST_WORDS = re.compile(r"[^，,；;、：:。（）()]*$")
_FILLER = re.compile(
    r"^(?:其中|20\d\d年度?|本年度?|全年)+|(?:合计|总计|共计|共|计|为|是|(?<![实现])有|达到|达|约|：)+$"
)


@dataclass(frozen=True)
class Figure:
    """One number of a text."""

    number: Decimal
    unit: str
    label: str
    """The words right before it, without 其中, 合计, 为 and the like."""
    start: int
    end: int

    def __str__(self) -> str:
        return f"{self.number}{self.unit}"


@lru_cache(maxsize=2048)
def figures(text: str) -> tuple[Figure, ...]:
    """Numbers with a unit, in the order of the text (compacted)."""
    found, end = [], 0
    for match in _FIGURE.finditer(text):
        words = _LAST_WORDS.search(text[end : match.start()])
        label = _FILLER.sub("", words.group() if words else "")
        found.append(Figure(decimal(match["number"]), match["unit"], label, match.start(), match.end()))
        end = match.end()
    return tuple(found)


def decimal(written: str) -> Decimal:
    return Decimal(written.replace(",", ""))


def explained(stated: Percentage, text: str, units: Collection[str]) -> bool:
    """Whether any two figures of these units in the text give that percentage: another way of counting, shown there."""
    numbers = {item.number for item in figures(text) if item.unit in units}
    rates = (rate(one, other) for one, other in permutations(numbers, 2))
    return any(found is not None and stated.agrees(found) for found in rates)


# ------------------------------------------------------------------ a target and what was reached

_SIGN = r"≥|≤|>|<|＞|＜|不低于|不少于|不高于|不超过|大于|小于|达到"
_AIM = re.compile(
    r"(?:目标值?|指标值|计划数?|任务数?)(?:任务|数|值)?(?:为|是|：|:)?"
    rf"(?P<sign>{_SIGN})?(?P<number>{NUMBER})(?P<unit>{UNIT})(?P<after>以上|以下|以内)?"
)
_REACHED = re.compile(
    r"(?:实际(?!上)[一-龥]{0,5}?|(?:全年|年末|已|共|累计)*)(?:完成值|完成|达到|达|实现|值|为|采购|建成|办理|：|:)*"
    rf"(?P<number>{NUMBER})(?P<unit>{UNIT})"
)
_ACTUAL_WORD = re.compile(r"实际|完成|达到|实现|已")
_DOWN = ("≤", "<", "＜", "不高于", "不超过", "小于", "以下", "以内")
_UP = ("≥", ">", "＞", "不低于", "不少于", "大于", "以上")


_REVERSED = re.compile(
    rf"(?P<number>{NUMBER})(?P<unit>{UNIT})[，,（(](?:年度|年初|全年|计划|绩效|预期)*"
    rf"(?:目标值?|指标值|计划数?|任务数?)(?:任务|数|值)?(?:为|是|：|:)?(?P<sign>{_SIGN})?(?P<aim>{NUMBER})"
    rf"(?P<same>{UNIT})(?P<after>以上|以下|以内)?$"
)
"""«入住率68%，年度目标70%»: the value stands before its target."""


@dataclass(frozen=True)
class Outcome:
    """A target and the value reached, as one sentence tells them, with the words that follow up to the next target."""

    target: Decimal
    actual: Decimal
    unit: str
    sign: str
    rest: str
    passage: str
    at_most: bool
    """Whether the value must not exceed the target."""

    @property
    def met(self) -> bool:
        return self.actual <= self.target if self.at_most else self.actual >= self.target

    @property
    def wanted(self) -> str:
        return f"{self.sign}{self.target}{self.unit}"


def _reversed(text: str, aims: list[re.Match[str]], number: int, found: re.Match[str]) -> Outcome | None:
    """The outcome whose value stands before the target."""
    if found["unit"] != found["same"]:
        return None
    sign, after = found["sign"] or "", found["after"]
    start = aims[number - 1].end() if number else 0
    at_most = sign in _DOWN or after in _DOWN
    signed = at_most or sign in _UP or after in _UP
    name = text[start : found.start()]
    if not signed and (found["unit"] in EITHER_WAY or holds(name, "lower_is_better")):
        return None
    stop = aims[number + 1].start() if number + 1 < len(aims) else len(text)
    return Outcome(
        target=decimal(found["aim"]),
        actual=decimal(found["number"]),
        unit=found["unit"],
        sign=sign if sign in _DOWN + _UP else "",
        rest=text[found.end() : stop],
        passage=found[0],
        at_most=at_most,
    )


def outcomes(text: str) -> Iterator[Outcome]:
    """Targets with their values. Where less is better but no sign says so, nothing is told: both may be right."""
    if "目标" not in text and "计划" not in text and "指标值" not in text and "任务" not in text:
        return
    aims = list(_AIM.finditer(text))
    for number, aim in enumerate(aims):
        if behind := _REVERSED.search(text[: aim.end()]):
            if found := _reversed(text, aims, number, behind):
                yield found
            continue
        stop = aims[number + 1].start() if number + 1 < len(aims) else len(text)
        after = text[aim.end() : stop]
        clause = re.match(r"[^，,；;]*[，,；;]", after)
        if clause is None:
            continue
        reached = _REACHED.search(after, clause.end())
        if reached is None or reached["unit"] != aim["unit"] or not _ACTUAL_WORD.search(reached.group()):
            continue
        sign = aim["sign"] or ""
        name = text[aims[number - 1].end() if number else 0 : aim.start()]
        at_most = sign in _DOWN or aim["after"] in _DOWN
        signed = at_most or sign in _UP or aim["after"] in _UP
        if not signed and (aim["unit"] in EITHER_WAY or holds(name, "lower_is_better")):
            continue
        yield Outcome(
            target=decimal(aim["number"]),
            actual=decimal(reached["number"]),
            unit=aim["unit"],
            sign=sign if sign in _DOWN + _UP else "",
            rest=after[reached.end() :],
            passage=text[aim.start() : aim.end() + reached.end()],
            at_most=at_most,
        )
