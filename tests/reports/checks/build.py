"""Smallest dossiers for the rules: only what a test is about is stated."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from budgets.dossier import Money
from departments.dossier import Profile
from indicators.dossier import Goal, Indicator, Indicators, SelfAssessment
from indicators.policy import load_policy
from indicators.scoring import score
from reports.checks import all_checks
from reports.checks.registry import Context, run_checks
from reports.dossier import EVERYTHING, Dossier, Section
from reports.findings import Finding
from tests.factories import make_table, yuan

CODES = {item.code: item for item in all_checks()}
EXCERPT = EVERYTHING - {next(iter(sorted(EVERYTHING)))}
"""Everything but one part: what an outside source may contain; the completeness rules of forms stay out."""


def d(
    *,
    money: dict[str, Any] | None = None,
    profile: dict[str, Any] | None = None,
    rows: list[Indicator] | None = None,
    goals: list[Goal] | None = None,
    claim: dict[str, Any] | None = None,
    text: dict[str, str] | None = None,
    **fields: Any,
) -> Dossier:
    """A dossier of an excerpt with just these parts."""
    fields.setdefault("coverage", EXCERPT)
    return Dossier(
        profile=Profile(**({"department": "示例区档案馆", "year": 2023} | (profile or {}))),
        money=Money(**(money or {})),
        indicators=Indicators(
            indicators=tuple(rows or ()),
            goals=tuple(goals or ()),
            assessment=SelfAssessment(**(claim or {})),
        ),
        narrative=tuple(Section(key=key, title="章节", text=words) for key, words in (text or {}).items()),
        **fields,
    )


def form(**parts: Any) -> Dossier:
    """The same from the forms: what is blank was left blank."""
    return d(coverage=EVERYTHING, **parts)


def t(table: str, total: dict[str, str] | None = None, **rows: dict[str, str]) -> dict[str, Any]:
    """One table of Money, amounts in 万元."""
    return {table: make_table(table, total=total, **rows)}


def spending(
    budget: str | None, actual: str | None, initial: str | None = None, **more: Any
) -> dict[str, Any]:
    """Only the totals of expenditure."""
    columns = {"full_budget": budget, "actual": actual, "initial_budget": initial}
    stated = {name: value for name, value in columns.items() if value is not None}
    return t("expenditure", total=stated, **more)


def ind(
    name: str = "宣传活动场次",
    target: str | None = "≥4场",
    actual: str | None = "4场",
    weight: str | None = None,
    own: str | None = None,
    level2: str = "数量指标",
    level1: str = "",
    **fields: Any,
) -> Indicator:
    return Indicator(
        key=fields.pop("key", "i1"),
        level1=level1,
        level2=level2,
        name=name,
        target=target,
        actual=actual,
        weight=None if weight is None else Decimal(weight),
        self_score=None if own is None else Decimal(own),
        **fields,
    )


def found(code: str, dossier: Dossier, **context: Any) -> list[Finding]:
    """What one rule finds."""
    policy = load_policy()
    card = score(dossier.profile, dossier.money, dossier.indicators, policy)
    return run_checks(
        Context(dossier=dossier, scorecard=card, policy=policy, **context), checks=[CODES[code]]
    )


def levels(code: str, dossier: Dossier, **context: Any) -> list[tuple[str, str]]:
    """Level and place of what one rule finds, in the order of the rule."""
    return [(finding.level.value, finding.where) for finding in found(code, dossier, **context)]


__all__ = ["CODES", "EXCERPT", "d", "form", "found", "ind", "levels", "spending", "t", "yuan"]
