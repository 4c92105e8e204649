"""Score and findings of one stored report: the one place where dossier, policy, outline and history come together."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from typing import NamedTuple

from django.db.models.functions import Right
from django.utils import timezone

from budgets.money import round_half_up
from budgets.tables import TOTAL, Column
from departments.models import AnnualProfile, Department
from indicators.approved import Approved
from indicators.models import ApprovedTargets
from indicators.policy import Policy
from indicators.scoring import score
from indicators.scoring.engine import EXECUTION
from indicators.scoring.scorecard import Scorecard
from reports import checks
from reports.checks.other_unit_name import SECTIONS
from reports.checks.support.around import Copied, District
from reports.checks.support.sheets import is_satisfaction
from reports.checks.support.text import TextView
from reports.checks.support.values import read_percentage
from reports.checks.support.words import Function
from reports.copies import copied
from reports.district import district_of
from reports.dossier import Dossier
from reports.findings import Finding, Level
from reports.levels import levels_of
from reports.lexicons import lexicon_of
from reports.models import Report, Waiver
from reports.outline import Outline
from reports.outlines import outline_of
from reports.policies import policy_of
from reports.prepared import MARK, Prepared, Same
from reports.take import KEPT, Facts, take

RATE_STEP = Decimal("0.000001")


@dataclass(frozen=True)
class Evaluation:
    """A dossier with everything computed from it. Findings that the bureau waived are kept apart."""

    dossier: Dossier
    outline: Outline
    policy: Policy
    scorecard: Scorecard
    findings: tuple[Finding, ...]
    waived: tuple[Finding, ...] = ()
    approved: ApprovedTargets | None = None
    """The version of the approved targets that the findings compare with."""
    prior: Dossier | None = None
    """Last year's dossier of the department, which the findings compare with."""

    @cached_property
    def explained(self) -> dict[str, str]:
        """The unit's explanations by :attr:`~reports.findings.Finding.key`."""
        return {item.finding: item.text for item in self.dossier.explanations if item.text.strip()}

    @property
    def errors(self) -> list[Finding]:
        """Findings that stop certification."""
        return [finding for finding in self.findings if finding.level is Level.ERROR]

    @property
    def unexplained(self) -> list[Finding]:
        """Warnings that the unit has not explained yet."""
        return [
            finding
            for finding in self.findings
            if finding.level is Level.WARNING and finding.key not in self.explained
        ]


def evaluate(report: Report, facts: Facts | None = None) -> Evaluation:
    """Evaluate a report as it stands in the database, with last year's dossier, the approved targets, the region's
    departments, levels and figures, and the passages that others share. ``facts`` are its rows, where they are known."""
    return evaluate_dossier(report, take(report.profile, outline_of(report.round), facts))


def evaluate_dossier(report: Report, dossier: Dossier) -> Evaluation:
    """Evaluate a dossier of the report, such as a frozen one, by what the round and the region go by today."""
    policy, outline = policy_of(report.round), outline_of(report.round)
    profile = report.profile
    prior = _prior(profile, outline)
    approved = approved_of(profile.department_id, profile.year)
    region = profile.department.region_id
    question = _Question(
        Same(dossier),
        Same(policy),
        Same(outline),
        Same(prior),
        approved.approved if approved else None,
        _names_like(dossier, region),
        lexicon_of(region),
        Same(district_of(report)),
        copied(report, outline),
        tuple(sorted(levels_of(region).items())),
        Same(checks.all_checks()),
    )
    card, findings = _answer(question)
    released = {code for (code,) in RELEASED(report.pk)}
    return Evaluation(
        dossier=dossier,
        outline=outline,
        policy=policy,
        scorecard=card,
        findings=tuple(finding for finding in findings if finding.code not in released),
        waived=tuple(finding for finding in findings if finding.code in released),
        approved=approved,
        prior=prior,
    )


class _Question(NamedTuple):
    """All that score and findings depend on. What is the same question has the same answer, so it is kept; a question is
    put together anew from the database each time, whichever process wrote there."""

    dossier: Same[Dossier]
    policy: Same[Policy]
    outline: Same[Outline]
    prior: Same[Dossier | None]
    approved: Approved | None
    names: tuple[str, ...]
    lexicon: tuple[Function, ...]
    district: Same[District]
    copies: tuple[Copied, ...]
    levels: tuple[tuple[str, Level], ...]
    rules: Same[tuple[checks.Check, ...]]


@lru_cache(maxsize=KEPT)
def _answer(question: _Question) -> tuple[Scorecard, tuple[Finding, ...]]:
    dossier, policy = question.dossier.item, question.policy.item
    card = score(dossier.profile, dossier.money, dossier.indicators, policy)
    findings = checks.run(
        dossier,
        policy=policy,
        scorecard=card,
        prior=question.prior.item,
        approved=question.approved,
        region_departments=question.names,
        lexicon=question.lexicon,
        outline=question.outline.item,
        district=question.district.item,
        copies=question.copies,
        levels=dict(question.levels),
    )
    return card, tuple(findings)


def _prior(profile: AnnualProfile, outline: Outline) -> Dossier | None:
    """Last year's dossier of the department; mostly there is none, and then one short query says so."""
    keys = BEFORE(profile.department_id, profile.year - 1)
    if not keys:
        return None
    joined = AnnualProfile.objects.select_related("department__region", "department__parent")
    return take(joined.get(pk=keys[0][0]), outline)


