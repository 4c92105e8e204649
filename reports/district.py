"""Figures of the round's other departments, for the rules that compare (本区各单位): two queries, however many there are."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from functools import lru_cache

from django.db.models import Q, QuerySet

from budgets.models import Line
from budgets.tables import TOTAL
from indicators.models import Indicator
from reports.checks.support.around import District, per_head
from reports.checks.support.values import read_percentage
from reports.choices import Status
from reports.models import Report
from reports.prepared import Prepared, Row

NOT_COUNTED = (Status.DRAFT, Status.CANCELLED)
MEASURES = {("running_costs", TOTAL): "running_costs", ("expenditure", "basic"): "basic"}


ROUND, PROFILE = -(10**15), -(10**15) - 1
"""Stand for a round's and a profile's key in the prepared queries."""


def _others(round_: int, profile: int) -> Q:
    others = Q(profile__report__round=round_) & ~Q(profile__report__status__in=NOT_COUNTED)
    return others & ~Q(profile=profile) & Q(profile__nil_reason=None)


def _amounts(round_: int, profile: int) -> QuerySet:
    wanted = Q(table="running_costs", key=TOTAL) | Q(table="expenditure", key="basic")
    rows = Line.objects.filter(_others(round_, profile), wanted)
    return rows.values_list("table", "key", "actual", "profile__staff_on_posts")


def _rates(round_: int, profile: int) -> QuerySet:
    satisfaction = Q(name__contains="满意度") | Q(level2__contains="满意")
    rows = Indicator.objects.filter(
        _others(round_, profile), satisfaction, project=None, not_applicable=False
    )
    return rows.exclude(actual="").values_list("profile", "actual")


AMOUNTS, RATES = Prepared([ROUND, PROFILE], _amounts), Prepared([ROUND, PROFILE], _rates)


def district_of(report: Report) -> District:
    """The other reports of the round that their units have certified or sent."""
    keys = report.round_id, report.profile_id
    return _district(AMOUNTS.raw(*keys), RATES.raw(*keys))


@lru_cache(maxsize=128)
def _district(amount_rows: tuple[Row, ...], rate_rows: tuple[Row, ...]) -> District:
    """The figures of the rows that were read: a function of nothing else."""
    amounts: dict[str, list[tuple[Decimal | None, int | None]]] = defaultdict(list)
    for table, key, actual, staff in AMOUNTS.read(amount_rows):
        amounts[MEASURES[table, key]].append((actual, staff))
    stated: dict[int, list[bool]] = defaultdict(list)
    for profile, actual in RATES.read(rate_rows):
        rate = read_percentage(actual)
        if rate is not None:
            stated[profile].append(rate.fraction == 1)
    return District(
        per_head={measure: per_head(values) for measure, values in amounts.items()},
        satisfied=sum(all(full) for full in stated.values()),
        surveyed=len(stated),
    )
