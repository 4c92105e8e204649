"""Figures of the round's other departments, for the rules that compare (本区各单位): two queries, however many there are."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from django.db.models import Q

from budgets.models import Line
from budgets.tables import TOTAL
from indicators.models import Indicator
from reports.checks.support.around import District, per_head
from reports.checks.support.values import read_percentage
from reports.choices import Status
from reports.models import Report

NOT_COUNTED = (Status.DRAFT, Status.CANCELLED)
MEASURES = {("running_costs", TOTAL): "running_costs", ("expenditure", "basic"): "basic"}


def district_of(report: Report) -> District:
    """The other reports of the round that their units have certified or sent."""
    others = Q(profile__report__round=report.round_id) & ~Q(profile__report__status__in=NOT_COUNTED)
    others &= ~Q(profile=report.profile_id) & Q(profile__nil_reason=None)
    amounts: dict[str, list[tuple[Decimal | None, int | None]]] = defaultdict(list)
    wanted = Q(table="running_costs", key=TOTAL) | Q(table="expenditure", key="basic")
    for table, key, actual, staff in Line.objects.filter(others, wanted).values_list(
        "table", "key", "actual", "profile__staff_on_posts"
    ):
        amounts[MEASURES[table, key]].append((actual, staff))
    stated: dict[int, list[bool]] = defaultdict(list)
    rows = Indicator.objects.filter(others, project=None, not_applicable=False).exclude(actual="")
    satisfaction = Q(name__contains="满意度") | Q(level2__contains="满意")
    for profile, actual in rows.filter(satisfaction).values_list("profile", "actual"):
        rate = read_percentage(actual)
        if rate is not None:
            stated[profile].append(rate.fraction == 1)
    return District(
        per_head={measure: per_head(values) for measure, values in amounts.items()},
        satisfied=sum(all(full) for full in stated.values()),
        surveyed=len(stated),
    )
