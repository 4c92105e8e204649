"""The lexicon and word lists of the rules, read from ``reports/checks/data/``. No unit's name stands in
them.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

DATA = Path(__file__).parent.parent / "data"


def read_data(name: str) -> dict[str, Any]:
    """A file of ``reports/checks/data/``."""
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


LANGUAGE = MappingProxyType(read_data("language.toml"))
"""Word lists by name."""


@lru_cache(maxsize=16384)
def holds(text: str, words: str) -> bool:
    """Whether one of the words of that list (a key of :data:`LANGUAGE`) stands in a text. Kept for names of indicators."""
    return any(word in text for word in LANGUAGE[words])


@dataclass(frozen=True)
class Function:
    """A government function (职能): its telltale words, and the words of a unit that has it."""

    name: str
    words: tuple[str, ...]
    owners: tuple[str, ...] = ()
    shared: bool = False
    """Whether every unit has some work of this kind (信访, 消防, 统计)."""
    people: tuple[str, ...] = ()
    """Words that only such a unit says of its own problems and plans."""

    def belongs_to(self, identity: str) -> bool:
        """Whether a unit described by these words has this function."""
        return any(word in identity for word in (*self.words, *self.owners))


@cache
def functions() -> tuple[Function, ...]:
    """The lexicon of government functions."""
    return tuple(
        Function(
            item["name"],
            tuple(item["words"]),
            tuple(item.get("owners", ())),
            item.get("shared", False),
            tuple(item.get("people", ())),
        )
        for item in read_data("functions.toml")["function"]
    )


Added = tuple[str, str, str]
"""A word that a region adds: function, ``word`` or ``owner``, the word itself."""


@lru_cache(maxsize=64)
def lexicon(added: tuple[Added, ...]) -> tuple[Function, ...]:
    """The shipped lexicon with a region's words: to functions that it has, or as functions of their own.

    Kept a process by the words themselves, so that a change holds at once and no rule pays for it.
    """
    extra: dict[str, dict[str, tuple[str, ...]]] = {}
    for name, kind, word in added:
        words = extra.setdefault(name, {"word": (), "owner": ()})
        words[kind] = (*words[kind], word)
    known = {item.name for item in functions()}
    merged = [
        replace(
            item,
            words=item.words + extra.get(item.name, {}).get("word", ()),
            owners=item.owners + extra.get(item.name, {}).get("owner", ()),
        )
        for item in functions()
    ]
    own = [
        Function(name, words["word"], words["owner"]) for name, words in extra.items() if name not in known
    ]
    return (*merged, *own)


@dataclass(frozen=True)
class ClassRule:
    """Words in an indicator's name that do not fit a second-level class."""

    level2: str
    words: tuple[str, ...]
    unless: tuple[str, ...]
    better: str
    level: str


@cache
def class_rules() -> tuple[ClassRule, ...]:
    return tuple(
        ClassRule(
            item["level2"],
            tuple(item["words"]),
            tuple(item.get("unless", ())),
            item["better"],
            item.get("level", "warning"),
        )
        for item in read_data("indicator_classes.toml")["class"]
    )


@dataclass(frozen=True)
class Term:
    """A kind of income or expenditure with words that only its standard explanation has (名词解释)."""

    name: str
    marks: tuple[str, ...]
    aliases: tuple[str, ...] = ()


@cache
def terms() -> tuple[Term, ...]:
    return tuple(
        Term(item["name"], tuple(item["marks"]), tuple(item.get("aliases", ())))
        for item in read_data("definitions.toml")["term"]
    )


@cache
def _placeholders() -> re.Pattern[str]:
    return re.compile("|".join(read_data("placeholders.toml")["patterns"]))


@cache
def _empty_texts() -> frozenset[str]:
    return frozenset(read_data("placeholders.toml")["empty"])


@cache
def _signs() -> tuple[str, ...]:
    return tuple(read_data("placeholders.toml")["signs"])


def placeholder_in(text: str) -> str:
    """The first placeholder or form hint left in a text, whatever line breaks stand in it; empty when there is none."""
    text = "".join(text.split())
    if not any(sign in text for sign in _signs()):
        return ""
    found = _placeholders().search(text)
    return found.group() if found else ""


@lru_cache(maxsize=4096)
def says_nothing(text: str) -> bool:
    """Whether a text field is blank or holds only ``0``, ``无``, ``/`` and the like."""
    bare = re.sub(r"[\s。．.、，,；;]", "", text)
    return bare == "" or bare in _empty_texts()


_CLAUSE_START = re.compile(r"(?:^|[，,：:）)]|[\d一二三四五六七八九十][、.．]|我|本)$")


def clause_subject(before: str) -> bool:
    """Whether what follows ``before`` begins a clause, so that the clause is about it."""
    return bool(_CLAUSE_START.search(before))
