"""Outline and forms of a place and year as data (报告提纲模板): read-only presets in ``reports/templates_data/``."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from departments.dossier import Part

PRESETS = Path(__file__).parent / "templates_data"
DEFAULT_TEMPLATE = "hunan-hengyang-2023"

DataBlock = Literal[
    "profile",
    "offices",
    "duties",
    "goals",
    "targets",
    "income_expenditure",
    "budget_execution",
    "projects",
    "project_office",
    "indicators",
    "score",
]


class OutlineError(ValueError):
    """A template is missing or wrong; the message names file and key."""


class OutlineSection(Part):
    """One numbered section: its data blocks are generated, the unit's own text is put below them."""

    key: str
    level: Literal[1, 2, 3, 4]
    title: str
    data: tuple[DataBlock, ...] = ()
    prompt: str = ""
    """Hint for the filler; a section without one takes no text (a heading only)."""
    required: bool = False
    text_first: bool = False
    """The unit's own text stands before the generated paragraphs, e.g. an overview before the figures."""

    @property
    def takes_text(self) -> bool:
        return bool(self.prompt)


class Outline(Part):
    """A versioned template. ``title`` may contain ``{year}`` and ``{department}``."""

    name: str
    version: str
    label: str
    title: str
    policy: str
    """Scoring policy that goes with it."""
    sections: tuple[OutlineSection, ...]

    @property
    def text_sections(self) -> tuple[OutlineSection, ...]:
        """Sections in which the unit writes."""
        return tuple(section for section in self.sections if section.takes_text)

    def section(self, key: str) -> OutlineSection | None:
        return next((section for section in self.sections if section.key == key), None)


def outline_names() -> list[str]:
    """Names of the shipped presets."""
    return sorted(path.parent.name for path in PRESETS.glob("*/template.toml"))


@cache
def load_outline(name: str = DEFAULT_TEMPLATE) -> Outline:
    """Read a preset. Raises :class:`OutlineError` naming file and key."""
    path = PRESETS / name / "template.toml"
    try:
        return Outline.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise OutlineError(f"没有名为“{name}”的报告模板，可用的有：{'、'.join(outline_names())}") from None
    except tomllib.TOMLDecodeError as error:
        raise OutlineError(f"{path.name}（{name}）不是正确的 TOML：{error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise OutlineError(f"{path.name}（{name}）的“{place}”不正确：{first['msg']}") from None
