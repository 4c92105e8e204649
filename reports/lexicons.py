"""The lexicon of government functions (职能词库) as a region has it, for reading; and trying a sentence on it."""

from __future__ import annotations

from dataclasses import dataclass

from departments.models import Region
from reports.checks.foreign_function import is_subject, passages
from reports.checks.support.text import Sentence, compact
from reports.checks.support.words import Function, functions, lexicon
from reports.models import LexiconWord
from reports.prepared import MARK, Prepared

LONGEST_TRIAL = 500


ADDED = Prepared(
    [MARK],
    lambda region: (
        LexiconWord.objects.filter(region=region, retired_at=None)
        .order_by("id")
        .values_list("function", "kind", "word")
    ),
)


def lexicon_of(region: int | Region) -> tuple[Function, ...]:
    """The shipped functions with the words in use that the region added; one query."""
    return lexicon(tuple(ADDED(region if isinstance(region, int) else region.pk)))


@dataclass(frozen=True)
class Row:
    """One function with its shipped words and the region's own."""

    name: str
    shared: bool
    words: tuple[str, ...]
    owners: tuple[str, ...]
    own: tuple[LexiconWord, ...]


def rows_of(region: Region) -> list[Row]:
    """Functions with a region's words first, then as shipped."""
    own: dict[str, list[LexiconWord]] = {}
    for word in LexiconWord.objects.filter(region=region, retired_at=None).select_related("by"):
        own.setdefault(word.function, []).append(word)
    shipped = {item.name: item for item in functions()}
    names = [*own, *(name for name in shipped if name not in own)]
    blank = Function("", ())
    return [
        Row(
            name,
            shipped.get(name, blank).shared,
            shipped.get(name, blank).words,
            shipped.get(name, blank).owners,
            tuple(own.get(name, ())),
        )
        for name in names
    ]


@dataclass(frozen=True)
class Heard:
    """What the lexicon finds of one function in a text."""

    function: str
    words: tuple[str, ...]
    result: str
    has: bool = False
    """Whether the unit has the function, so that nothing is asked."""


def hear(text: str, region: Region, unit: str = "") -> list[Heard]:
    """What rule ``foreign-function`` would make of a text in 存在的问题 of a unit of that name."""
    sentences = [
        Sentence("problems", "", part) for part in compact(text).replace("；", "。").split("。") if part
    ]
    found = []
    for function in lexicon_of(region):
        words = tuple(word for word in function.words if any(word in one.text for one in sentences))
        if not words:
            continue
        hits = [(one, passage) for one in sentences for passage in passages(one, function)]
        if unit and function.belongs_to(unit):
            found.append(Heard(function.name, words, "这个单位有这项职能，不提示", has=True))
        elif any(is_subject(one, passage) for one, passage in hits):
            found.append(Heard(function.name, words, "写的是这项职能的部门，会列为疑点"))
        elif function.shared:
            found.append(Heard(function.name, words, "各单位都有这类工作，只有写成部门时才提示"))
        elif len(hits) > 1:
            found.append(Heard(function.name, words, "“存在的问题”里多次写这项职能，会列为疑点"))
        else:
            found.append(Heard(function.name, words, "只提到一次，不提示"))
    return found
