"""A report's text, analysed once per dossier and shared by all rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from reports.dossier import Dossier

_FOLD = str.maketrans("０１２３４５６７８９％．", "0123456789%.")
_FULL = str.maketrans(",:;()?!", "，：；（）？！")
_HALF = re.compile(r"[;()?!]|(?<!\d)[,:]|[,:](?!\d)")
"""Marks of a sentence that an extraction made half-width; between digits they belong to a number or a time of day."""


@lru_cache(maxsize=1024)
def compact(text: str) -> str:
    """Text without blanks and line breaks, figures half-width, marks full-width: a break inside a word or number and
    the width of a comma do not matter.
    """
    text = re.sub(r"\s+", "", text).translate(_FOLD)
    return _HALF.sub(lambda match: match[0].translate(_FULL), text)


@dataclass(frozen=True)
class Sentence:
    key: str
    """Key of the section."""
    title: str
    text: str

    @property
    def where(self) -> str:
        return f"narrative.{self.key}"

    def excerpt(self, around: str, width: int = 18) -> str:
        """The words around a passage, for showing."""
        at = self.text.find(around)
        if at < 0:
            return self.text[: 2 * width]
        start, end = max(0, at - width), at + len(around) + width
        return ("…" if start else "") + self.text[start:end] + ("…" if end < len(self.text) else "")


@dataclass(frozen=True)
class Paragraph:
    """One paragraph as printed, with the titles above it. What a reader made into data stands here, too."""

    key: str
    titles: tuple[str, ...]
    text: str

    @property
    def title(self) -> str:
        """The nearest title above."""
        return self.titles[-1] if self.titles else ""

    @property
    def where(self) -> str:
        return f"narrative.{self.key}"

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return tuple(
            Sentence(self.key, self.title, part) for part in re.split(r"[。；;！？!?]", self.text) if part
        )


class TextView:
    """The narrative by section and sentence, and the words by which the unit describes itself."""

    def __init__(self, dossier: Dossier) -> None:
        self.dossier = dossier

    @cached_property
    def sections(self) -> tuple[tuple[str, str, str], ...]:
        """Key, title and compacted text of each section."""
        return tuple((item.key, item.title, compact(item.text)) for item in self.dossier.narrative)

    @cached_property
    def whole(self) -> str:
        """All sections, one a line."""
        return "\n".join(text for _, _, text in self.sections)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        return tuple(
            Sentence(key, title, part)
            for key, title, text in self.sections
            for part in re.split(r"[。；;！？!?]", text)
            if part
        )

    @cached_property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The whole text as read from a file; of the forms, what the unit wrote."""
        start = "paragraph."
        read = tuple(
            Paragraph(item.where.removeprefix(start), tuple(item.source.split("\n")), compact(item.words))
            for item in self.dossier.origins
            if item.where.startswith(start)
        )
        return read or tuple(
            Paragraph(item.key, (item.title,), compact(part))
            for item in self.dossier.narrative
            for part in re.split(r"\n+(?=\s*(?:[\d一二三四五六七八九十]+[、.．是]|[（(]))|\n{2,}", item.text)
            if part.strip()
        )

    @cached_property
    def printed(self) -> tuple[Sentence, ...]:
        """Sentences of :attr:`paragraphs`."""
        return tuple(sentence for paragraph in self.paragraphs for sentence in paragraph.sentences)

    @cached_property
    def sentences_once(self) -> tuple[Sentence, ...]:
        """:attr:`printed`, each wording at its first place only: a fault is told once."""
        return tuple({sentence.text: sentence for sentence in reversed(self.printed)}.values())[::-1]

    @cached_property
    def paragraphs_once(self) -> tuple[Paragraph, ...]:
        """:attr:`paragraphs`, each wording at its first place only."""
        return tuple({paragraph.text: paragraph for paragraph in reversed(self.paragraphs)}.values())[::-1]

    @cached_property
    def identity(self) -> str:
        """Name, kind, duties, offices, goals, projects and indicators: what the unit says that it is and
        does.
        """
        dossier = self.dossier
        profile = dossier.profile
        parts = [profile.department, profile.kind, profile.main_department]
        parts += profile.internal_offices or ()
        parts += profile.duties or ()
        parts += [goal.expected for goal in dossier.indicators.goals]
        parts += [project.name for project in dossier.money.projects]
        parts += [item.name for item in dossier.indicators.indicators]
        parts += [
            text for key, _, text in self.sections if key in ("profile", "overview", "goals_overall", "goals")
        ]
        return compact("\n".join(parts))

    def text(self, key: str) -> str:
        """Compacted text of a section; empty when there is none."""
        return next((text for name, _, text in self.sections if name == key), "")

    def in_sections(self, *keys: str) -> Iterator[Sentence]:
        return (sentence for sentence in self.sentences if sentence.key in keys)
