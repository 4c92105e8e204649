"""The checks: ``run(dossier, …)`` finds what does not hold in a report, as a careful auditor would."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping

from indicators.approved import Approved
from indicators.policy import Policy
from indicators.scoring import score
from indicators.scoring.scorecard import Scorecard
from reports.checks.registry import Check, Context, all_checks, check, run_checks
from reports.checks.support.around import Copied, District
from reports.checks.support.words import Function, functions
from reports.dossier import Dossier
from reports.findings import Finding, Level
from reports.outline import Outline

__all__ = ["Check", "Context", "all_checks", "check", "run"]

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")


def run(
    dossier: Dossier,
    *,
    policy: Policy,
    scorecard: Scorecard | None = None,
    prior: Dossier | None = None,
    approved: Approved | None = None,
    region_departments: tuple[str, ...] = (),
    lexicon: tuple[Function, ...] | None = None,
    outline: Outline | None = None,
    district: District | None = None,
    copies: tuple[Copied, ...] = (),
    levels: Mapping[str, Level] | None = None,
) -> list[Finding]:
    """Findings on a dossier under a policy; the scorecard is computed when it is not given.

    None on a nil report (零报告): it states nothing that could contradict itself, and whether its reason holds is for
    the head and the bureau to judge.
    """
    if dossier.nil:
        return []
    card = scorecard or score(dossier.profile, dossier.money, dossier.indicators, policy)
    return run_checks(
        Context(
            dossier=dossier,
            scorecard=card,
            policy=policy,
            prior=prior,
            approved=approved,
            region_departments=region_departments,
            lexicon=functions() if lexicon is None else lexicon,
            outline=outline,
            district=district,
            copies=copies,
        ),
        levels=levels,
    )
