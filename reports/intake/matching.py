"""Bringing target values and indicators together when a source states them in different places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from indicators.dossier import Indicator
from indicators.values import read
from reports.intake.collected import Collected
from reports.intake.lexicon import level1_of
from reports.intake.wording import bare

ALIKE = 0.62
"""Share of common characters from which two names mean the same indicator."""
SATISFACTION = "满意度"


@dataclass(frozen=True)
class StatedTarget:
    """A target value with the words that say what it is for."""

    name: str
    target: str
    category: str = ""
    source: str = ""
    words: str = ""
    weak: bool = False
    """Only a target if an indicator bears exactly this name."""


def likeness(first: str, second: str) -> float:
    """How much two names have in common, 0 to 1; one contained in the other counts as the same."""
    one, other = bare(first), bare(second)
    if not one or not other:
        return 0.0
    if (one in other or other in one) and min(len(one), len(other)) >= 4:
        return 1.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def merge_targets(
    indicators: Sequence[Indicator], targets: Sequence[StatedTarget], collected: Collected
) -> tuple[Indicator, ...]:
    """Give each target to its indicator; one that belongs to none becomes a line of its own.

    A satisfaction target goes to the only satisfaction indicator even if it names another group of people:
    its own words stay as the origin, and the difference is put as a question.
    """
    merged = list(indicators)
    for target in targets:
        index = _index(merged, target, targets)
        if index is None and (stated := _stated(merged, target)):
            if read(stated.target or "").number != read(target.target).number:
                collected.ask(
                    target.source,
                    target.words,
                    f"“{stated.name}”的目标，这里写“{target.target}”，完成情况处写“{stated.target}”，已按后者读取，请确认",
                )
            continue
        if index is None and target.weak:
            continue
        if index is None:
            merged.append(_own_line(merged, target, collected))
            continue
        line = merged[index]
        merged[index] = line.model_copy(update={"target": target.target})
        collected.put(f"indicators.{line.key}.target", target.target, target.source, target.words)
        if bare(target.name) not in bare(line.name) and bare(line.name) not in bare(target.name):
            collected.ask(
                target.source,
                target.words,
                f"目标写的是“{target.name}”，完成情况写的是“{line.name}”，已当作同一指标，请确认",
            )
    return tuple(merged)


def _index(lines: Sequence[Indicator], target: StatedTarget, targets: Sequence[StatedTarget]) -> int | None:
    """Position of the indicator that a target belongs to."""
    category = _category(target)
    open_lines = [
        (index, line)
        for index, line in enumerate(lines)
        if line.target is None
        and _same_measure(line.actual, target.target)
        and (
            not category
            or line.level2 == category
            or _both_satisfaction(line.level2, category)
            or bare(line.name) == bare(target.name)
        )
    ]
    if not open_lines:
        return None
    if target.weak:
        same = (index for index, line in open_lines if bare(line.name) == bare(target.name))
        return next(same, None)
    best, line = max(open_lines, key=lambda item: likeness(item[1].name, target.name))
    if likeness(line.name, target.name) >= ALIKE:
        return best
    rivals = [other for other in targets if SATISFACTION in _category(other)]
    if SATISFACTION in category and len(open_lines) == 1 and len(rivals) == 1:
        return best
    return None


def _same_measure(actual: str | None, target: str) -> bool:
    """A rate is no target for a number of things, nor the other way round."""
    reached, wanted = read(actual), read(target)
    if reached.unit is None or wanted.unit is None:
        return True
    return (reached.unit == "%") is (wanted.unit == "%")


def _stated(lines: Sequence[Indicator], target: StatedTarget) -> Indicator | None:
    """The indicator of that name whose target is already stated."""
    return next(
        (line for line in lines if line.target is not None and likeness(line.name, target.name) == 1), None
    )


def _category(target: StatedTarget) -> str:
    """Class of a target; where none is stated, the name says whether it is satisfaction."""
    if target.category:
        return target.category
    return "满意度指标" if SATISFACTION in target.name else ""


def _both_satisfaction(first: str, second: str) -> bool:
    return SATISFACTION in first and SATISFACTION in second


def _own_line(lines: Sequence[Indicator], target: StatedTarget, collected: Collected) -> Indicator:
    category = _category(target)
    key = f"ind-{len(lines) + 1}"
    collected.put(f"indicators.{key}.target", target.target, target.source, target.words)
    return Indicator(
        key=key, level1=level1_of(category), level2=category, name=target.name, target=target.target
    )
