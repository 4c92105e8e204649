"""A round of many units for tests of the overview: rows with figures as the workflow stores them, nothing random."""

from __future__ import annotations

import datetime
from decimal import Decimal
from itertools import cycle

from departments.models import AnnualProfile, Department
from reports.choices import Status
from reports.models import FindingCount, Report, Round
from tests.db import make_region, make_round

STATES = (
    Status.DRAFT,
    Status.CERTIFIED,
    Status.DEPARTMENT_REVIEW,
    Status.SUBMITTED,
    Status.RETURNED,
    Status.APPROVED,
    Status.PUBLISHED,
    Status.CANCELLED,
)
# Lengths without a common divisor, so that every figure meets every state.
SCORES = ("96.5", "88.25", "91", "79.9", None, "55", "90")
GAPS = ("0", "12", "-0.5", "1", "5", "10", "-6", "1.01", None, "-3", "7", "2", "0.5")
RATES = ("0.42", "0.5", "0.8", "0.95", "1", "1.2", None, "0.799999", "0.99", "1.000001", "0.93")
BUDGETS = ("1000000", "2500000.5", None, "880000", "12000000")
FIGURES_AT = datetime.datetime(2024, 6, 1, tzinfo=datetime.UTC)


def grade(score: Decimal | None) -> str:
    """By the default policy's cut-offs."""
    if score is None:
        return ""
    return next(name for name, least in (("优", 90), ("良", 80), ("中", 60), ("差", 0)) if score >= least)


def make_units(count: int, *, main: int = 4, year: int = 2023, **round_fields: object) -> Round:
    """A round with ``count`` reports in every state, under ``main`` main departments (which report too)."""
    region = make_region()
    round_ = make_round(year, region=region, **round_fields)
    taken = Department.objects.count()
    parents = Department.objects.bulk_create(
        Department(region=region, name=f"示例区第{taken + number}局", budget_code=f"{number:03}000")
        for number in range(main)
    )
    units = Department.objects.bulk_create(
        Department(
            region=region,
            name=f"示例区第{taken + number}中心",
            parent=parents[number % main],
            budget_code=f"{number % main:03}{number:05}",
        )
        for number in range(main, count)
    )
    departments = [*parents, *units]
    profiles = AnnualProfile.objects.bulk_create(
        AnnualProfile(department=department, year=year) for department in departments
    )
    rows = zip(
        profiles, cycle(STATES), cycle(SCORES), cycle(GAPS), cycle(RATES), cycle(BUDGETS), strict=False
    )
    reports = Report.objects.bulk_create(_report(round_, number, *row) for number, row in enumerate(rows))
    FindingCount.objects.bulk_create(
        FindingCount(
            report=report,
            code=code,
            kind=kind,
            level=level,
            count=1 + number % 3,
            message=f"第{number}份的问题",
        )
        for number, report in enumerate(reports)
        if number % 5 < 2
        for code, kind, level in (
            ("table-sum", "sum", "warning"),
            ("over-execution", "ratio", "hint" if number % 2 else "off"),
        )
    )
    return round_


def _report(round_: Round, number: int, profile, status, score, gap, rate, budget) -> Report:
    own = None if score is None else Decimal(score)
    apart = None if gap is None or own is None else Decimal(gap)
    computed = None if apart is None else own - apart
    amount = None if budget is None else Decimal(budget)
    ratio = None if rate is None or amount is None else Decimal(rate)
    return Report(
        profile=profile,
        round=round_,
        status=status,
        extended_until=datetime.date(2099, 12, 31) if number % 11 == 0 else None,
        shown_self_score=own,
        shown_score=computed,
        shown_gap=apart,
        shown_grade=grade(own),
        shown_system_grade=grade(computed),
        reviewed_score=own - 2 if own is not None and status == Status.APPROVED else None,
        shown_budget=amount,
        shown_rate=ratio,
        shown_spent=None if ratio is None else round(amount * ratio, 2),
        shown_targets=number % 7,
        shown_targets_met=max(0, number % 7 - number % 3),
        shown_all_satisfied=(None, True, False)[number % 3],
        shown_running_per_head=Decimal(20000 + number * 10 if number % 9 else 90000),
        shown_basic_per_head=None if number % 3 else Decimal(150000 + number),
        figures_at=FIGURES_AT,
    )