def _names_like(dossier: Dossier, region: int) -> tuple[str, ...]:
    """Names of the region's departments in use that may stand in the text: their last three characters do.

    The rule looks for a name with or without the region's own in front, never for fewer than three characters. So it
    misses none, and a text costs the same in a region of 300 departments and of 300,000.
    """
    ends = _ends(Same(dossier))
    # A query is prepared for some numbers of ends: the last one is asked for again until the next such number.
    size = max(64, 1 << (len(ends) - 1).bit_length()) if ends else 0
    return (
        tuple(name for (name,) in _by_end(size)(region, *ends, *[ends[-1]] * (size - len(ends))))
        if ends
        else ()
    )


@lru_cache(maxsize=KEPT)
def _ends(dossier: Same[Dossier]) -> tuple[str, ...]:
    """Every three characters of the text in which the rule looks for names."""
    whole = "\n".join(sentence.text for sentence in TextView(dossier.item).in_sections(*SECTIONS))
    return tuple(sorted({whole[start : start + 3] for start in range(len(whole) - 2)}))


@cache
def _by_end(size: int) -> Prepared:
    marks = [f"\ue000{number}" for number in range(size)]
    rows = Department.objects.annotate(ending=Right("name", 3))
    return Prepared(
        [MARK, *marks],
        lambda region, *ends: rows.filter(region=region, is_active=True, ending__in=ends).values_list("name"),
    )


YEAR = 32_001
"""Stands for a year: it must be one that the column can hold."""
RELEASED = Prepared([MARK], lambda report: Waiver.objects.filter(report=report).values_list("code"))
BEFORE = Prepared(
    [MARK, YEAR],
    lambda department, year: AnnualProfile.objects.filter(department=department, year=year).values_list("pk"),
)
NEWEST = Prepared(
    [MARK, YEAR],
    lambda department, year: (
        ApprovedTargets.objects.filter(department=department, year=year)
        .order_by("-number")
        .values_list("pk")[:1]
    ),
)


def approved_of(department: int, year: int) -> ApprovedTargets | None:
    """The approved targets that hold for a department's year."""
    keys = NEWEST(department, year)
    return ApprovedTargets.objects.get(pk=keys[0][0]) if keys else None


def remember(report: Report, evaluation: Evaluation) -> None:
    """Keep on the report what lists and the district's overview show of it, so that neither scores anything."""
    card = evaluation.scorecard
    shown = {
        "shown_score": card.score,
        "shown_self_score": card.self_score,
        "shown_grade": card.self_grade,
        "open_errors": len(evaluation.errors),
        "open_warnings": len(evaluation.unexplained),
        "all_warnings": sum(finding.level is Level.WARNING for finding in evaluation.findings),
        **figures(evaluation.dossier, card),
        "figures_at": timezone.now(),
    }
    Report.objects.filter(pk=report.pk).update(**shown)
    for name, value in shown.items():
        setattr(report, name, value)


def kept_findings(evaluation: Evaluation) -> list[dict]:
    """Findings as a submission keeps them: a waived one is kept as switched off, for it was found and did not count."""
    waived = [finding.model_copy(update={"level": Level.OFF}) for finding in evaluation.waived]
    return [finding.model_dump(mode="json") for finding in (*evaluation.findings, *waived)]


def figures(dossier: Dossier, card: Scorecard) -> dict[str, object]:
    """The report's columns that a district adds up: 元, fractions, counts; ``None`` is not stated or not computable.

    A rate is kept to six places, so that 100.00004 % is not taken for overspending. Only the department's own
    indicators count, not those of its projects; 预算执行率 is no target.
    """
    judged = [line for line in card.lines if line.key != EXECUTION and line.outcome in ("met", "unmet")]
    money, rate = dossier.money, dossier.money.execution_rate
    self_score = card.self_score
    return {
        "shown_system_grade": card.grade,
        "shown_gap": None if self_score is None or card.score is None else self_score - card.score,
        "shown_budget": money.budget,
        "shown_spent": money.spent,
        "shown_rate": None if rate is None else round_half_up(rate, RATE_STEP),
        "shown_targets": len(judged),
        "shown_targets_met": sum(line.outcome == "met" for line in judged),
        "shown_all_satisfied": _all_satisfied(dossier),
        "shown_running_per_head": _per_head(dossier, "running_costs", TOTAL),
        "shown_basic_per_head": _per_head(dossier, "expenditure", "basic"),
    }


def _per_head(dossier: Dossier, table: str, row: str) -> Decimal | None:
    amount, staff = dossier.money.table(table).amount(row, Column.ACTUAL), dossier.profile.staff_on_posts
    return None if amount is None or not staff else round_half_up(amount / staff)


def _all_satisfied(dossier: Dossier) -> bool | None:
    """Whether every satisfaction rate of the department's table is 100 %; ``None`` where none is stated."""
    stated = [
        rate.fraction
        for item in dossier.indicators.indicators
        if not item.not_applicable and is_satisfaction(item)
        if (rate := read_percentage(item.actual)) is not None
    ]
    return all(fraction == 1 for fraction in stated) if stated else None
