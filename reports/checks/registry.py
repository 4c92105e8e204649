"""Registry and runner of the checks (核对规则): one rule a file, pure functions of the frozen dossier.

A rule is a generator function ``(context) -> Iterator[Finding]`` marked by :func:`check`. It does no query,
reads no clock
and no settings: everything it may know is in :class:`Context`. A rule never raises outside: :func:`run`
turns a fault
into one finding and goes on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property

from indicators.approved import Approved
from indicators.policy import Policy
from indicators.scoring.scorecard import Scorecard
from reports.checks.support.around import Copied, District
from reports.checks.support.sheets import SheetView, make_sheets
from reports.checks.support.text import TextView
from reports.checks.support.words import Function, functions
from reports.dossier import EVERYTHING, Covers, Dossier
from reports.findings import KINDS, Evidence, Finding, Level
from reports.outline import Outline

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Context:
    """What a rule may look at."""

    dossier: Dossier
    scorecard: Scorecard
    policy: Policy
    prior: Dossier | None = None
    """Last year's dossier of the same department."""
    approved: Approved | None = None
    """Targets as approved with the budget; ``None`` where none were imported."""
    region_departments: tuple[str, ...] = ()
    """Names of the region's departments, for finding another unit's name."""
    lexicon: tuple[Function, ...] = field(default_factory=functions)
    """Government functions: the shipped ones, with the words that the region added."""
    outline: Outline | None = None
    """The bureau's outline of the year; without one, the shipped outline that fits the text best."""
    district: District | None = None
    """Figures of the round's other departments."""
    copies: tuple[Copied, ...] = ()
    """Passages that other departments' reports share (:mod:`reports.copies`)."""

    @cached_property
    def text(self) -> TextView:
        """The narrative, analysed once for all rules."""
        return TextView(self.dossier)

    @cached_property
    def sheets(self) -> tuple[SheetView, ...]:
        """The self-evaluation tables, made once for all rules."""
        return tuple(make_sheets(self))

    @property
    def complete(self) -> bool:
        """Whether the source contains every part, as the forms do: then what is blank was left blank."""
        return self.dossier.covers(*EVERYTHING)


Rule = Callable[[Context], Iterator[Finding]]


@dataclass(frozen=True)
class Check:
    """One registered rule with what people may know of it."""

    code: str
    kind: str
    level: Level
    title: str
    """What it looks for, in Chinese, as shown in the rule list."""
    source: str
    """Document and clause, or ``核对惯例`` (local practice)."""
    rule: Rule
    needs: frozenset[Covers] = field(default_factory=frozenset)
    """Parts that the source must contain; otherwise the rule stays silent."""
    version: int = 1
    """Raised when the rule answers otherwise than before, so that reports checked by the old one can be told."""

    def finding(
        self,
        where: str,
        message: str,
        *,
        evidence: Iterable[Evidence] = (),
        fix: str = "",
        level: Level | None = None,
    ) -> Finding:
        """A finding of this rule; ``level`` only where the rule itself grades (sum off by rounding is a
        hint).
        """
        return Finding(
            kind=self.kind,
            code=self.code,
            level=level or self.level,
            where=where,
            message=message,
            evidence=tuple(evidence),
            fix=fix,
        )


_CHECKS: dict[str, Check] = {}


def check(
    code: str,
    *,
    kind: str,
    level: Level,
    title: str,
    source: str = "核对惯例",
    needs: Iterable[Covers] = (),
    version: int = 1,
) -> Callable[[Callable[[Check, Context], Iterator[Finding]]], Check]:
    """Register the decorated function ``(check, context)`` as the rule ``code``.

    Raises :class:`ValueError` for a kind outside the closed list or a code used twice.
    """

    def register(function: Callable[[Check, Context], Iterator[Finding]]) -> Check:
        if kind not in KINDS:
            raise ValueError(f"unknown kind {kind!r} in check {code!r}")
        if code in _CHECKS:
            raise ValueError(f"check {code!r} registered twice")
        made = Check(
            code=code,
            kind=kind,
            level=level,
            title=title,
            source=source,
            needs=frozenset(needs),
            version=version,
            rule=lambda context: function(made, context),
        )
        _CHECKS[code] = made
        return made

    return register


def all_checks() -> tuple[Check, ...]:
    """Every registered rule, by code."""
    return _in_order(len(_CHECKS))


@cache
def _in_order(_count: int) -> tuple[Check, ...]:
    """Rules by code; the number of registered ones tells when a new one came."""
    return tuple(item for _, item in sorted(_CHECKS.items()))


_ORDER = {Level.ERROR: 0, Level.WARNING: 1, Level.HINT: 2}


def run_checks(
    context: Context, *, levels: Mapping[str, Level] | None = None, checks: Iterable[Check] | None = None
) -> list[Finding]:
    """All findings on a dossier, errors first, then by place.

    ``levels`` overrides a rule's level by code (region's data); :attr:`Level.OFF` silences it. An override
    replaces the
    rule's own level only; what a rule itself grades lower (rounding) is never raised by it.
    """
    overrides = levels or {}
    coverage = context.dossier.coverage
    findings: list[Finding] = []
    for item in all_checks() if checks is None else checks:
        level = overrides.get(item.code, item.level)
        if level is Level.OFF or not item.needs <= coverage:
            continue
        try:
            found = list(item.rule(context))
        except Exception:
            logger.exception("check %s failed", item.code)
            findings.append(_fault(item))
            continue
        findings.extend(
            finding.model_copy(update={"level": level})
            if finding.level is item.level and level is not item.level
            else finding
            for finding in found
        )
    return sorted(findings, key=lambda finding: (_ORDER[finding.level], finding.where, finding.code))


def _fault(item: Check) -> Finding:
    return Finding(
        kind="rule-fault",
        code=item.code,
        level=Level.HINT,
        where="",
        message=f"规则未能执行：{item.title}。请把本页截图发给系统管理员，其他规则不受影响",
    )
