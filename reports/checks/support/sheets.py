"""The self-evaluation tables of a dossier: the department's own and those of its projects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from indicators.dossier import Indicator, Sheet
from indicators.policy import bare
from indicators.scoring.scorecard import Scorecard
from reports.dossier import Covers

if TYPE_CHECKING:
    from reports.checks.registry import Context


@dataclass(frozen=True)
class SheetView:
    """One 自评表 with the start of its dossier paths and what to call it in a sentence."""

    sheet: Sheet
    card: Scorecard | None
    prefix: str = ""
    name: str = ""

    def place(self, *parts: str) -> str:
        """Dossier path inside this sheet: ``indicators.staff.target``,
        ``project_sheets.p1.assessment.score``.
        """
        return ".".join((self.prefix, *parts)) if self.prefix else ".".join(parts)

    def of(self, indicator: Indicator, field: str) -> str:
        path = f"indicators.{indicator.key}.{field}"
        return f"{self.prefix}.{path}" if self.prefix else path

    def call(self, indicator: Indicator) -> str:
        """The indicator as a sentence names it."""
        kind = f"{bare(indicator.level2)}指标" if indicator.level2 else "指标"
        return f"{self.name}{kind}“{indicator.name}”"

    @cached_property
    def active(self) -> tuple[Indicator, ...]:
        """Indicators that apply (不适用 left out)."""
        return tuple(item for item in self.sheet.indicators if not item.not_applicable)

    @property
    def score(self) -> Decimal | None:
        """自评得分 as stated, else as computed."""
        stated = self.sheet.assessment.score
        return stated if stated is not None or self.card is None else self.card.score


def sheets(context: Context) -> Iterator[SheetView]:
    """The department's sheet, then those of the projects where the source contains them."""
    return iter(context.sheets)


def make_sheets(context: Context) -> Iterator[SheetView]:
    """The views, made once a context."""
    dossier = context.dossier
    yield SheetView(sheet=dossier.indicators, card=context.scorecard)
    if not dossier.covers(Covers.PROJECT_SHEETS):
        return
    cards = {item.project: item.card for item in context.scorecard.projects}
    names = {project.key: project.name for project in dossier.money.projects}
    for sheet in dossier.indicators.projects:
        yield SheetView(
            sheet=sheet,
            card=cards.get(sheet.project),
            prefix=f"project_sheets.{sheet.project}",
            name=f"项目“{names.get(sheet.project, sheet.project)}”的",
        )


def level2_of(indicator: Indicator) -> str:
    return bare(indicator.level2)


def is_cost(indicator: Indicator) -> bool:
    return "成本" in indicator.level2 or "成本" in indicator.level1


def is_effect(indicator: Indicator) -> bool:
    words = indicator.level1 + indicator.level2
    return "效益" in words or "可持续" in words or "效果" in words


def is_satisfaction(indicator: Indicator) -> bool:
    return "满意" in indicator.level2 or "满意" in indicator.level1 or "满意度" in indicator.name
