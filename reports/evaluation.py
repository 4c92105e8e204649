"""Score and findings of one stored report: the one place where dossier, policy, outline and history come together."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models.functions import Right
from django.utils import timezone

from budgets.money import round_half_up
from budgets.tables import TOTAL, Column
from departments.models import AnnualProfile, Department
from indicators.models import ApprovedTargets
from indicators.policy import Policy
from indicators.scoring import score
from indicators.scoring.engine import EXECUTION
from indicators.scoring.scorecard import Scorecard
from reports import checks
from reports.checks.other_unit_name import SECTIONS
from reports.checks.support.sheets import is_satisfaction
from reports.checks.support.text import TextView
from reports.checks.support.values import read_percentage
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
from reports.take import take

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


def evaluate(report: Report) -> Evaluation:
    """Evaluate a report as it stands in the database, with last year's dossier, the approved targets, the region's
    departments, levels and figures, and the passages that others share."""
    return evaluate_dossier(report, take(report.profile, outline_of(report.round)))


def evaluate_dossier(report: Report, dossier: Dossier) -> Evaluation:
    """Evaluate a dossier of the report, such as a frozen one, by what the round and the region go by today."""
    policy, outline = policy_of(report.round), outline_of(report.round)
    profile = report.profile
    year_before = (
        AnnualProfile.objects.filter(department=profile.department_id, year=profile.year - 1)
        .select_related("department__region", "department__parent")
        .first()
    )
    prior = take(year_before, outline) if year_before else None
    approved = approved_of(profile.department_id, profile.year)
    card = score(dossier.profile, dossier.money, dossier.indicators, policy)
    findings = checks.run(
        dossier,
        policy=policy,
        scorecard=card,
        prior=prior,
        approved=approved.approved if approved else None,
        region_departments=_names_like(dossier, profile.department.region_id),
        lexicon=lexicon_of(profile.department.region_id),
        outline=outline,
        district=district_of(report),
        copies=copied(report, outline),
        levels=levels_of(profile.department.region_id),
    )
    released = set(Waiver.objects.filter(report=report).values_list("code", flat=True))
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


def _names_like(dossier: Dossier, region: int) -> tuple[str, ...]:
    """Names of the region's departments in use that may stand in the text: their last three characters do.

    The rule looks for a name with or without the region's own in front, never for fewer than three characters. So it
    misses none, and a text costs the same in a region of 300 departments and of 300,000.
    """
    whole = "\n".join(sentence.text for sentence in TextView(dossier).in_sections(*SECTIONS))
    ends = {whole[start : start + 3] for start in range(len(whole) - 2)}
    rows = Department.objects.annotate(ending=Right("name", 3))
    rows = rows.filter(region=region, is_active=True, ending__in=sorted(ends))
    return tuple(rows.values_list("name", flat=True))


def approved_of(department: int, year: int) -> ApprovedTargets | None:
    """The approved targets that hold for a department's year."""
    return ApprovedTargets.objects.filter(department=department, year=year).order_by("-number").first()


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
