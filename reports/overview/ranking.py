"""The units of a round ordered by one of their figures (排名), and the list behind every figure of the overview."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, Q, Value, When
from django.db.models.functions import Coalesce

from departments.models import User
from reports.choices import Status
from reports.models import Report, Round
from reports.overview.figures import reports_of, usual_of
from reports.overview.slices import DUE, IS_SENT, SENT, Part, parts_of
from reports.policies import policy_of
from reports.querysets import ReportQuerySet


@dataclass(frozen=True)
class Order:
    """One way of ranking."""

    key: str
    label: str
    field: str


ORDERS = (
    Order("final", "最终得分（有复核得分的用复核得分）", "final_score"),
    Order("self", "自评得分", "shown_self_score"),
    Order("system", "系统评分", "shown_score"),
    Order("reviewed", "复核得分", "reviewed_score"),
    Order("gap", "自评得分比系统评分高出的分数", "shown_gap"),
    Order("rate", "预算执行率", "shown_rate"),
)
FINAL = Coalesce("reviewed_score", "shown_self_score")
"""最终得分: what the bureau found, else what the unit states."""
WAITING = Case(When(IS_SENT, then=Value(0)), default=Value(1))
"""1 for what was not delivered: its figures are a draft's and stand in no ranking."""


@dataclass(frozen=True)
class Choice:
    """What the page was asked for; anything unknown is as if it had not been asked."""

    order: Order
    ascending: bool
    part: Part | None
    status: Status | None
    main: int | None

    @property
    def narrowed(self) -> bool:
        return bool(self.part or self.status or self.main)


def choice_of(asked: Any, parts: dict[str, Part]) -> Choice:
    """Read the page's query parameters ``by``, ``up``, ``show``, ``status`` and ``main``."""
    by, status, main = asked.get("by", ""), asked.get("status", ""), asked.get("main", "")
    return Choice(
        order=next((order for order in ORDERS if order.key == by), ORDERS[0]),
        ascending=asked.get("up", "") == "1",
        part=parts.get(asked.get("show", "")),
        status=Status(status) if status in Status.values else None,
        main=int(main) if main.isascii() and main.isdecimal() and len(main) < 16 else None,
    )


def parts_by_key(user: User, round_: Round) -> dict[str, Part]:
    """Every part of the round's divisions by its key."""
    usual = usual_of(reports_of(user, round_).filter(DUE))
    return {part.key: part for part in parts_of(policy_of(round_), usual)}


def ranked(user: User, round_: Round, choice: Choice) -> ReportQuerySet:
    """The chosen reports in the chosen order; those without the figure, then those not delivered come last."""
    every = reports_of(user, round_).annotate(final_score=FINAL, waiting=WAITING)
    field = choice.order.field
    listed = every.filter(status=choice.status) if choice.status else every.filter(DUE)
    if choice.part:
        listed = listed.filter(choice.part.where)
    if choice.main:
        listed = listed.filter(
            Q(profile__department=choice.main, profile__department__parent=None)
            | Q(profile__department__parent=choice.main)
        )
    order = F(field).asc(nulls_last=True) if choice.ascending else F(field).desc(nulls_last=True)
    return listed.with_context().order_by("waiting", order, "profile__department__name", "pk")


def ranks(user: User, round_: Round, choice: Choice, rows: Iterable[Report]) -> dict[int, int]:
    """Rank of these reports among all delivered ones that have the figure, highest first, by their key; one query.

    Equal figures share a rank and the next is skipped. Whatever narrows the list does not change a rank.
    """
    field = choice.order.field
    figures = {row.pk: getattr(row, field) for row in rows if row.status in SENT}
    different = sorted({figure for figure in figures.values() if figure is not None})
    if not different:
        return {}
    above = (
        reports_of(user, round_)
        .filter(IS_SENT)
        .annotate(final_score=FINAL)
        .aggregate(
            **{
                f"above_{place}": Count("pk", filter=Q(**{f"{field}__gt": figure}))
                for place, figure in enumerate(different)
            }
        )
    )
    rank = {figure: above[f"above_{place}"] + 1 for place, figure in enumerate(different)}
    return {key: rank[figure] for key, figure in figures.items() if figure is not None}
