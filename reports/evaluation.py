"""Score and findings of one stored report: the one place where dossier, policy, outline and history come together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from departments.models import AnnualProfile, Department
from indicators.policy import Policy
from indicators.scoring import score
from indicators.scoring.scorecard import Scorecard
from reports import checks
from reports.copies import copied
from reports.district import district_of
from reports.dossier import Dossier
from reports.findings import Finding, Level
from reports.levels import levels_of
from reports.models import Report, Waiver
from reports.outline import Outline
from reports.outlines import outline_of
from reports.policies import policy_of
from reports.take import take


@dataclass(frozen=True)
class Evaluation:
    """A dossier with everything computed from it. Findings that the bureau waived are kept apart."""

    dossier: Dossier
    outline: Outline
    policy: Policy
    scorecard: Scorecard
    findings: tuple[Finding, ...]
    waived: tuple[Finding, ...] = ()

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
    """Evaluate a report as it stands in the database, with last year's dossier, the region's departments,
    levels and figures, and the passages that others share."""
    return evaluate_dossier(report, take(report.profile, outline_of(report.round)))


def evaluate_dossier(report: Report, dossier: Dossier) -> Evaluation:
    """Evaluate a dossier of the report, such as a frozen one, by what the round and the region go by today."""
    policy, outline = policy_of(report.round), outline_of(report.round)
    profile = report.profile
    prior = (
        AnnualProfile.objects.filter(department=profile.department_id, year=profile.year - 1)
        .select_related("department__region", "department__parent")
        .first()
    )
    card = score(dossier.profile, dossier.money, dossier.indicators, policy)
    findings = checks.run(
        dossier,
        policy=policy,
        scorecard=card,
        prior=take(prior, outline) if prior else None,
        region_departments=tuple(
            Department.objects.filter(region=profile.department.region_id, is_active=True).values_list(
                "name", flat=True
            )
        ),
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
    )


def remember(report: Report, evaluation: Evaluation) -> None:
    """Keep on the report what lists show of it, so that a queue of 300 rows scores nothing."""
    card = evaluation.scorecard
    shown = {
        "shown_score": card.score,
        "shown_self_score": card.self_score,
        "shown_grade": card.self_grade,
        "open_errors": len(evaluation.errors),
        "open_warnings": len(evaluation.unexplained),
        "all_warnings": sum(finding.level is Level.WARNING for finding in evaluation.findings),
    }
    Report.objects.filter(pk=report.pk).update(**shown)
    for name, value in shown.items():
        setattr(report, name, value)


def kept_findings(evaluation: Evaluation) -> list[dict]:
    """Findings as a submission keeps them: a waived one is kept as switched off, for it was found and did not count."""
    waived = [finding.model_copy(update={"level": Level.OFF}) for finding in evaluation.waived]
    return [finding.model_dump(mode="json") for finding in (*evaluation.findings, *waived)]
